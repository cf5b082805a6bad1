import type { Id } from '#consent/events.ts'
import type { Instant } from '#consent/ranges.ts'
import { partOf, type State } from '#consent/state.ts'
import { whoIsIn, type InIt } from '#consent/who.ts'
import type { Mode } from '#kernel/permission-words.ts'

/** A surface looked at once: who is in each part of it, and how everybody is on the whole of it. */
export type Sight = {
  state: State
  surface: Id
  inIt: Map<string, InIt>
  /** Everybody it shows, or is about, with the ways in which they are on it. */
  people: Map<Id, Set<Mode>>
  /** Since when the name of somebody is not in the words any more. */
  unnamed: Map<Id, Instant>
  /** Whether place, organisation and time may be told with it: nobody on it must not be found. */
  locatable: boolean
}

/** Looks at a surface and everybody on it. */
export function sightOf(state: State, surface: Id): Sight {
  const inIt = new Map<string, InIt>()
  const people = new Map<Id, Set<Mode>>()
  const unnamed = new Map<Id, Instant>()
  const parts = (state.placed.get(surface) ?? []).map(({ version, purged }) => ({ version, purged }))
  // A name in the words counts whether the words were placed or not.
  const words = state.appearances.has(partOf(surface, null)) ? [{ version: null, purged: false }] : []
  for (const { version, purged } of [...parts, ...words]) {
    const part = partOf(surface, version)
    const known = inIt.get(part) ?? whoIsIn(state, surface, version)
    inIt.set(part, known)
    known.unnamed.forEach((moment, person) => unnamed.set(person, moment))
    if (purged) continue
    for (const person of known.about) if (!people.has(person)) people.set(person, new Set())
    for (const { person, modes } of known.shown) {
      if (person !== null) modes.forEach((mode) => people.get(person)?.add(mode))
    }
  }
  const locatable = ![...people.keys()].some((person) => state.people.get(person)?.notLocatable)
  return { state, surface, inIt, people, unnamed, locatable }
}
