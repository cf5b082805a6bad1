import { day } from '#kernel/limits.ts'
import { isOfAddress } from '#letters/delivery.ts'
import { againAfter, againDays } from '#letters/pace.ts'
import { contactsOf } from '#letters/server/reads/reached.ts'
import { turnAgain } from '#letters/server/reads/turns.ts'
import { tellWriter } from '#letters/server/tell.ts'
import { sendingOf } from '#letters/server/writes/confirm.ts'
import { moveDelivery } from '#letters/server/writes/move.ts'
import type { Trx } from '#platform/server/db.ts'
import { addJob } from '#platform/server/queue.ts'

/** What a mail server says about a letter it could not deliver (RFC 3463): "5.1.1" for good, "4.2.2" for now. */
export type Returned = { status: string }

/** Settles a delivery that came back. For good: it has bounced, its address counts as broken (as doubtful when it was the letter that was not wanted), the writer is told and the desk sees it. For now: it goes again after two hours, for at most seven days from when it first left. One that has come back already, or that is not on its way, stays as it is, and so does one that its office has answered: it has it. Answers whether that is settled; of one that is being sent at this moment it is not yet. */
export async function returnDelivery(
  trx: Trx,
  id: string,
  { status }: Returned,
  now: Date,
): Promise<boolean> {
  const row = await trx
    .selectFrom('deliveries')
    .select(['id', 'letter', 'state', 'evidence', 'email', 'office'])
    .select(['person', 'post', 'organisation', 'leftUs', 'zone'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirstOrThrow()
  if (!(onItsWay as readonly string[]).includes(row.state) || row.evidence === 'confirmed') return true
  // What came back has left, whatever we knew of it.
  if (row.state === 'uncertain') await moveDelivery(trx, id, { state: 'sent', evidence: 'seen' }, now)
  const since = row.leftUs ?? now
  const over = now.getTime() + againAfter > since.getTime() + againDays * day
  if (status.startsWith('4') && !over) {
    if (row.state === 'sending') return false
    if (row.state === 'bounced-soft' || row.state === 'assumed') return true
    await moveDelivery(trx, id, { state: 'bounced-soft', evidence: 'seen', note: status }, now)
    const due = await turnAgain(trx, row, now)
    await trx.updateTable('deliveries').set({ due }).where('id', '=', id).execute()
    const { payload, key } = sendingOf({ id })
    await addJob(trx, 'letter.due', payload, { key, runAt: due })
    return true
  }
  await moveDelivery(trx, id, { state: 'bounced', evidence: 'seen', note: status }, now)
  const address = isOfAddress(status)
  const contacts = await contactsOf(trx, row)
  if (contacts.length > 0 && status.startsWith('5')) {
    await trx
      .updateTable('directoryContacts')
      .set({ state: address ? 'broken' : 'doubtful' })
      .where('id', 'in', contacts)
      .where('state', 'in', ['unverified', 'working', 'doubtful'])
      .execute()
  }
  const { letter, office } = row
  const params = { office, why: address ? 'address' : 'other' }
  // Sent anew, it may come back anew.
  const of = `${id}:${now.getTime()}`
  await tellWriter(trx, { letter, name: 'letter-returned', of, params }, now)
  return true
}

const onItsWay = ['sending', 'uncertain', 'sent', 'bounced-soft', 'assumed'] as const

/** Writes down that the server of an office has a letter and goes on trying: its writer sees it, and it is not counted as arrived so soon. What we were not sure of has left. Answers whether that is settled; of one that is being sent at this moment it is not yet. */
export async function noteLate(trx: Trx, id: string, now: Date): Promise<boolean> {
  const { state } = await trx
    .selectFrom('deliveries')
    .select('state')
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirstOrThrow()
  if (state === 'sending') return false
  if (state === 'uncertain') await moveDelivery(trx, id, { state: 'sent', evidence: 'seen' }, now)
  if (state !== 'uncertain' && state !== 'sent') return true
  await trx.updateTable('deliveries').set({ late: now }).where('id', '=', id).execute()
  return true
}
