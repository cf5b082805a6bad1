/** A moment, milliseconds since 1970 in UTC. */
export type Instant = number
/** Moments in which something holds: sorted half-open spans [from, to) that do not touch. */
export type Ranges = readonly (readonly [from: Instant, to: Instant])[]

export const always: Ranges = [[-Infinity, Infinity]]
export const never: Ranges = []

export const between = (from: Instant, to: Instant): Ranges => (from < to ? [[from, to]] : never)
export const since = (from: Instant): Ranges => between(from, Infinity)
export const until = (to: Instant): Ranges => between(-Infinity, to)

export const holdsAt = (ranges: Ranges, at: Instant): boolean =>
  ranges.some(([from, to]) => from <= at && at < to)

/** Answers the moments that are in both. */
export function meet(one: Ranges, other: Ranges): Ranges {
  if (one === always) return other
  if (other === always) return one
  const both: [Instant, Instant][] = []
  for (const [from, to] of one) {
    for (const [begin, end] of other) {
      const start = Math.max(from, begin)
      const stop = Math.min(to, end)
      if (start < stop) both.push([start, stop])
    }
  }
  return both
}

/** Answers the moments that are in either. */
export function join(one: Ranges, other: Ranges): Ranges {
  if (one.length === 0) return other
  if (other.length === 0) return one
  const all = [...one, ...other].toSorted(([from], [begin]) => (from < begin ? -1 : from > begin ? 1 : 0))
  const joined: [Instant, Instant][] = []
  for (const [from, to] of all) {
    const last = joined.at(-1)
    if (last && from <= last[1]) last[1] = Math.max(last[1], to)
    else joined.push([from, to])
  }
  return joined
}

export const meetAll = (all: readonly Ranges[]): Ranges => all.reduce(meet, always)
export const joinAll = (all: readonly Ranges[]): Ranges => all.reduce(join, never)

/** Answers whether every moment of the first is one of the second. */
export const within = (inner: Ranges, outer: Ranges): boolean =>
  inner.every(([from, to]) => outer.some(([begin, end]) => begin <= from && to <= end))

/** Answers the next moment after one at which the answer changes, or null when it never does. */
export function nextChange(ranges: Ranges, after: Instant): Instant | null {
  const moments = ranges.flat().filter((moment) => moment > after && moment < Infinity)
  return moments.length === 0 ? null : Math.min(...moments)
}
