import type { Viewer } from '#kernel/viewer.ts'
import { writeDown } from '#platform/server/audit.ts'
import type { Trx } from '#platform/server/db.ts'

/** Lets whoever proves to own this address have their activities and stories listed at once from now on. The caller has checked who may. Idempotent. */
export async function trustAddress(
  trx: Trx,
  viewer: Viewer,
  host: { email: string; name: string },
  now: Date,
): Promise<void> {
  const { id } = await trx
    .insertInto('accounts')
    .values({ email: host.email, name: host.name, trusted: true, created: now, updated: now })
    .onConflict((conflict) => conflict.column('email').doUpdateSet({ trusted: true, updated: now }))
    .returning('id')
    .executeTakeFirstOrThrow()
  await writeDown(trx, viewer, { action: 'account.trusted', subject: `accounts:${id}` })
}
