import type { Viewer } from '#kernel/viewer.ts'
import { writeDown } from '#platform/server/audit.ts'
import type { Trx } from '#platform/server/db.ts'

export type Leading = { account: string; organisation: string }

/** Lets an account lead an organisation. The caller has checked who may. Idempotent. */
export async function startLeading(trx: Trx, viewer: Viewer, input: Leading, now: Date): Promise<void> {
  const added = await trx
    .insertInto('roles')
    .values({ ...input, role: 'organisation-lead', givenBy: viewer.account, created: now })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!added) return
  await writeDown(trx, viewer, {
    action: 'role.given',
    subject: `accounts:${input.account}`,
    details: { role: 'organisation-lead', organisation: input.organisation },
  })
}

/** Ends that an account leads an organisation. The caller has checked who may. Idempotent. */
export async function stopLeading(trx: Trx, viewer: Viewer, input: Leading): Promise<void> {
  const gone = await trx
    .deleteFrom('roles')
    .where('role', '=', 'organisation-lead')
    .where('account', '=', input.account)
    .where('organisation', '=', input.organisation)
    .returning('id')
    .executeTakeFirst()
  if (!gone) return
  await writeDown(trx, viewer, {
    action: 'role.taken',
    subject: `accounts:${input.account}`,
    details: { role: 'organisation-lead', organisation: input.organisation },
  })
}
