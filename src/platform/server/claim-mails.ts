import { sql } from 'kysely'
import { day, hour } from '#kernel/limits.ts'
import type { Language } from '#kernel/messages.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { addJobs } from '#platform/server/queue.ts'

/** A mail, or several notices that leave as one, in the hand of whoever sends it. */
export type Claimed = { id: string; address: string; parts: [Waiting, ...Waiting[]] }

export type Waiting = {
  id: string
  address: string
  name: string
  params: unknown
  language: Language
  urgency: string
  due: Date
  useless: Date | null
  replyTo: string | null
  calendar: string | null
}

/** Notices that are due so soon leave with one that is due now; so many at most. */
const soon = 6 * hour
const mostTogether = 20

const waiting = (db: Db) =>
  db
    .selectFrom('mails')
    .select(['id', 'address', 'name', 'params', 'language', 'urgency'])
    .select(['due', 'useless', 'replyTo', 'calendar'])
    .where('state', '=', 'waiting')
    .where('hand', 'is', null)

/** The name of the lock that whoever sends holds while they live. */
export const lockOf = (hand: string): string => `mails:${hand}`

/** Takes mails that are due (about `most`) into a hand, answers first, and answers them as they leave: notices to one address that are due within six hours together, in the order in which they were queued. Nobody else gets the same, and no address has two notices in a day: who had one waits, or is dropped once it is of no use. */
export const claimMails = (
  db: Db,
  { hand, most }: { hand: string; most: number },
  now: Date,
): Promise<Claimed[]> =>
  inTransaction(db, async (trx) => {
    // One at a time: two who look at once for what one address may have would both say yes.
    const [, due] = await Promise.all([
      sql`select pg_advisory_xact_lock(hashtextextended('mails', 0))`.execute(trx),
      waiting(trx).where('due', '<=', now).orderBy('urgency').orderBy('due').limit(most).execute(),
    ])
    const useless = due.filter((mail) => mail.useless !== null && mail.useless <= now)
    const answers = due.filter((mail) => mail.urgency === 'answer' && !useless.includes(mail))
    const notices = due.filter((mail) => mail.urgency === 'notice' && !useless.includes(mail))
    const claimed = answers.map((mail): Claimed => ({ id: mail.id, address: mail.address, parts: [mail] }))
    if (notices.length > 0) claimed.push(...(await claimNotices(trx, notices, now)))
    await drop(trx, useless, 'too-late')
    return take(trx, claimed, hand)
  })

/** Takes mails into a hand, without what somebody else has done with one meanwhile. What marks them stands in no index, so that a mail is written at its own place and in no other. */
async function take(trx: Trx, claimed: Claimed[], hand: string): Promise<Claimed[]> {
  const ids = claimed.flatMap(({ parts }) => parts.map(({ id }) => id))
  if (ids.length === 0) return []
  const rows = await trx
    .updateTable('mails')
    .set({ hand })
    .where((on) => on('id', '=', on.fn.any(on.val(ids))))
    .where('state', '=', 'waiting')
    .returning('id')
    .execute()
  if (rows.length === ids.length) return claimed
  const taken = new Set(rows.map(({ id }) => id))
  return claimed.flatMap((one) => {
    const [first, ...more] = one.parts.filter(({ id }) => taken.has(id))
    return first ? [{ ...one, id: first.id, parts: [first, ...more] }] : []
  })
}

async function claimNotices(trx: Trx, due: readonly Waiting[], now: Date): Promise<Claimed[]> {
  const addresses = [...new Set(due.map(({ address }) => address))]
  const [last, open] = await Promise.all([
    lastNotices(trx, addresses, now),
    waiting(trx)
      .where('urgency', '=', 'notice')
      .where('address', 'in', addresses)
      .where('due', '<=', new Date(now.getTime() + soon))
      .where((on) => on.or([on('useless', 'is', null), on('useless', '>', now)]))
      .orderBy('created')
      .orderBy('due')
      .execute(),
  ])
  const claimed: Claimed[] = []
  const held: { mail: Waiting; until: Date }[] = []
  for (const address of addresses) {
    const had = last.get(address)
    const until = had && new Date(had.getTime() + day)
    if (until && until > now) {
      held.push(...due.filter((mail) => mail.address === address).map((mail) => ({ mail, until })))
      continue
    }
    // One that had to wait is due after others that came later, and tells of what was before them.
    const theirs = open.filter((mail) => mail.address === address)
    const byDue = theirs.toSorted((one, other) => one.due.getTime() - other.due.getTime())
    const together = new Set(byDue.slice(0, mostTogether))
    const [first, ...more] = theirs.filter((mail) => together.has(mail))
    if (first) claimed.push({ id: first.id, address, parts: [first, ...more] })
  }
  const late = ({ mail, until }: (typeof held)[number]): boolean =>
    mail.useless !== null && mail.useless < until
  await drop(
    trx,
    held.filter(late).map(({ mail }) => mail),
    'one-a-day',
  )
  for (const { mail, until } of held.filter((one) => !late(one)))
    await trx.updateTable('mails').set({ due: until }).where('id', '=', mail.id).execute()
  return claimed
}

/** When some addresses had their last notice; one that somebody has in hand counts as had now. */
async function lastNotices(trx: Trx, addresses: string[], now: Date): Promise<Map<string, Date>> {
  const rows = await trx
    .selectFrom('mails')
    .select((on) => [
      'address',
      on.fn.max(on.case().when('hand', 'is not', null).then(now).else(on.ref('sent')).end()).as('at'),
    ])
    .where('urgency', '=', 'notice')
    .where((on) => on.or([on('state', '=', 'sent'), on('hand', 'is not', null)]))
    .where('address', 'in', addresses)
    .groupBy('address')
    .execute()
  return new Map(rows.flatMap(({ address, at }) => (at === null ? [] : [[address, at]])))
}

async function drop(trx: Trx, mails: readonly Waiting[], problem: 'too-late' | 'one-a-day'): Promise<void> {
  if (mails.length === 0) return
  await trx
    .updateTable('mails')
    .set({ state: 'dropped', problem, params: '{}' })
    .where(
      'id',
      'in',
      mails.map(({ id }) => id),
    )
    .execute()
}

/** Lets go of what somebody had in hand who is gone. With a postbox that keeps one of each it waits again; otherwise nobody knows whether it left, and the job "mail.failed" tells of it. Answers how many. Idempotent. */
export const letGo = (db: Db, keepsOne: boolean): Promise<number> =>
  inTransaction(db, async (trx) => {
    const gone = await sql<{ id: string }>`
      with hands as materialized (select distinct hand from mails where state = 'waiting' and hand is not null),
      gone as materialized (
        select hand from hands where pg_try_advisory_xact_lock(hashtextextended('mails:' || hand::text, 0)))
      update mails set
        state = ${keepsOne ? 'waiting' : 'uncertain'},
        problem = ${keepsOne ? null : 'server'},
        hand = null
      from gone where mails.hand = gone.hand returning mails.id`.execute(trx)
    if (!keepsOne && gone.rows.length > 0) await addJobs(trx, 'mail.failed', gone.rows.map(failureOf))
    return gone.rows.length
  })

/** Answers the job that tells of a mail which could not be delivered, or may not have been. */
export const failureOf = ({ id }: { id: string }) => ({ payload: { id }, key: `mail-failed:${id}` })
