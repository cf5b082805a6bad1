import type { Event, Id, Rules } from '#consent/events.ts'
import { permits } from './naive-permits.ts'
import {
  all,
  ancestors,
  dayLong,
  everybodyOn,
  firstPlaced,
  floor,
  last,
  personOf,
  rulesOf,
  whoIsHere,
  withoutLateYeses,
  type Here,
  type Of,
} from './world.ts'

// A second evaluator, written from the rule book without the engine: slow, of one moment, straight from the events.

/** Answers whether a placement may be seen together with its surface at a moment. */
export function mayBeSeen(log: readonly Event[], placement: Id, t: number): boolean {
  const events = withoutLateYeses(log)
  const placed = all(events, 'placed').find((event) => event.placement === placement)
  return placed !== undefined && alone(events, placed, t) && surfaceMayBeSeen(events, placed.surface, t)
}

/** Answers whether a surface may be seen at a moment. */
export function surfaceMayBeSeen(log: readonly Event[], surface: Id, t: number): boolean {
  const events = withoutLateYeses(log)
  const placements = firstPlaced(events).filter((event) => event.surface === surface)
  const is = (kind: 'purged' | 'live', { placement }: Of<'placed'>): boolean =>
    all(events, kind).some((event) => event.placement === placement)
  const parts = placements.filter(
    (event) => !is('purged', event) && (event.version === null || is('live', event)),
  )
  const gone = placements.filter(
    (event) => is('purged', event) && event.version !== null && is('live', event),
  )
  if (gone.some((event) => stoppedAt(events, surface, event, t))) return false
  if (stoppedAt(events, surface, null, t)) return false
  if (heldAt(events, surface, t)) return false
  const rules = parts.flatMap((part) => rulesOf(events, part, null))
  if (early(events, surface, rules, t)) return false
  return parts.every((part) => alone(events, part, t))
}

function stopOverAt(events: readonly Event[], stop: Of<'stopped'>, posters: readonly Id[]): number | null {
  if (stop.own) return null
  const restores = all(events, 'restored').filter(
    (event) =>
      event.stops.includes(stop.stop) &&
      event.by !== 'site' &&
      event.by !== stop.by &&
      !posters.includes(event.by),
  )
  return restores.length === 0 ? null : Math.min(...restores.map(({ at }) => at))
}

function stoppedAt(
  events: readonly Event[],
  surface: Id,
  placement: Of<'placed'> | null,
  t: number,
): boolean {
  const posters = placement
    ? [placement.by]
    : firstPlaced(events)
        .filter((event) => event.surface === surface)
        .map(({ by }) => by)
  return all(events, 'stopped').some((stop) => {
    if (stop.surface !== surface || stop.placement !== (placement?.placement ?? null)) return false
    const over = stopOverAt(events, stop, posters)
    return over === null || t < over
  })
}

const heldAt = (events: readonly Event[], surface: Id, t: number): boolean =>
  all(events, 'hold').some((hold) => {
    if (hold.surface !== surface) return false
    const ends = all(events, 'hold-ended').filter((end) => end.hold === hold.hold && end.by !== 'site')
    return t < Math.min(hold.until, ...ends.map(({ at }) => at))
  })

function early(events: readonly Event[], surface: Id, rules: readonly Rules[], t: number): boolean {
  const after = last(all(events, 'surface').filter((event) => event.surface === surface))?.notBefore ?? null
  const hidden = [...everybodyOn(events, surface).keys()].some((id) => personOf(events, id)?.notLocatable)
  if (!hidden) return after !== null && t < after
  const placed = firstPlaced(events).filter((event) => event.surface === surface)
  const begin = after ?? Math.min(...placed.map(({ at }) => at))
  return t < begin + Math.max(0, ...rules.map(({ delay }) => delay)) * dayLong
}

function alone(events: readonly Event[], placed: Of<'placed'>, t: number): boolean {
  const { placement, surface, version } = placed
  if (all(events, 'purged').some((event) => event.placement === placement)) return false
  if (!all(events, 'asked').some((event) => event.placement === placement)) return false
  if (t < floor(events, placed)) return false
  if (heldAt(events, surface, t)) return false
  if (stoppedAt(events, surface, null, t) || stoppedAt(events, surface, placed, t)) return false
  if (version !== null) {
    const known = all(events, 'version').some((event) => event.version === version)
    const words = last(all(events, 'described').filter((event) => event.version === version))
    if (!known || !words?.described || t < words.at) return false
  }
  const rules = rulesOf(events, placed, null)
  if (early(events, surface, rules, t)) return false
  if (!rules.every(({ purposes }) => purposes.includes(placed.purpose))) return false
  const here = whoIsHere(events, surface, version)
  if (t < (placed.circle > 0 ? here.resolved : here.ended)) return false
  if (here.nobody && !rules.every(({ widest }) => placed.circle <= (widest.nobody ?? -1))) return false
  if (saysNo(events, placed, null, t).length > 0) return false
  return [...here.about].every((person) => personMay(events, placed, { person, here, t }))
}

/** The noes of somebody that stand at a moment. */
function saysNo(
  events: readonly Event[],
  placed: Of<'placed'>,
  person: Id | null,
  t: number,
): Of<'objected'>[] {
  const line = ancestors(events, placed.version)
  const narrowed = all(events, 'narrowed')
    .filter(({ circle }) => placed.circle > circle)
    .map(({ narrowing, circle: _circle, ...no }) => ({
      ...no,
      kind: 'objected' as const,
      objection: narrowing,
      version: null,
    }))
  return [...all(events, 'objected'), ...narrowed].filter((no) => {
    if (no.person !== person) return false
    if (
      no.version !== null ? !line.includes(no.version) : no.surface !== null && no.surface !== placed.surface
    )
      return false
    if (no.whose !== 'observed') return true
    const over = all(events, 'objection-ended').filter(
      (end) =>
        end.objections.includes(no.objection) &&
        end.by !== 'site' &&
        end.by !== placed.by &&
        end.by !== no.by,
    )
    return over.length === 0 || t < Math.min(...over.map(({ at }) => at))
  })
}

/** Of somebody who has died only what was live is seen, once the family said so and after that somebody else looked. That it was a mistake gives back what was, but for what the family said stays taken down. */
function aliveOrShownAgain(events: readonly Event[], placed: Of<'placed'>, person: Id, t: number): boolean {
  const mistakes = all(events, 'death-mistaken').filter(
    (event) => event.person === person && event.by !== 'site',
  )
  const deaths = all(events, 'died').filter(
    (event) => event.person === person && mistakes.every(({ n }) => n < event.n),
  )
  const said = all(events, 'steward-said').filter((event) => event.person === person)
  const kept = said.filter(({ answer }) => answer === 'keep-down')
  const liveBefore = (n: number): boolean =>
    all(events, 'live').some((live) => live.placement === placed.placement && live.n < n)
  if (deaths.length === 0) return !kept.some(({ n }) => liveBefore(n)) && mistakes.every(({ at }) => at <= t)
  if (kept.length > 0) return false
  const wasLive = liveBefore(Math.min(...deaths.map(({ n }) => n)))
  return (
    wasLive &&
    said.some(
      (yes) =>
        yes.answer === 'as-allowed' &&
        yes.by !== 'site' &&
        deaths.every(({ n }) => n < yes.n) &&
        all(events, 'steward').some(
          (named) =>
            named.person === person &&
            named.steward === yes.steward &&
            named.n < yes.n &&
            named.by !== yes.by,
        ) &&
        all(events, 'restored').some(
          (look) =>
            look.placements.includes(placed.placement) &&
            look.n > yes.n &&
            look.at <= t &&
            ![yes.by, 'site', placed.by].includes(look.by),
        ),
    )
  )
}

type Looking = { person: Id; here: Here; t: number }

function personMay(events: readonly Event[], placed: Of<'placed'>, { person, here, t }: Looking): boolean {
  const known = personOf(events, person)
  if (!known || known.doNotShow) return false
  if (all(events, 'forgotten').some((event) => event.person === person)) return false
  if (!aliveOrShownAgain(events, placed, person, t)) return false
  const mine = here.appearances.filter((event) => event.person === person)
  const modes = [...new Set(mine.flatMap((event) => event.modes))]
  if (known.notLocatable && (modes.includes('place') || placed.modifiers.includes('place'))) return false
  const noes = saysNo(events, placed, person, t)
  if (noes.some(({ whose }) => whose === 'observed')) return false
  if (mine.length === 0) return noes.length === 0
  const under = rulesOf(events, placed, known.organisation)
  if (placed.circle > 2 && under.some(({ basis, condition }) => !basis || !condition)) return false
  return all(events, 'requested').some(
    (asked, at, list) =>
      list.findIndex((other) => other.permission === asked.permission) === at &&
      asked.person === person &&
      permits(events, placed, { asked, known, mine, modes, noes, t }),
  )
}
