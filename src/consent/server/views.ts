import { sql } from 'kysely'
import { gatesHold, gatesOf, goesBeyond, inItOf, surfaceShows } from '#consent/engine.ts'
import type { PermissionState, PlacementState } from '#consent/permission.ts'
import type { Instant, Ranges } from '#consent/ranges.ts'
import { rests } from '#consent/stewards.ts'
import { sightOf } from '#consent/sight.ts'
import type { Permission, Placement, State } from '#consent/state.ts'
import { leftOf } from '#consent/stops.ts'
import { asAnyOther, lacksOf, reasonsOf, toldAs } from '#consent/waits.ts'
import type { Scope } from '#consent/server/load.ts'
import type { Trx } from '#platform/server/db.ts'

const moment = (at: Instant): string => (Number.isFinite(at) ? new Date(at).toISOString() : '')

/** Answers moments as PostgreSQL writes a tstzmultirange: half-open, empty bounds for always. */
export const multirange = (ranges: Ranges): string =>
  `{${ranges.map(([from, to]) => `${from === -Infinity ? '(' : '['}${moment(from)},${moment(to)})`).join(',')}}`

/** Answers in which state a placement is. */
export function placementState(placement: Placement, shows: Ranges, now: Instant): PlacementState {
  if (placement.purged) return 'purged'
  if (placement.asked === null) return 'draft'
  if (placement.live === null) return 'held'
  return shows.some(([, to]) => to > now) ? 'live' : 'hidden'
}

/** Answers in which state a permission is at a moment. */
export function permissionState(state: State, permission: Permission, now: Instant): PermissionState {
  const { finals, given, suspensions, ends } = permission
  for (const final of ['withdrawn', 'declined', 'expired'] as const) if (finals.has(final)) return final
  const open = suspensions.filter(({ id }) => !state.taken.has(id))
  if (given && now >= ends) return 'expired'
  if (given && rests(state, permission.person)) return 'suspended'
  if (open.some(({ why }) => why === 'not-sure')) return 'no-answer'
  if (open.length > 0 && given) return 'suspended'
  return given ? 'given' : 'requested'
}

/** Makes the tables that others read follow from the state: when placements and surfaces may be seen, why not, and how permissions stand. */
export async function keepViews(
  trx: Trx,
  state: State,
  { surfaces, people }: Scope,
  now: Date,
): Promise<void> {
  const at = now.getTime()
  const placements: object[] = []
  const wholes: object[] = []
  for (const surface of surfaces) {
    const sight = sightOf(state, surface)
    const told = toldAs(state, surface, at)
    for (const placement of state.placed.get(surface) ?? []) {
      const gates = gatesOf(sight, placement)
      const shows = gatesHold(gates)
      const how = placementState(placement, shows, at)
      const both = {
        gates: asAnyOther(state, placement, gates),
        told: asAnyOther(state, placement, gatesOf(told.sight, placement)),
      }
      const reasons = reasonsOf(lacksOf(told.back, placement, both, at))
      const beyond = multirange(goesBeyond(sight, placement))
      const { shown, about } = inItOf(sight, placement)
      const people = [...new Set(shown.flatMap(({ person }) => person ?? []))]
      const inIt = { people, about: [...about] }
      placements.push({ id: placement.id, state: how, reasons, shows: multirange(shows), beyond, ...inIt })
    }
    const known = state.surfaces.get(surface)
    const hold = (state.holds.get(surface) ?? []).find(({ id }) => !state.taken.has(id))
    wholes.push({
      id: surface,
      kind: known?.type ?? 'story',
      circle: known?.circle ?? 5,
      not_before: known?.notBefore ? moment(known.notBefore) : null,
      shows: multirange(surfaceShows(sight)),
      locatable: sight.locatable,
      stopped: told.waits,
      by_policy: told.back,
      hold: hold?.id ?? null,
    })
  }
  await keepPlacements(trx, placements, now)
  await keepSurfaces(trx, wholes, now)
  await keepBounds(trx, surfaces, now)
  const everybody = new Set([...people, ...state.permissions.keys()])
  const permissions = [...everybody].flatMap((person) => state.permissions.get(person) ?? [])
  await keepPermissions(
    trx,
    permissions.map((permission) => {
      const scope = permission.given?.scope ?? permission.scope
      const circle = leftOf(state, permission, scope.circle, permission.about.surface)
      return { id: permission.id, state: permissionState(state, permission, at), ...scope, circle }
    }),
    now,
  )
}

async function keepPlacements(trx: Trx, rows: readonly object[], now: Date): Promise<void> {
  if (rows.length === 0) return
  await sql`
    update placements as p set state = x.state, reasons = x.reasons, shows = x.shows, beyond = x.beyond,
      people = x.people, about = x.about, changed = ${now}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as x(id uuid, state text, reasons text[], shows tstzmultirange, beyond tstzmultirange, people uuid[],
        about uuid[])
    where p.id = x.id and (p.state, p.reasons, p.shows, p.beyond, p.people, p.about)
      is distinct from (x.state, x.reasons, x.shows, x.beyond, x.people, x.about)`.execute(trx)
}

async function keepSurfaces(trx: Trx, rows: readonly object[], now: Date): Promise<void> {
  if (rows.length === 0) return
  await sql`
    insert into surfaces as f (id, kind, circle, not_before, shows, locatable, stopped, by_policy, hold, changed)
    select x.id, x.kind, x.circle, x.not_before, x.shows, x.locatable,
      case when x.stopped then ${now}::timestamptz end, x.by_policy, x.hold, ${now}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as x(id uuid, kind text, circle smallint, not_before timestamptz, shows tstzmultirange, locatable boolean,
        stopped boolean, by_policy boolean, hold uuid)
    on conflict (id) do update set
      kind = excluded.kind, circle = excluded.circle, not_before = excluded.not_before, shows = excluded.shows,
      locatable = excluded.locatable, by_policy = excluded.by_policy, hold = excluded.hold, changed = excluded.changed,
      stopped = case when excluded.stopped is null then null else coalesce(f.stopped, excluded.stopped) end`.execute(
    trx,
  )
}

/** The moments to come at which something of a surface begins or ends to be seen by itself. */
async function keepBounds(trx: Trx, surfaces: readonly string[], now: Date): Promise<void> {
  if (surfaces.length === 0) return
  const ids = sql`any(${[...surfaces]}::uuid[])`
  await sql`delete from permission_bounds where surface = ${ids}`.execute(trx)
  await sql`
    insert into permission_bounds (at, surface)
    select distinct bound, id from (
      select id, unnest(shows) as span from surfaces where id = ${ids}
      union all select surface, unnest(shows) from placements where surface = ${ids}
      union all select surface, unnest(beyond) from placements where surface = ${ids}
    ) spans, lateral (values (lower(span)), (upper(span))) as both_ends (bound)
    where bound > ${now}`.execute(trx)
}

async function keepPermissions(trx: Trx, rows: readonly object[], now: Date): Promise<void> {
  if (rows.length === 0) return
  await sql`
    update permissions as p set state = x.state, circle = x.circle, purposes = x.purposes,
      modifiers = x.modifiers, modes = x.modes, changed = ${now}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as x(id uuid, state text, circle smallint, purposes text[], modifiers text[], modes text[])
    where p.id = x.id and (p.state, p.circle, p.purposes, p.modifiers, p.modes)
      is distinct from (x.state, x.circle, x.purposes, x.modifiers, x.modes)`.execute(trx)
}
