import { removeExampleAccounts } from '#accounts/server/writes/me.ts'
import { removeExampleActivities } from '#activities/server/writes/review.ts'
import { removeExampleConcerns } from '#desk/server/writes.ts'
import { removeExampleGroups } from '#groups/server/writes.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { removeExampleOrganisations } from '#organisations/server/writes/decide.ts'
import { writeDown } from '#platform/server/audit.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { removeExampleSite } from '#site/server/writes.ts'
import { removeExampleStories } from '#stories/server/writes/remove-example.ts'
import { removeExampleWeeks } from '#weeks/server/writes/week.ts'

type Remove = (trx: Trx, viewer: Viewer, now: Date) => Promise<void>

/** Each room removes its own, those that refer to others before those. The site's own comes first: it refuses whoever may not. */
const rooms: readonly Remove[] = [
  removeExampleSite,
  removeExampleConcerns,
  removeExampleStories,
  removeExampleActivities,
  removeExampleGroups,
  removeExampleOrganisations,
  removeExampleWeeks,
  removeExampleAccounts,
]

/** Removes the whole example week, all or nothing; what real people wrote stays. Pressing again does no harm. */
export async function removeExample(db: Db, viewer: Viewer, _input: unknown, now: Date): Promise<void> {
  await inTransaction(db, async (trx) => {
    for (const remove of rooms) await remove(trx, viewer, now)
    await writeDown(trx, viewer, { action: 'example.removed', subject: 'site:example' })
  })
}
