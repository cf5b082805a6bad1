import { lineage } from '#consent/about.ts'
import type { Hand, Id } from '#consent/events.ts'
import { never, since, type Instant, type Ranges } from '#consent/ranges.ts'
import { partOf, type Appearance, type Check, type State } from '#consent/state.ts'

/** Who is in a version or in the words of a surface, as far as anybody knows. */
export type InIt = {
  /** Whom permission is needed of, each with every way they are in it; what was seen of their yes. */
  shown: Appearance[]
  /** Whose no is obeyed: also those who were covered, and those it is only about. */
  about: Set<Id>
  /** When somebody else had checked who is in it. */
  resolved: Ranges
  /** When it was known that those who are not in it are not: before, it needed their yes too. */
  ended: Ranges
  /** It was checked that nobody can be recognised. */
  nobody: boolean
  /** Since when the name of somebody is not in it any more. */
  unnamed: Map<Id, Instant>
}

/** Answers who posted a version, or the words, on a surface. */
export const postersOf = (state: State, surface: Id, version: Id | null): Hand[] =>
  (state.placed.get(surface) ?? [])
    .filter((placement) => placement.version === version)
    .map((placement) => placement.postedBy)

/** A check counts when it is by somebody else than whoever posted it, made the edit, or said who is in it; never by the site itself. */
function checksOf(state: State, surface: Id, version: Id | null): Check[] {
  const all = state.checks.get(partOf(surface, version)) ?? []
  if (all.length === 0) return all
  const posters = postersOf(state, surface, version)
  const maker = version === null ? null : (state.versions.get(version)?.maker ?? null)
  return all.filter((check) => {
    const said = state.sayings.get(check.said)
    return (
      said !== undefined &&
      said.version === version &&
      said.surface === surface &&
      check.by !== 'site' &&
      check.by !== said.by &&
      check.by !== maker &&
      !posters.includes(check.by)
    )
  })
}

/** Whether it is a name that the site found in the words: what it finds by itself ends by itself. */
export const isFoundName = ({ person, modes, by }: Appearance): boolean =>
  by === 'site' && person !== null && modes.length === 1 && modes[0] === 'name'

/** Answers since when a name that was found is not there any more: the site finds it no longer, or somebody who posted nothing here said that it is not theirs. */
function goneSince(state: State, surface: Id, appearance: Appearance): Instant {
  const gone = isFoundName(appearance) ? (state.taken.get(appearance.id) ?? []) : []
  if (gone.length === 0) return Infinity
  const posters = (state.placed.get(surface) ?? []).map(({ postedBy }) => postedBy)
  return Math.min(Infinity, ...gone.filter(({ by }) => !posters.includes(by)).map(({ at }) => at))
}

/** Answers who is in something. An edit shows everybody its source shows, but for those whom a check of the edit ended (rule 8). */
export function whoIsIn(state: State, surface: Id, version: Id | null): InIt {
  const line = version === null ? [null] : lineage(state, version)
  const ended = new Map<Id, Instant>()
  const wrong = new Set<Id>()
  const unnamed = new Map<Id, Instant>()
  const there: Appearance[] = []
  let own: Check[] = []
  for (const [step, part] of line.entries()) {
    const on = part === null ? surface : (state.versions.get(part)?.surface ?? surface)
    const checks = checksOf(state, on, part)
    if (step === 0) own = checks
    for (const check of checks) {
      for (const id of [...check.ends, ...check.wrong]) {
        ended.set(id, Math.min(ended.get(id) ?? Infinity, check.at))
      }
      for (const id of check.wrong) wrong.add(id)
    }
    const here = state.appearances.get(partOf(on, part)) ?? []
    there.push(...here)
    for (const appearance of part === null ? here : []) {
      const gone = goneSince(state, on, appearance)
      if (gone === Infinity) continue
      const { id, person } = appearance
      ended.set(id, Math.min(ended.get(id) ?? Infinity, gone))
      if (person !== null) unnamed.set(person, Math.max(unnamed.get(person) ?? -Infinity, gone))
    }
  }
  const left = there.filter((appearance) => !ended.has(appearance.id))
  return {
    shown: left.filter((appearance) => appearance.person !== null && appearance.modes.length > 0),
    about: new Set(there.flatMap(({ id, person }) => (person === null || wrong.has(id) ? [] : [person]))),
    resolved: left.some((appearance) => appearance.person === null) ? never : checkedSince(own, there, ended),
    ended: since(
      lastEnd(
        there.filter(({ person }) => person !== null),
        ended,
      ),
    ),
    nobody: nobodyIn(state, own, left),
    unnamed,
  }
}

/** Nobody has looked before the first check, nor seen that somebody is not in it before the check that says so. */
function checkedSince(own: Check[], there: Appearance[], ended: Map<Id, Instant>): Ranges {
  const first = own.reduce((early, check) => Math.min(early, check.at), Infinity)
  return since(Math.max(first, lastEnd(there, ended)))
}

const lastEnd = (there: readonly Appearance[], ended: ReadonlyMap<Id, Instant>): Instant =>
  Math.max(-Infinity, ...there.flatMap((appearance) => ended.get(appearance.id) ?? []))

/** What was last checked to show nobody stays so however many appear later: adding somebody must not make it wider. */
function nobodyIn(state: State, own: Check[], left: Appearance[]): boolean {
  const last = own.reduce<Check | undefined>(
    (late, check) => (late && late.n > check.n ? late : check),
    undefined,
  )
  const said = last && state.sayings.get(last.said)
  if (!said) return false
  return said.nobody || !left.some(({ id, modes }) => modes.length > 0 && said.appearances.includes(id))
}
