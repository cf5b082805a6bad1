import type { Id } from '#consent/events.ts'
import type { Instant } from '#consent/ranges.ts'
import { leadsNowhere } from '#consent/routes.ts'
import { partsOf } from '#consent/server/surface.ts'
import { permissionState } from '#consent/server/views.ts'
import type { Permission, State } from '#consent/state.ts'
import { whoIsIn } from '#consent/who.ts'
import type { Route } from '#kernel/permission-words.ts'

type OnSurface = { person: Id; surface: Id }

/** Answers every part of a surface that somebody is in (null: its words): what is in front of whoever is asked. */
export const versionsWith = (state: State, { person, surface }: OnSurface): (Id | null)[] => [
  ...new Set(
    partsOf(state, surface)
      .map(({ version }) => version)
      .filter((version) => whoIsIn(state, surface, version).about.has(person)),
  ),
]

/** Answers what was asked about somebody on a surface and is not over, oldest first. */
export const openQuestions = (state: State, { person, surface }: OnSurface, now: Instant): Permission[] =>
  (state.permissions.get(person) ?? []).filter(
    (one) =>
      (one.about.surface === surface || one.about.surface === null) &&
      !leadsNowhere(state, one) &&
      !['withdrawn', 'expired', 'declined'].includes(permissionState(state, one, now)),
  )

/** Answers the question of one way of deciding that counts: the newest that was given and was about all that is there now, else the newest. */
export function countingQuestion(
  state: State,
  on: OnSurface & { route: Route },
  now: Instant,
): Permission | undefined {
  const open = openQuestions(state, on, now).filter(({ route }) => route === on.route)
  return open.findLast((one) => one.given !== null && isAboutAll(state, one, on)) ?? open.at(-1)
}

/** Answers whether what was given is about all that is there now. */
export const isAboutAll = (state: State, { given }: Permission, on: OnSurface): boolean =>
  given !== null &&
  (given.seen === null || versionsWith(state, on).every((version) => given.seen?.includes(version)))
