import { listImports } from '#activities/server/reads/import.ts'
import { sayDay } from '#kernel/times.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals }) => ({
  imports: (await listImports(locals.db, locals.viewer, 'all')).map((one) => ({
    ...one,
    day: sayDay(one.created.toISOString().slice(0, 10), locals.language, true),
  })),
})
