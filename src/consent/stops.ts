import type { Hand, Id } from '#consent/events.ts'
import { always, meetAll, never, since, type Instant, type Ranges } from '#consent/ranges.ts'
import type { Objection, Permission, Placement, State, Stop } from '#consent/state.ts'
import type { Circle } from '#kernel/permission-words.ts'

/** A no to what goes further than a circle. */
type Narrowing = { id: Id; beyond: Circle; at: Instant }

/** From when something that was taken back no longer counts: by somebody who may take it back; never while nobody did. */
const backSince = (state: State, id: Id, may: (hand: Hand) => boolean): Instant =>
  (state.taken.get(id) ?? [])
    .filter(({ by }) => by !== 'site' && may(by))
    .reduce((early, { at }) => Math.min(early, at), Infinity)

/** Answers everybody who posted something on a surface. */
export const everyPoster = (state: State, surface: Id): Hand[] =>
  (state.placed.get(surface) ?? []).map(({ postedBy }) => postedBy)

/** Answers from when a stop no longer counts: somebody restored it who neither posted nor hid it. A person's own no stays. */
function stopOver(state: State, posters: readonly Hand[], stop: Stop): Ranges {
  if (stop.own) return never
  const moment = backSince(state, stop.id, (by) => by !== stop.by && !posters.includes(by))
  return moment === Infinity ? never : since(moment)
}

/** Answers when nothing stops a whole surface. */
export const surfaceRuns = (state: State, surface: Id): Ranges => {
  const stops = (state.stops.get(surface) ?? []).filter((stop) => stop.placement === null)
  const posters = stops.length === 0 ? [] : everyPoster(state, surface)
  return meetAll(stops.map((stop) => stopOver(state, posters, stop)))
}

/** Answers when nothing stops one placement. */
export const placementRuns = (state: State, placement: Placement): Ranges => {
  const stops = (state.stops.get(placement.surface) ?? []).filter((stop) => stop.placement === placement.id)
  return meetAll(stops.map((stop) => stopOver(state, [placement.postedBy], stop)))
}

/** Answers the stops of a placement and its surface that nobody has taken back in a way that counts. */
export function openStops(state: State, surface: Id): Stop[] {
  const posters = everyPoster(state, surface)
  return (state.stops.get(surface) ?? []).filter((stop) => {
    const placement = stop.placement === null ? undefined : state.placements.get(stop.placement)
    return stopOver(state, placement ? [placement.postedBy] : posters, stop) === never
  })
}

/** Answers a state as it would be if somebody who may had brought a whole surface back at a moment. */
export function broughtBack(state: State, surface: Id, at: Instant): State {
  const parts = (state.placed.get(surface) ?? []).filter(({ purged }) => !purged)
  const taken = new Map(state.taken)
  for (const { id } of [...parts, ...openStops(state, surface)]) {
    taken.set(id, [...(taken.get(id) ?? []), { by: 'somebody else', at, n: Infinity }])
  }
  return { ...state, taken }
}

/** Answers when no safeguarding hold lies on a surface: each ends by somebody, or when its time is over. */
export const notHeld = (state: State, surface: Id): Ranges =>
  meetAll(
    (state.holds.get(surface) ?? []).map(({ id, until }) =>
      since(
        Math.min(
          until,
          backSince(state, id, () => true),
        ),
      ),
    ),
  )

/** Answers since when a placement has been let through the policies: it was asked for, or a person other than its poster brought it back. What nobody has asked for is under the latest alone. */
export function floorOf(state: State, placement: Placement): Instant {
  if (placement.asked === null) return Infinity
  const stops = state.stops.get(placement.surface) ?? []
  const back = [placement.id, ...stops.filter((stop) => stop.placement === placement.id).map(({ id }) => id)]
  const restored = back.flatMap((id) =>
    (state.taken.get(id) ?? [])
      .filter(({ by }) => by !== placement.postedBy && by !== 'site')
      .map(({ at }) => at),
  )
  return Math.max(placement.asked, ...restored)
}

const touches = (objection: Objection, placement: Placement, line: readonly Id[]): boolean =>
  (objection.beyond === null || placement.circle > objection.beyond) &&
  (objection.version !== null
    ? line.includes(objection.version)
    : objection.surface === null || objection.surface === placement.surface)

/** Answers what was taken back of a permission that goes further, on a surface: the noes to what is wider that it did not take back itself. */
export const narrowings = (state: State, { person, given }: Permission, surface: Id | null): Narrowing[] =>
  (state.objections.get(person) ?? []).flatMap(({ id, beyond, at, surface: on }) =>
    beyond !== null && (on === null || on === surface) && !given?.after.includes(id)
      ? [{ id, beyond, at }]
      : [],
  )

/** Answers how far a permission goes on a surface of what was said, once what was taken back is left out. */
export const leftOf = (state: State, permission: Permission, said: Circle, surface: Id | null): Circle =>
  narrowings(state, permission, surface).reduce(
    (least, { beyond }) => (beyond < least ? beyond : least),
    said,
  )

/** Answers a person's noes that a placement has to obey. */
export const noesOf = (
  state: State,
  person: Id,
  placement: Placement,
  line: readonly Id[],
): readonly Objection[] =>
  (state.objections.get(person) ?? []).filter((objection) => touches(objection, placement, line))

/** Answers when a no that was seen no longer counts: somebody looked at it again who neither posted the picture nor saw the no. */
export function noIsOver(state: State, objection: Objection, poster: Hand): Ranges {
  if (objection.whose !== 'observed') return never
  const moment = backSince(state, objection.id, (by) => by !== poster && by !== objection.by)
  return moment === Infinity ? never : since(moment)
}

/** Answers when no no of somebody whom nobody knows stands in the way. */
export const noStranger = (state: State, placement: Placement, line: readonly Id[]): Ranges => {
  const noes = noesOf(state, '', placement, line)
  return noes.length === 0
    ? always
    : meetAll(noes.map((objection) => noIsOver(state, objection, placement.postedBy)))
}
