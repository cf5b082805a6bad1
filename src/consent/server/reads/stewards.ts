import { gatesHold, gatesOf } from '#consent/engine.ts'
import type { Id, StewardAnswer } from '#consent/events.ts'
import { mayNameSteward } from '#consent/may.ts'
import { holdsAt } from '#consent/ranges.ts'
import { standingIn } from '#consent/server/hands.ts'
import { partsOf, stateOf } from '#consent/server/surface.ts'
import { sightOf } from '#consent/sight.ts'
import type { State } from '#consent/state.ts'
import { shownBefore, stewardAnswers } from '#consent/stewards.ts'
import { broughtBack, openStops } from '#consent/stops.ts'
import { whoIsIn } from '#consent/who.ts'
import type { Circle } from '#kernel/permission-words.ts'
import { missing } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'
import { hashToken } from '#platform/server/tokens.ts'

const answerOf = (word: string | null): StewardAnswer | null =>
  stewardAnswers.find((one) => one === word) ?? null

export type StewardLink = {
  id: Id
  person: Id
  label: string
  answer: StewardAnswer | null
  namedBy: Id | null
}

/** Answers whom a link of somebody of a family is about, and what they said last; null for one that is unknown or has ended, and once somebody is forgotten. */
export async function stewardOf(db: Db, token: string, now: Date): Promise<StewardLink | null> {
  if (!/^[\w-]{32}$/.test(token)) return null
  const row = await db
    .selectFrom('stewards as s')
    .innerJoin('peopleShown as p', 'p.id', 's.person')
    .select(['s.id', 's.person', 's.answer', 's.namedBy', 'p.label'])
    .where('s.token', '=', hashToken(token))
    .where('s.expires', '>', now)
    .where('p.forgotten', 'is', null)
    .executeTakeFirst()
  return row ? { ...row, answer: answerOf(row.answer) } : null
}

/** One place where somebody who has died was shown. */
export type WasShown = { surface: Id; circle: Circle; versions: readonly (Id | null)[] }
export type StewardPage = StewardLink & {
  /** Somebody of the family said that it stays taken down: these words, or somebody else's. */
  kept: boolean
  places: readonly WasShown[]
}

/** Answers what somebody of a family may look at: what was shown of the person and could be again, the newest 20. Once it stays taken down there is nothing more to look at. Changes nothing. */
export async function stewardPage(db: Db, token: string, now: Date): Promise<StewardPage | null> {
  const link = await stewardOf(db, token, now)
  if (!link) return null
  const { person } = link
  const kept = await isKeptDown(db, person)
  const surfaces = kept ? [] : await newestOpen(db, person)
  const all = await Promise.all(
    surfaces.map(async (surface) => couldReturn(await stateOf(db, surface), { person, surface }, now)),
  )
  return { ...link, kept, places: all.flatMap((place) => place ?? []) }
}

/** Answers whether somebody of the family said that what a person was in stays taken down. */
export const isKeptDown = async (db: Db, person: Id): Promise<boolean> =>
  (await db
    .selectFrom('peopleShown')
    .select('id')
    .where('id', '=', person)
    .where('keptDown', 'is not', null)
    .executeTakeFirst()) !== undefined

/** Where somebody is, on what its room shows and nobody keeps for somebody's safety, the newest first. */
async function newestOpen(db: Db, person: Id): Promise<Id[]> {
  const rows = await db
    .selectFrom('appearances as a')
    .innerJoin('surfaces as f', 'f.id', 'a.surface')
    .select('a.surface')
    .where('a.person', '=', person)
    .where('f.open', '=', true)
    .where('f.hold', 'is', null)
    .groupBy('a.surface')
    .orderBy((on) => on.fn.max('a.created'), 'desc')
    .orderBy('a.surface')
    .limit(20)
    .execute()
  return rows.map(({ surface }) => surface)
}

/** What would be seen of somebody on a surface again, if only their death kept it back. */
function couldReturn(
  state: State,
  { person, surface }: { person: Id; surface: Id },
  now: Date,
): WasShown | null {
  if (openStops(state, surface).some(({ why }) => why !== 'hidden')) return null
  const at = now.getTime()
  const as = broughtBack(shownBefore(state, person), surface, at)
  const sight = sightOf(as, surface)
  const parts = partsOf(state, surface).filter(
    (part) =>
      part.liveAs < (state.people.get(person)?.died?.first ?? 0) &&
      whoIsIn(state, surface, part.version).about.has(person) &&
      holdsAt(gatesHold(gatesOf(sight, part)), at),
  )
  const [first] = parts
  return first ? { surface, circle: first.circle, versions: parts.map(({ version }) => version) } : null
}

/** Whom of a family somebody can ask, and what was answered. */
export type Stewards = {
  person: Id
  label: string
  died: boolean
  kept: boolean
  stewards: readonly { called: string; answer: StewardAnswer | null; created: Date; answered: Date | null }[]
}

/** Answers whom of somebody's family was handed a link and what they said, at most 10, for whoever may hand over another; looks like nothing is there to anybody else. */
export async function stewardsFor(db: Db, viewer: Viewer, person: Id): Promise<Stewards> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(person)) throw missing()
  const row = await db
    .selectFrom('peopleShown')
    .select(['id', 'label', 'organisation', 'died', 'keptDown'])
    .where('id', '=', person)
    .where('forgotten', 'is', null)
    .executeTakeFirst()
  if (!row || !mayNameSteward(viewer, await standingIn(db, viewer, row.organisation))) throw missing()
  const rows = await db
    .selectFrom('stewards')
    .select(['called', 'answer', 'created', 'answered'])
    .where('person', '=', person)
    .orderBy('created')
    .limit(10)
    .execute()
  const stewards = rows.map(({ answer, ...one }) => ({ ...one, answer: answerOf(answer) }))
  return {
    person,
    label: row.label,
    died: row.died !== null,
    kept: row.keptDown !== null,
    stewards,
  }
}
