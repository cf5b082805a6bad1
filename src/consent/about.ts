import type { About } from '#consent/events.ts'
import type { Placement, State } from '#consent/state.ts'

/** Answers whether what was decided about the first holds for the second: never another kind, surface, version or organisation, and never wider. */
export function reachesTo(wide: About, narrow: About, sources: readonly string[] = []): boolean {
  if (wide.kind !== narrow.kind) return false
  if (wide.version !== null) {
    return wide.version === narrow.version || sources.includes(wide.version)
  }
  if (wide.surface !== null) return wide.surface === narrow.surface
  return wide.organisation !== null && wide.organisation === narrow.organisation
}

/** Answers what showing a placement is a decision about. */
export const aboutOf = (state: State, placement: Placement): About => ({
  kind: state.surfaces.get(placement.surface)?.type ?? '',
  organisation: placement.organisation,
  surface: placement.surface,
  version: placement.version,
})

/** Answers a version and what it was made from, nearest first. */
export function lineage(state: State, version: string | null): string[] {
  const line: string[] = []
  let next = version
  while (next !== null && !line.includes(next)) {
    line.push(next)
    next = state.versions.get(next)?.source ?? null
  }
  return line
}
