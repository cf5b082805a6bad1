import type { AgeBand } from '#kernel/permission-words.ts'
import { missing } from '#kernel/refusal.ts'
import { addDays, dayOf, type Day } from '#kernel/times.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { mayReadPeople } from '#organisations/may.ts'
import { standingOf } from '#organisations/server/reads/organisations.ts'
import { bandOn, type SupportedPerson } from '#organisations/supported.ts'
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
    colour: row.colour,
    ...bandOn({ ageBand: row.ageBand, nextChange: row.nextChange }, today),
  }))
}

/** How far ahead an organisation hears of what runs out, days. */
export const aheadDays = 60

/** What runs out soon: a yes on paper that ends, or somebody's age band that does. */
export type RunningOut =
  | { what: 'answer'; label: string; form: string; title: string; day: Day }
  | { what: 'age'; label: string; person: string; next: AgeBand; day: Day }

/** Answers what runs out in the next 60 days, soonest first (at most 100). */
export async function runningOut(
  db: Db,
  viewer: Viewer,
  organisation: string,
  now: Date,
): Promise<RunningOut[]> {
  const people = await supportedPeople(db, viewer, organisation, now)
  const today = dayOf(now, 'UTC')
  const until = addDays(today, aheadDays)
  const answers = await db
    .selectFrom('paperAnswers as a')
    .innerJoin('paperForms as f', 'f.id', 'a.form')
    .innerJoin('supportedPeople as s', 's.id', 'a.supported')
    .select(['s.label', 'f.id as form', 'f.title', 'a.ends as day'])
    .where('f.organisation', '=', organisation)
    .where('f.ended', 'is', null)
    .where('s.parted', 'is', null)
    .where('a.answer', '=', 'yes')
    .where('a.ends', '>=', today)
    .where('a.ends', '<=', until)
    .orderBy('a.ends')
    .limit(100)
    .execute()
  const ages = people.flatMap((person): RunningOut[] => {
    const { nextChange: day, ageBand, parted, label, id } = person
    if (day === null || parted !== null || day > until) return []
    const next = bandOn({ ageBand, nextChange: day }, day).ageBand
    return [{ what: 'age', label, person: id, next, day }]
  })
  return [...answers.map((one): RunningOut => ({ what: 'answer', ...one, day: one.day ?? until })), ...ages]
    .toSorted((one, other) => one.day.localeCompare(other.day))
    .slice(0, 100)
}
