import { lineage } from '#consent/about.ts'
import { gatesOf, missingAt } from '#consent/engine.ts'
import type { Id } from '#consent/events.ts'
import { mayCheck, mayRestore } from '#consent/may.ts'
import { handsOf, standingIn } from '#consent/server/hands.ts'
import { versionsWith } from '#consent/server/questions.ts'
import { stillThere } from '#consent/server/reads/rendition.ts'
import { organisationOf, partsOf, postersIn, stateOf } from '#consent/server/surface.ts'
import { sightOf } from '#consent/sight.ts'
import type { SeenNo, ToCheck, ToRestore } from '#consent/standing.ts'
import { rests } from '#consent/stewards.ts'
import { partOf, type State } from '#consent/state.ts'
import { broughtBack, openStops } from '#consent/stops.ts'
import { isFoundName, whoIsIn } from '#consent/who.ts'
import { noWhys, type Why } from '#consent/why.ts'
import type { Mode } from '#kernel/permission-words.ts'
import { missing } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'

/** Answers who was said to be in what, for whoever may check it, by what they are called only to those who belong to who answers for it; looks like nothing is there to anybody else. */
export async function toCheck(db: Db, viewer: Viewer, said: Id): Promise<ToCheck> {
  if (!/^[0-9a-f-]{36}$/.test(said)) throw missing()
  const row = await db
    .selectFrom('sayings')
    .select(['id', 'surface', 'version', 'nobody', 'saidBy'])
    .where('id', '=', said)
    .executeTakeFirst()
  if (!row) throw missing()
  const { surface, version, nobody, saidBy } = row
  const state = await stateOf(db, surface)
  const standing = await standingIn(db, viewer, organisationOf(state, surface))
  const of = { posters: postersIn(state, surface), said: saidBy, hands: handsOf(viewer) }
  if (!mayCheck(viewer, standing, of)) throw missing()
  const appearances = await saidToBeIn(db, state, row)
  const names = version === null ? [] : namesOn(state, surface)
  const picture =
    version === null
      ? undefined
      : await db
          .selectFrom('versions')
          .select(['coveredBy', 'coverChecked'])
          .where('id', '=', version)
          .executeTakeFirst()
  const people = [...appearances, ...names].map(({ person }) => person)
  const labels = await db
    .selectFrom('peopleShown')
    .select(['id', 'label'])
    .where('id', 'in', ['00000000-0000-0000-0000-000000000000', ...people])
    .execute()
  const labelOf = (person: Id): string =>
    standing.member ? (labels.find(({ id }) => id === person)?.label ?? '') : ''
  return {
    said,
    surface,
    version,
    nobody,
    by: saidBy,
    covered: (picture?.coveredBy ?? null) !== null && picture?.coverChecked === null,
    appearances: appearances.map((one) => ({ ...one, label: labelOf(one.person) })),
    names: names.map((one) => ({ ...one, label: labelOf(one.person) })),
  }
}

type Looked = { id: Id; surface: Id; version: Id | null }

/** Who was ever said to be in something and is not found to be out of it. */
async function saidToBeIn(db: Db, state: State, { id: said, surface, version }: Looked) {
  const now = state.sayings.get(said)?.appearances ?? []
  const parts = version === null ? [partOf(surface, null)] : lineage(state, version)
  const all = parts.flatMap((part, at) =>
    (state.appearances.get(part) ?? []).flatMap(({ id, person, modes }) =>
      person === null
        ? []
        : [{ id, person, modes: modes as Mode[], source: at > 0, before: at === 0 && !now.includes(id) }],
    ),
  )
  const ended = await endedOf(
    db,
    all.map(({ id }) => id),
  )
  return all.filter(({ id }) => !ended.has(id))
}

/** The names that the site found in the words of a surface, and that stand there still. */
const namesOn = (state: State, surface: Id): { id: Id; person: Id }[] =>
  whoIsIn(state, surface, null).shown.flatMap((one) =>
    isFoundName(one) && one.person !== null ? [{ id: one.id, person: one.person }] : [],
  )

async function endedOf(db: Db, ids: readonly Id[]): Promise<Set<Id>> {
  if (ids.length === 0) return new Set()
  const rows = await db
    .selectFrom('appearances')
    .select('id')
    .where('id', 'in', [...ids])
    .where('ended', 'is not', null)
    .execute()
  return new Set(rows.map(({ id }) => id))
}

/** Answers what keeps a surface hidden, for whoever may bring it back; looks like nothing is there to anybody else, and while it is held. */
export async function toRestore(db: Db, viewer: Viewer, surface: Id, now: Date): Promise<ToRestore> {
  if (!/^[0-9a-f-]{36}$/.test(surface)) throw missing()
  const state = await stateOf(db, surface)
  const row = await db
    .selectFrom('surfaces')
    .select(['stopped', 'hold', 'open'])
    .where('id', '=', surface)
    .executeTakeFirst()
  const stops = openStops(state, surface)
  const standing = await standingIn(db, viewer, organisationOf(state, surface))
  const hiddenBy = stops.map(({ by }) => by)
  const of = { posters: postersIn(state, surface), hiddenBy, own: false, hands: handsOf(viewer) }
  if (!row?.open || row.hold !== null || !mayRestore(viewer, standing, of)) throw missing()
  const noes = await db
    .selectFrom('objections as o')
    .leftJoin('peopleShown as p', 'p.id', 'o.person')
    .select((on) => ['o.id', 'o.seen', 'o.at', 'o.ended', on.fn.coalesce('p.label', on.val('')).as('label')])
    .where('o.surface', '=', surface)
    .where('o.whose', '=', 'observed')
    .limit(100)
    .execute()
  const lacks = lacking(state, surface, now)
  // A no that was seen is told of by itself, with the way to look at it.
  const seen = noes.some(({ ended }) => ended === null)
  const open = lacks.some((why) => noWhys.includes(why) && !(seen && why === 'objection'))
  const all = partsOf(state, surface).flatMap(({ version }) => version ?? [])
  return {
    surface,
    since: row.stopped,
    stops: [...new Set(stops.map(({ why }) => why))],
    ...(await lookable(db, all)),
    noes: noes.flatMap(({ ended, ...no }) =>
      ended === null ? [{ ...no, label: standing.member ? no.label : '' }] : [],
    ),
    because: open ? 'no' : noes.some(({ ended }) => ended !== null) ? 'no-over' : null,
    family: [...state.people.values()].some(({ id, died }) => died !== null && !rests(state, id)),
    own: stops.some(({ own }) => own),
    missing: lacks.map((why) => ({ key: `consent.why.${why}`, params: {} })),
  }
}

/** What can be looked at of some versions, and how many are gone for whoever checks as well. */
async function lookable(db: Db, all: readonly Id[]): Promise<{ versions: Id[]; gone: number }> {
  const versions = await stillThere(db, all)
  return { versions, gone: all.length - versions.length }
}

/** What would be missing even if somebody brought it back. */
function lacking(before: State, surface: Id, now: Date): Why[] {
  const state = broughtBack(before, surface, now.getTime())
  const sight = sightOf(state, surface)
  const whys = partsOf(state, surface)
    .filter(({ live }) => live !== null)
    .flatMap((placement) => {
      const { own, people } = missingAt(gatesOf(sight, placement), now.getTime())
      return [...own, ...people.flatMap((one) => one.whys)]
    })
  return [...new Set(whys)]
}

/** Answers whether somebody may say that a no which was seen is over: they review, did not see it, and did not post what it is about. */
export async function mayLift(
  db: Db,
  viewer: Viewer,
  no: { surface: Id | null; byAccount: Id | null; organisation: Id | null },
): Promise<boolean> {
  const state = no.surface === null ? null : await stateOf(db, no.surface)
  const organisation = state && no.surface ? organisationOf(state, no.surface) : no.organisation
  const posters = state && no.surface ? postersIn(state, no.surface) : []
  const of = { posters, hiddenBy: [no.byAccount ?? ''], own: false, hands: handsOf(viewer) }
  return mayRestore(viewer, await standingIn(db, viewer, organisation), of)
}

/** Answers a no that was seen, for whoever may say that it is over. */
export async function seenNo(db: Db, viewer: Viewer, objection: Id): Promise<SeenNo> {
  if (!/^[0-9a-f-]{36}$/.test(objection)) throw missing()
  const row = await db
    .selectFrom('objections as o')
    .innerJoin('peopleShown as p', 'p.id', 'o.person')
    .select(['o.id', 'o.seen', 'o.at', 'o.byAccount', 'o.person', 'o.surface', 'o.version'])
    .select(['p.label', 'p.organisation'])
    .where('o.id', '=', objection)
    .where('o.whose', '=', 'observed')
    .where('o.ended', 'is', null)
    .executeTakeFirst()
  if (!row || !(await mayLift(db, viewer, row))) throw missing()
  const { id, seen, at } = row
  const of =
    row.surface === null ? row.organisation : organisationOf(await stateOf(db, row.surface), row.surface)
  const label = (await standingIn(db, viewer, of)).member ? row.label : ''
  const everywhere = row.surface === null
  const surfaces = row.surface === null ? await newestWith(db, row.person) : [row.surface]
  const on: SeenNo['on'][number][] = []
  for (const surface of surfaces.slice(0, 20)) {
    if (!(await mayLift(db, viewer, { ...row, surface })) || (await isHeldNow(db, surface))) continue
    const shown = versionsWith(await stateOf(db, surface), { person: row.person ?? '', surface })
    // The pictures that the no is about: the one it names, else all that show the person.
    const about = shown.flatMap((version) =>
      version === null || (row.version !== null && row.version !== version) ? [] : [version],
    )
    on.push({ surface, ...(await lookable(db, about)) })
  }
  return { id, seen, at, label, everywhere, surfaces: surfaces.length, on }
}

/** Where somebody is, the newest first. */
async function newestWith(db: Db, person: Id | null): Promise<Id[]> {
  if (person === null) return []
  const rows = await db
    .selectFrom('appearances')
    .select('surface')
    .where('person', '=', person)
    .groupBy('surface')
    .orderBy((on) => on.fn.max('created'), 'desc')
    .orderBy('surface')
    .execute()
  return rows.map(({ surface }) => surface)
}

const isHeldNow = async (db: Db, surface: Id): Promise<boolean> =>
  (await db
    .selectFrom('surfaces')
    .select('id')
    .where('id', '=', surface)
    .where('hold', 'is not', null)
    .executeTakeFirst()) !== undefined
