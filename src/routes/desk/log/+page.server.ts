import { mayReadRecords } from '#desk/may.ts'
import { Refusal } from '#kernel/refusal.ts'
import { readAuditLog } from '#platform/server/audit.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, url }) => {
  if (!mayReadRecords(locals.viewer)) throw new Refusal('forbidden', 'refusal.forbidden')
  const before = Number(url.searchParams.get('before'))
  const entries = await readAuditLog(locals.db, {
    ...(Number.isSafeInteger(before) && before > 0 && { before }),
  })
  return {
    entries: entries.map((entry) => ({
      ...entry,
      at: entry.at.toISOString().slice(0, 16).replace('T', ' '),
    })),
    older: entries.length === 100 ? (entries.at(-1)?.id ?? null) : null,
  }
}
