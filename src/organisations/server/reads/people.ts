import type { AgeBand } from '#kernel/permission-words.ts'
import { missing } from '#kernel/refusal.ts'
import { dayOf } from '#kernel/times.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { mayReadPeople } from '#organisations/may.ts'
import { standingOf } from '#organisations/server/reads/organisations.ts'
import { bandOn, type Colour, type SupportedPerson } from '#organisations/supported.ts'
import type { Db } from '#platform/server/db.ts'

/** The most people whom one organisation can enter. */
export const mostPeople = 300

/** Answers the people whom an organisation supports, by label, in the age band of this moment; those who have parted come last. */
export async function supportedPeople(
  db: Db,
  viewer: Viewer,
  organisation: string,
  now: Date,
): Promise<SupportedPerson[]> {
  if (!mayReadPeople(viewer, await standingOf(db, viewer, organisation))) throw missing()
  const rows = await db
    .selectFrom('supportedPeople')
    .select(['id', 'label', 'colour', 'ageBand', 'nextChange', 'parted', 'revision'])
    .where('organisation', '=', organisation)
    .orderBy((on) => on('parted', 'is not', null))
    .orderBy((on) => on.fn('lower', ['label']))
    .limit(mostPeople * 2)
    .execute()
  const today = dayOf(now, 'UTC')
  return rows.map((row) => ({
    ...row,
    colour: row.colour as Colour | '',
    ...bandOn({ ageBand: row.ageBand as AgeBand, nextChange: row.nextChange }, today),
  }))
}
