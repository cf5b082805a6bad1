import type { Event, Id, Rules } from '#consent/events.ts'
import { sitePolicy } from '#organisations/policy.ts'

// What the second evaluator looks up: everything straight from the events, with no state in between.

export type Of<Kind extends Event['kind']> = Extract<Event, { kind: Kind }>
export const all = <Kind extends Event['kind']>(events: readonly Event[], kind: Kind): Of<Kind>[] =>
  events.filter((event): event is Of<Kind> => event.kind === kind)
export const last = <E extends Event>(found: E[]): E | undefined => found.toSorted((a, b) => b.n - a.n)[0]
export const dayLong = 86_400_000

const strict = (): Rules => ({
  ...sitePolicy,
  basis: sitePolicy.basis !== '',
  condition: sitePolicy.condition !== '',
  paperFrom: 16,
})

/** Whether the last thing that was said before a place in the log, of whether somebody has died, is that they have. */
export const isDeadAt = (events: readonly Event[], person: Id, n: number): boolean =>
  last(
    events.filter(
      (event): event is Of<'died' | 'death-mistaken'> =>
        (event.kind === 'died' || (event.kind === 'death-mistaken' && event.by !== 'site')) &&
        event.person === person &&
        event.n < n,
    ),
  )?.kind === 'died'

/** The log without what was given, agreed to or resumed for somebody after their death. */
export const withoutLateYeses = (events: readonly Event[]): Event[] =>
  events.filter((event) => {
    const yes =
      event.kind === 'given' ||
      event.kind === 'resumed' ||
      (event.kind === 'answered' && event.answer === 'yes')
    return !yes || !isDeadAt(events, event.person, event.n)
  })

export const firstPlaced = (events: readonly Event[]): Of<'placed'>[] => {
  const seen = new Set<Id>()
  return all(events, 'placed').filter(({ placement }) => !seen.has(placement) && seen.add(placement))
}

/** When this placement was last let through: asked for, or brought back by another. */
export function floor(events: readonly Event[], placed: Of<'placed'>): number {
  const asked = all(events, 'asked')
    .filter(({ placement }) => placement === placed.placement)
    .map(({ at }) => at)
  const stops = all(events, 'stopped')
    .filter((stop) => stop.placement === placed.placement && stop.surface === placed.surface)
    .map(({ stop }) => stop)
  const back = all(events, 'restored')
    .filter((event) => event.by !== placed.by && event.by !== 'site')
    .filter(
      (event) => event.placements.includes(placed.placement) || event.stops.some((id) => stops.includes(id)),
    )
    .map(({ at }) => at)
  return Math.max(asked.length === 0 ? -Infinity : Math.min(...asked), ...back)
}

export function rulesOf(events: readonly Event[], placed: Of<'placed'>, also: Id | null): Rules[] {
  const from = floor(events, placed)
  const of = (organisation: Id | null): Rules[] => {
    const versions = all(events, 'policy')
      .filter((event) => event.organisation === organisation)
      .toSorted((a, b) => a.n - b.n)
    if (versions.length === 0) return [strict()]
    let first = 0
    versions.forEach((version, at) => {
      if (version.at <= from) first = at
    })
    return versions.slice(first).map(({ rules }) => rules)
  }
  return also === null || also === placed.organisation
    ? of(placed.organisation)
    : [...of(placed.organisation), ...of(also)]
}

export function ancestors(events: readonly Event[], version: Id | null): Id[] {
  const line: Id[] = []
  for (let at = version; at !== null && !line.includes(at);) {
    line.push(at)
    at = all(events, 'version').findLast((event) => event.version === at)?.source ?? null
  }
  return line
}

const surfaceOf = (events: readonly Event[], version: Id, otherwise: Id): Id =>
  all(events, 'version').findLast((event) => event.version === version)?.surface ?? otherwise

function goodChecks(events: readonly Event[], surface: Id, version: Id | null): Of<'checked'>[] {
  return all(events, 'checked').filter((check) => {
    if (check.version !== version || (version === null && check.surface !== surface)) return false
    const said = all(events, 'said').findLast((event) => event.said === check.said)
    if (!said || said.version !== version || said.surface !== surface) return false
    const maker = all(events, 'version').findLast((event) => event.version === version)?.maker
    const posters = firstPlaced(events)
      .filter((event) => event.surface === surface && event.version === version)
      .map(({ by }) => by)
    return check.by !== 'site' && check.by !== said.by && check.by !== maker && !posters.includes(check.by)
  })
}

export type Here = {
  appearances: Of<'appears'>[]
  about: Set<Id>
  resolved: number
  ended: number
  nobody: boolean
}

/** When a name that the site found in the words of a surface was found there no more, or was said by somebody else not to be theirs. */
function unnamedAt(events: readonly Event[], found: Of<'appears'>): number {
  if (found.by !== 'site' || found.person === null || found.version !== null) return Infinity
  if (found.modes.join() !== 'name') return Infinity
  const posters = firstPlaced(events).filter(({ surface }) => surface === found.surface)
  return Math.min(
    ...all(events, 'unnamed')
      .filter(({ appearances }) => appearances.includes(found.appearance))
      .filter(({ by }) => !posters.some((placed) => placed.by === by))
      .map(({ at }) => at),
  )
}

/** When the last name of somebody was gone from the words of a surface. */
export const namelessFrom = (events: readonly Event[], surface: Id, person: Id): number =>
  Math.max(
    -Infinity,
    ...all(events, 'appears')
      .filter((event) => event.surface === surface && event.person === person)
      .map((event) => unnamedAt(events, event))
      .filter((at) => at < Infinity),
  )

/** Who is in a part at all, however it was made. */
export function whoIsHere(events: readonly Event[], surface: Id, version: Id | null): Here {
  const line: (Id | null)[] = version === null ? [null] : ancestors(events, version)
  const places = line.map((part) => ({
    part,
    on: part === null ? surface : surfaceOf(events, part, surface),
  }))
  const checks = places.map(({ part, on }) => goodChecks(events, on, part))
  const appearances = places.flatMap(({ part, on }) =>
    all(events, 'appears').filter(
      (event) => event.version === part && (part !== null || event.surface === on),
    ),
  )
  const gone = (id: Id): number =>
    Math.min(
      ...checks
        .flat()
        .flatMap((check) => (check.ends.includes(id) || check.wrong.includes(id) ? [check.at] : [])),
      ...appearances.filter(({ appearance }) => appearance === id).map((one) => unnamedAt(events, one)),
    )
  const wrong = (id: Id): boolean => checks.flat().some((check) => check.wrong.includes(id))
  const left = appearances.filter(({ appearance }) => gone(appearance) === Infinity)
  const own = checks[0] ?? []
  const latest = last(own)
  const said = all(events, 'said').findLast((event) => event.said === latest?.said)
  const endings = appearances.map(({ appearance }) => gone(appearance)).filter((at) => at < Infinity)
  return {
    appearances: left.filter((event) => event.person !== null && event.modes.length > 0),
    about: new Set(
      appearances
        .filter((event) => event.person !== null && !wrong(event.appearance))
        .map((event) => event.person ?? ''),
    ),
    resolved: left.some((event) => event.person === null)
      ? Infinity
      : Math.max(Math.min(...own.map(({ at }) => at)), ...endings),
    ended: Math.max(
      -Infinity,
      ...appearances
        .filter((event) => event.person !== null)
        .map(({ appearance }) => gone(appearance))
        .filter((at) => at < Infinity),
    ),
    nobody:
      said !== undefined &&
      (said.nobody ||
        !left.some((event) => event.modes.length > 0 && said.appearances.includes(event.appearance))),
  }
}

export function everybodyOn(events: readonly Event[], surface: Id): Map<Id, Set<string>> {
  const people = new Map<Id, Set<string>>()
  const parts = firstPlaced(events)
    .filter((event) => event.surface === surface)
    .filter((event) => !all(events, 'purged').some(({ placement }) => placement === event.placement))
    .map(({ version }) => version)
  for (const part of [...parts, null]) {
    const here = whoIsHere(events, surface, part)
    for (const person of here.about) people.set(person, people.get(person) ?? new Set())
    for (const { person, modes } of here.appearances)
      modes.forEach((mode) => people.get(person ?? '')?.add(mode))
  }
  return people
}

export const personOf = (events: readonly Event[], id: Id): Of<'person'> | undefined =>
  last(all(events, 'person').filter(({ person }) => person === id))
