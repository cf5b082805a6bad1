type Clustered = { code: string; cluster: string }

/** Answers who the new people were, each counted once: of a plain group only those are left that no finer answer names. Null when a code is not known, or when the finer answers are more than their group. */
export function sortAudiences(
  given: Record<string, number>,
  known: readonly Clustered[],
): Record<string, number> | null {
  const sorted: Record<string, number> = {}
  const clusters = new Set(known.map((one) => one.cluster))
  const codes = new Set(known.map((one) => one.code))
  if (Object.keys(given).some((name) => !clusters.has(name) && !codes.has(name))) return null
  for (const cluster of clusters) {
    const fine = known.filter((one) => one.cluster === cluster && given[one.code] !== undefined)
    const named = fine.reduce((sum, one) => sum + (given[one.code] ?? 0), 0)
    const whole = given[cluster]
    if (whole !== undefined && named > whole) return null
    for (const one of fine) sorted[one.code] = given[one.code] ?? 0
    if (whole !== undefined && whole > named) sorted[cluster] = whole - named
  }
  return sorted
}
