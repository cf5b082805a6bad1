import { sql } from 'kysely'
import { gatesHold, gatesOf, goesBeyond, inItOf, surfaceShows, type Gates } from '#consent/engine.ts'
import type { Id } from '#consent/events.ts'
import { holdsAt, meet, never, since, type Ranges } from '#consent/ranges.ts'
import { partsOf, stateOf } from '#consent/server/surface.ts'
import { placementState } from '#consent/server/views.ts'
import { sightOf } from '#consent/sight.ts'
import type { Light, PlacementStanding, Said, Standing, SurfaceView } from '#consent/standing.ts'
import type { Placement, State } from '#consent/state.ts'
import { openStops } from '#consent/stops.ts'
import { asAnyOther, inTime, lacksOf, reasonsOf, saidOf, toldAs } from '#consent/waits.ts'
import { finalWhys, type Why } from '#consent/why.ts'
import type { Circle } from '#kernel/permission-words.ts'
import type { Db } from '#platform/server/db.ts'

const said = (whys: readonly Why[]): Said[] => whys.map((why) => ({ key: `consent.why.${why}`, params: {} }))

/** Why something is hidden is for those who look at it; a poster sees that somebody has to. */
const forPoster = (whys: readonly Why[]): Why[] => [
  ...new Set(whys.map((why): Why => (why === 'hold' ? 'taken-down' : why))),
]

function lightOf(shows: Ranges, whys: readonly Why[], now: number): Light {
  if (shows.some(([, to]) => to > now) || whys.every((why) => inTime.includes(why))) return 'green'
  return whys.some((why) => finalWhys.includes(why)) ? 'red' : 'amber'
}

/** Answers how a surface stands and what is missing, in plain words, for its poster (whom the calling room has proven): green is shown or will be by itself, amber waits for somebody, red cannot be shown as it is. */
export async function standingOf(db: Db, surface: Id, now: Date): Promise<Standing> {
  const state = await stateOf(db, surface)
  const at = now.getTime()
  const sight = sightOf(state, surface)
  const labels = await labelsOf(db, [...sight.people.keys()])
  const told = toldAs(state, surface, at)
  const alone = partsOf(state, surface).map((placement) => {
    const gates = asAnyOther(state, placement, gatesOf(sight, placement))
    const telling = asAnyOther(state, placement, gatesOf(told.sight, placement))
    const beyond = goesBeyond(sight, placement)
    return placementStanding(
      placement,
      { gates, told: telling },
      { state, labels, at, back: told.back, beyond, nobody: inItOf(sight, placement).nobody },
    )
  })
  const shows = surfaceShows(sight)
  const rest = shows.some(([, to]) => to > at) ? null : restOf(state, surface, alone)
  const placements = rest === null ? alone : alone.map((one) => waitingFor(one, rest))
  const lights = placements.map(({ light }) => light)
  const stopped = openStops(state, surface).some(({ placement }) => placement === null)
  const next = meet(shows, since(at))[0]
  return {
    surface,
    light: lights.includes('red') ? 'red' : stopped || lights.includes('amber') ? 'amber' : 'green',
    shown: holdsAt(shows, at),
    from: next && next[0] > at ? new Date(next[0]) : null,
    until: next && next[1] < Infinity ? new Date(next[1]) : null,
    missing: stopped ? said(['taken-down']) : [],
    placements,
  }
}

/** Why what lacks nothing by itself is hidden with the whole: somebody has to bring it back after a part was taken out that had been stopped, or another part is hidden. */
function restOf(state: State, surface: Id, parts: readonly PlacementStanding[]): Why | null {
  const gone = (state.placed.get(surface) ?? []).filter(({ purged, live }) => purged && live !== null)
  const stops = openStops(state, surface)
  if (gone.some(({ id }) => stops.some(({ placement }) => placement === id))) return 'second-person'
  return parts.some(({ state: how, light }) => how === 'hidden' && light !== 'green') ? 'whole' : null
}

const waitingFor = (one: PlacementStanding, why: Why): PlacementStanding =>
  one.light === 'green' ? { ...one, light: 'amber', missing: [...one.missing, ...said([why])] } : one

type Look = {
  state: State
  labels: Map<Id, string>
  at: number
  back: boolean
  beyond: Ranges
  nobody: boolean
}

function placementStanding(
  placement: Placement,
  both: { gates: Gates; told: Gates },
  { state, labels, at, back, beyond, nobody }: Look,
): PlacementStanding {
  const shows = back ? never : gatesHold(both.gates)
  const { own, people } = lacksOf(back, placement, both, at)
  const whys = reasonsOf({ own, people })
  const light = lightOf(shows, whys, at)
  return {
    placement: placement.id,
    version: placement.version,
    circle: placement.circle,
    state: placementState(placement, shows, at),
    light,
    // Nobody's look mends what cannot be shown.
    missing: said(forPoster(light === 'red' ? own.filter((why) => why !== 'second-person') : own)),
    people: people.map((one) => ({
      person: one.person,
      label: labels.get(one.person) ?? '',
      light: lightOf([], one.whys, at),
      missing: said(saidOf(state, placement, one)),
      route: one.route,
    })),
    offerFaceless: placement.version !== null && light === 'red',
    beyond: holdsAt(beyond, at),
    nobody,
  }
}

async function labelsOf(db: Db, people: readonly Id[]): Promise<Map<Id, string>> {
  if (people.length === 0) return new Map()
  const rows = await db
    .selectFrom('peopleShown')
    .select(['id', 'label'])
    .where('id', 'in', [...people])
    .execute()
  return new Map(rows.map(({ id, label }) => [id, label]))
}

/** Answers what other rooms need to know of surfaces (at most 500), by id; one that nobody placed anything on is not in it and needs no permission. */
export async function surfacesOf(db: Db, ids: readonly Id[], now: Date): Promise<Map<Id, SurfaceView>> {
  if (ids.length === 0) return new Map()
  const wanted = ids.slice(0, 500)
  const rows = await db
    .selectFrom('surfaces as f')
    .select(['f.id', 'f.circle', 'f.hold', 'f.locatable'])
    .select(sql<boolean>`surface_shows(f.id, ${now}::timestamptz)`.as('shown'))
    .select(
      sql<Date | null>`(select min(m) from unnest(f.shows) as r, lateral (values (lower(r)), (upper(r))) as b(m)
        where m > ${now} and isfinite(m))`.as('changes'),
    )
    .where('f.id', 'in', wanted)
    .execute()
  const parts = await db
    .selectFrom('placements as p')
    .select(['p.surface', 'p.version', 'p.circle'])
    .select(sql<boolean>`version_shows(p.version, 5::smallint, ${now}::timestamptz)`.as('shown'))
    .where('p.surface', 'in', wanted)
    .where('p.version', 'is not', null)
    .where('p.state', '<>', 'purged')
    .execute()
  return new Map(
    rows.map(({ hold, circle, ...row }) => [
      row.id,
      {
        ...row,
        circle: circle as Circle,
        held: hold !== null,
        versions: parts
          .filter(({ surface }) => surface === row.id)
          .map((part) => ({ version: part.version ?? '', circle: part.circle, shown: part.shown })),
      },
    ]),
  )
}

/** Answers the next moment, before another, at which anything that anybody sees begins or ends by itself; null when there is none. What is kept of a page ends there. */
export async function nextMoment(db: Db, now: Date, before: Date): Promise<Date | null> {
  const row = await db
    .selectFrom('permissionBounds')
    .select('at')
    .where('at', '>', now)
    .where('at', '<', before)
    .orderBy('at')
    .limit(1)
    .executeTakeFirst()
  return row?.at ?? null
}
