const runs = Number(process.env['RUNS'] ?? 100)

/** How many random histories each rule is tried on, and how long that may take: few in a usual run, 100,000 by `npm run test:long`. */
export const many = { timeout: 20_000 + runs * 60, runs: { numRuns: runs } }
