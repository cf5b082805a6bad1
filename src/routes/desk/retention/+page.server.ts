import { retentionRuns } from '#desk/server/reads.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals }) => ({
  runs: (await retentionRuns(locals.db, locals.viewer)).map((run) => ({
    ...run,
    at: run.at.toISOString().slice(0, 10),
  })),
})
