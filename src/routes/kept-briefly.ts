/** How long what a page shows around its subject is kept in the process, in milliseconds. */
const keptFor = 10_000

export type Kept<Value> = { value: Promise<Value>; until: Date }

/** Keeps the newest answer of something for ten seconds, whoever asks: sums, and names to choose by. Never a single activity or story: what is hidden is gone at once. */
export function keptBriefly<Value>(): (key: string, now: Date, make: () => Promise<Value>) => Kept<Value> {
  let kept: (Kept<Value> & { key: string }) | null = null
  return (key, now, make) => {
    if (kept && kept.key === key && kept.until > now) return kept
    const made = { key, value: make(), until: new Date(now.getTime() + keptFor) }
    kept = made
    // Whoever awaits it is told; it is only not kept.
    made.value.catch(() => {
      if (kept === made) kept = null
    })
    return made
  }
}
