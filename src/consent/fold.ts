import type { Event, EventKind, Id } from '#consent/events.ts'
import type { Instant } from '#consent/ranges.ts'
import { emptyState, partOf, type Final, type Person, type State } from '#consent/state.ts'

/** Answers what follows from a log. The order in which events are handed over makes no difference; what comes last is told by `n`. */
export function fold(events: readonly Event[]): State {
  const state = emptyState()
  const deaths = deathsIn(events)
  // What was asked, answered or taken back may be handed over before what it is about.
  for (const step of [things, answers] as readonly Partial<Record<EventKind, unknown>>[]) {
    for (const event of events) {
      if (!isTooLate(deaths, event)) (step[event.kind] as Folding | undefined)?.(state, event)
    }
  }
  for (const [id, said] of deaths) {
    const person = state.people.get(id)
    if (person) Object.assign(person, standsOf(said))
  }
  return state
}

/** Where in the log it stands that somebody has died, and where that this was a mistake. */
type Deaths = { said: number[]; mistaken: { n: number; at: Instant }[] }

function deathsIn(events: readonly Event[]): Map<Id, Deaths> {
  const all = new Map<Id, Deaths>()
  for (const { kind, n, at, by, ...event } of events) {
    if (kind !== 'died' && kind !== 'death-mistaken') continue
    const { person } = event as Of<'died'>
    const known = all.get(person) ?? { said: [], mistaken: [] }
    all.set(person, known)
    if (kind === 'died') known.said.push(n)
    else if (by !== 'site') known.mistaken.push({ n, at })
  }
  return all
}

function standsOf({ said, mistaken }: Deaths): Pick<Person, 'died' | 'alive'> {
  const until = Math.max(-Infinity, ...mistaken.map(({ n }) => n))
  const stands = said.filter((n) => n > until)
  const died = stands.length === 0 ? null : { first: Math.min(...stands), last: Math.max(...stands) }
  return { died, alive: mistaken.length === 0 ? null : Math.max(...mistaken.map(({ at }) => at)) }
}

/** Nothing new is given for somebody while it stands that they have died, also where that was a mistake. */
function isTooLate(deaths: Map<Id, Deaths>, event: Event): boolean {
  const gives =
    event.kind === 'given' ||
    event.kind === 'resumed' ||
    (event.kind === 'answered' && event.answer === 'yes')
  const known = gives ? deaths.get(event.person) : undefined
  if (!known) return false
  const lastOf = (all: readonly number[]): number => Math.max(-Infinity, ...all.filter((n) => n < event.n))
  return lastOf(known.said) > lastOf(known.mistaken.map(({ n }) => n))
}

type Folding = (state: State, event: Event) => void
type Of<Kind extends EventKind> = Extract<Event, { kind: Kind }>
type Step<Kinds extends EventKind> = { [Kind in Kinds]: (state: State, event: Of<Kind>) => void }

const add = <Value>(map: Map<string, Value[]>, key: string, value: Value): void => {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}

const taken = (state: State, { by, at, n }: Event, ids: readonly Id[]): void =>
  ids.forEach((id) => add(state.taken, id, { by, at, n }))

/** What comes first: things, people, what was asked, and all that stands by itself. */
const things: Step<
  Exclude<EventKind, keyof typeof answers | 'opened' | 'put-away' | 'died' | 'death-mistaken'>
> = {
  surface: (state, { surface: id, type, circle, notBefore, n }) => {
    if ((state.surfaces.get(id)?.n ?? -1) > n) return
    state.surfaces.set(id, { id, type, circle, notBefore, n })
  },
  version: (state, { version: id, surface, source, maker }) => {
    state.versions.set(id, { id, surface, source, maker, described: null })
  },
  placed: (state, event) => {
    const { placement: id, surface, version, circle, purpose, modifiers, organisation } = event
    if (state.placements.has(id)) return
    const placement = {
      id,
      surface,
      version,
      circle,
      purpose,
      modifiers,
      organisation,
      postedBy: event.by,
      placed: event.at,
      asked: null,
      live: null,
      liveAs: Infinity,
      purged: false,
    }
    state.placements.set(id, placement)
    add(state.placed, surface, placement)
  },
  appears: (state, { appearance: id, surface, version, person, modes, assent, at, by }) =>
    add(state.appearances, partOf(surface, version), { id, person, modes, assent, at, by }),
  unnamed: (state, event) => taken(state, event, event.appearances),
  said: (state, { said: id, surface, version, nobody, appearances, by, n }) => {
    state.sayings.set(id, { id, surface, version, nobody, appearances, by, n })
  },
  checked: (state, { said, surface, version, ends, wrong, by, at, n }) =>
    add(state.checks, partOf(surface, version), { said, ends, wrong, by, at, n }),
  person: (state, { person: id, organisation, band, nextChange, notLocatable, doNotShow, n }) => {
    if ((state.people.get(id)?.n ?? -1) > n) return
    const marks = { died: null, alive: null, forgotten: false }
    state.people.set(id, { id, organisation, band, nextChange, notLocatable, doNotShow, n, ...marks })
  },
  requested: (state, event) => {
    const { permission: id, person, surface, about, route, scope, starts, ends, base } = event
    if (state.asked.has(id)) return
    const asked = { id, person, surface, about, route, scope, starts, ends, base }
    const permission = { ...asked, given: null, finals: new Set<Final>(), answers: [], suspensions: [] }
    state.asked.set(id, permission)
    add(state.permissions, person, permission)
  },
  objected: (state, { objection: id, person, surface, version, whose, by, at }) =>
    add(state.objections, person ?? '', { id, surface, version, whose, by, at, beyond: null }),
  narrowed: (state, { narrowing: id, person, surface, circle: beyond, whose, by, at }) =>
    add(state.objections, person, { id, surface, version: null, whose, by, at, beyond }),
  record: (state, { record: id, person, at, n, by, facts }) =>
    add(state.records, person, { id, at, n, by, facts }),
  reviewed: (state, { record, by, at, n }) => add(state.reviews, record, { by, at, n }),
  disagreed: (state, { record, by, at, n }) => add(state.disagreed, record, { by, at, n }),
  steward: (state, { steward: id, person, by, n }) => add(state.stewards, person, { id, by, n, yes: [] }),
  stopped: (state, { stop: id, surface, placement, why, own, by, at, n }) =>
    add(state.stops, surface, { id, placement, why, own, by, at, n }),
  hold: (state, { hold: id, surface, openers, until }) => add(state.holds, surface, { id, openers, until }),
  policy: (state, { organisation, at, n, rules }) => {
    add(state.policies, organisation, { at, n, rules })
    state.policies.get(organisation)?.sort((one, other) => one.n - other.n)
  },
  restored: (state, event) => taken(state, event, [...event.stops, ...event.placements]),
  resumed: (state, event) => taken(state, event, event.suspensions),
  'objection-ended': (state, event) => taken(state, event, event.objections),
  'hold-ended': (state, event) => taken(state, event, [event.hold]),
  'record-ended': (state, event) => taken(state, event, [event.record]),
}

const finish = (state: State, { permission, kind }: Of<Final>): void =>
  void state.asked.get(permission)?.finals.add(kind)

/** What is said of things that are there by now. */
const answers = {
  asked: (state, { placement: id, at }) => {
    const placement = state.placements.get(id)
    if (placement) placement.asked = Math.min(placement.asked ?? Infinity, at)
  },
  live: (state, { placement: id, at, n }) => {
    const placement = state.placements.get(id)
    if (!placement) return
    placement.live = Math.min(placement.live ?? Infinity, at)
    placement.liveAs = Math.min(placement.liveAs, n)
  },
  purged: (state, { placement: id }) => {
    const placement = state.placements.get(id)
    if (placement) placement.purged = true
  },
  described: (state, { version: id, described: is, at, n }) => {
    const version = state.versions.get(id)
    if (version && (version.described?.n ?? -1) < n) version.described = { is, at, n }
  },
  'steward-said': (state, { steward: id, person, answer, by, n }) => {
    // It counts also where nothing is known of who said it: a backup may be older than their link.
    if (answer === 'keep-down')
      state.keptDown.set(person, Math.max(n, state.keptDown.get(person) ?? -Infinity))
    if (answer !== 'as-allowed') return
    for (const one of state.stewards.get(person) ?? []) if (one.id === id) one.yes.push({ by, n })
  },
  forgotten: (state, { person: id }) => {
    const person = state.people.get(id)
    if (person) person.forgotten = true
  },
  given: (state, { kind: _kind, permission: id, person: _person, surface: _surface, ...given }) => {
    const permission = state.asked.get(id)
    if (permission && (permission.given?.n ?? Infinity) > given.n) permission.given = given
  },
  answered: (state, { permission, holder, answer, circle, at, by }) =>
    void state.asked.get(permission)?.answers.push({ holder, answer, circle, at, by }),
  suspended: (state, { permission, suspension: id, why }) =>
    void state.asked.get(permission)?.suspensions.push({ id, why }),
  declined: finish,
  withdrawn: finish,
  expired: finish,
} satisfies Partial<{ [Kind in EventKind]: (state: State, event: Of<Kind>) => void }>
