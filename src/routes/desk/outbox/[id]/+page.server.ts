import { mailInOutbox } from '#desk/server/records.ts'
import { readConfig } from '#platform/server/config.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params }) => ({
  mail: await mailInOutbox(readConfig(), locals.viewer, params.id),
})
