import { agesAsked, decidedAt, reaches } from '#consent/ages.ts'
import { lastsTo, rulesFor } from '#consent/ceiling.ts'
import { restsUntil } from '#consent/decided.ts'
import { showsOf } from '#consent/engine.ts'
import type { Id } from '#consent/events.ts'
import { fold } from '#consent/fold.ts'
import { formOf } from '#consent/server/forms.ts'
import { linkOf, type Link } from '#consent/server/links.ts'
import { eventsOf } from '#consent/server/load.ts'
import { organisationOf, partsOf } from '#consent/server/surface.ts'
import { permissionState, placementState } from '#consent/server/views.ts'
import type { FormBody } from '#consent/form.ts'
import { holdsAt, nextChange } from '#consent/ranges.ts'
import type { PersonPage } from '#consent/standing.ts'
import type { Permission, State } from '#consent/state.ts'
import { rests } from '#consent/stewards.ts'
import { floorOf, leftOf, narrowings } from '#consent/stops.ts'
import { whoIsIn } from '#consent/who.ts'
import type { Circle } from '#kernel/permission-words.ts'
import type { Db } from '#platform/server/db.ts'

/** Answers what the holder of a link may see and is asked: what is shown, where, to whom, and until when. Null for a link that is unknown, has ended or was withdrawn, for what was taken out, and for somebody who was forgotten: all look alike. Changes nothing. */
export async function personPage(db: Db, token: string, now: Date): Promise<PersonPage | null> {
  const link = await linkOf(db, token, now)
  if (!link) return null
  const row = await db
    .selectFrom('peopleShown')
    .select(['label', 'ageBand', 'forgotten'])
    .where('id', '=', link.person)
    .executeTakeFirst()
  if (!row || row.forgotten !== null) return null
  const state = fold(await eventsOf(db, { surfaces: [link.surface], people: [link.person] }))
  const at = now.getTime()
  const all = (state.permissions.get(link.person) ?? []).filter(
    ({ about }) => about.surface === link.surface || about.surface === null,
  )
  const permissions = all.filter((permission) => !isStopped(state, permission, link))
  const stopped = permissions.length < all.length
  const placements = placementsOf(state, link, at)
  if (placements.length === 0 || isOver(state, { permissions, stopped }, link, at)) return null
  const forms = await formsOf(db, permissions)
  return {
    person: link.person,
    label: row.label,
    ageBand: row.ageBand,
    died: diedIn(state, link.person),
    part: link.part,
    surface: link.surface,
    organisation: await answersFor(db, organisationOf(state, link.surface)),
    answered: answerOf(permissions, link),
    asked: permissions.map((permission) => ({
      permission: permission.id,
      state: permissionState(state, permission, at),
      route: permission.route,
      ...(permission.given?.scope ?? permission.scope),
      widest: permission.scope.circle,
      ...howFar(state, permission, link),
      ends: new Date(endsOf(state, permission, { surface: link.surface, at })),
      form: forms.get(permission.id) ?? null,
    })),
    placements,
  }
}

const diedIn = (state: State, person: Id): PersonPage['died'] => {
  if (!state.people.get(person)?.died) return null
  return rests(state, person) ? 'rests' : 'again'
}

/** When a permission ends by itself: with its term, with the longest that the policies let it last, at the age at which they are asked again, or when what others decided is due again, whichever comes first (rules 19 and 21). */
function endsOf(state: State, permission: Permission, { surface, at }: { surface: Id; at: number }): number {
  const person = state.people.get(permission.person)
  const since = permission.given ? decidedAt(permission.given) : at
  const rules = partsOf(state, surface).flatMap((part) =>
    rulesFor(state, part, floorOf(state, part), person?.organisation ?? null),
  )
  const ages = agesAsked(rules).flatMap((age) => (person ? (reaches(person, age) ?? []) : []))
  const longest = lastsTo(rules, permission.route, permission.base)
  const rests = restsUntil(state, permission, at)
  return Math.min(permission.ends, longest, rests, ...ages.filter((moment) => moment > since))
}

/** A yes for a series, as a form on paper gives it, counts no longer here once whoever decides has said no to this surface or to all. */
const isStopped = (state: State, { about, given }: Permission, { person, surface }: Link): boolean =>
  about.surface === null &&
  (state.objections.get(person) ?? []).some(
    ({ id, whose, surface: on, version, beyond }) =>
      whose !== 'observed' &&
      beyond === null &&
      version === null &&
      (on === null || on === surface) &&
      !given?.after.includes(id),
  )

type Stand = { permissions: readonly Permission[]; stopped: boolean }

/** What was asked of somebody about this surface has ended or was withdrawn, all of it, and nothing wider holds. */
function isOver(state: State, { permissions, stopped }: Stand, { surface }: Link, at: number): boolean {
  const over = (permission: Permission): boolean =>
    ['withdrawn', 'expired'].includes(permissionState(state, permission, at))
  return (stopped || permissions.some(({ about }) => about.surface === surface)) && permissions.every(over)
}

const answerOf = (permissions: readonly Permission[], { holder }: Link): 'yes' | 'no' | null =>
  holder === ''
    ? null
    : (permissions
        .flatMap(({ answers }) => answers)
        .filter((one) => one.holder === holder)
        .at(-1)?.answer ?? null)

/** How far whoever holds a link said yes, without what was taken back since; and since when some of it was. */
function howFar(
  state: State,
  permission: Permission,
  link: Link,
): Pick<PersonPage['asked'][number], 'allowed' | 'narrowed'> {
  const said = allowedBy(permission, link)
  const allowed = said === null ? null : leftOf(state, permission, said, link.surface)
  const since = narrowings(state, permission, link.surface).map(({ at }) => at)
  return { allowed, narrowed: said === allowed ? null : new Date(Math.min(...since)) }
}

/** Of several who decide each says for themselves how far. */
const allowedBy = ({ answers, given }: Permission, { holder }: Link): Circle | null =>
  holder === ''
    ? (given?.scope.circle ?? null)
    : (answers.findLast((one) => one.holder === holder && one.answer === 'yes')?.circle ?? null)

function placementsOf(state: State, { person, surface }: Link, at: number): PersonPage['placements'] {
  return partsOf(state, surface)
    .filter((part) => whoIsIn(state, surface, part.version).about.has(person))
    .map((part) => {
      const shows = showsOf(state, part.id)
      const next = nextChange(shows, at)
      return {
        placement: part.id,
        surface,
        version: part.version,
        circle: part.circle,
        state: placementState(part, shows, at),
        shown: holdsAt(shows, at),
        until: holdsAt(shows, at) && next !== null ? new Date(next) : null,
      }
    })
}

async function formsOf(db: Db, permissions: readonly Permission[]): Promise<Map<Id, string>> {
  if (permissions.length === 0) return new Map()
  const ids = permissions.map(({ id }) => id)
  const rows = await db
    .selectFrom('permissions')
    .select(['id', 'form'])
    .where('id', 'in', ids)
    .where('form', 'is not', null)
    .execute()
  return new Map(rows.map(({ id, form }) => [id, form ?? '']))
}

async function answersFor(db: Db, organisation: Id | null): Promise<PersonPage['organisation']> {
  if (organisation === null) return null
  const row = await db
    .selectFrom('organisations as o')
    .leftJoin('policies as p', 'p.organisation', 'o.id')
    .select(['o.name', 'p.rules'])
    .where('o.id', '=', organisation)
    .orderBy('p.version', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!row) return null
  const { basis = '', condition = '' } = (row.rules ?? {}) as { basis?: string; condition?: string }
  return { name: row.name, basis, condition }
}

/** Answers the very form that was answered on somebody's page, word for word (rule 34); null when there is none. */
export async function keptForm(
  db: Db,
  input: { token: string; permission: Id },
  now: Date,
): Promise<FormBody | null> {
  const page = await personPage(db, input.token, now)
  const form = page?.asked.find(({ permission }) => permission === input.permission)?.form ?? null
  return form === null ? null : formOf(db, form)
}
