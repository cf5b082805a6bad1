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

/** The name of the lock that whoever sends holds while they live. */
export const lockOf = (hand: string): string => `mails:${hand}`

/** Takes mails that are due (about `most`) into a hand, answers first, and answers them as they leave: notices to one address that are due within six hours together, in the order in which they were queued. Nobody else gets the same, and no address has two notices in a day: who had one waits, or is dropped once it is of no use. */
export async function claimMails(
  db: Db,
  { hand, most }: { hand: string; most: number },
  now: Date,
): Promise<Claimed[]> {
  const answers = await takeAnswers(db, { hand, most }, now)
  if (answers.length >= most) return answers
  return [...answers, ...(await claimNotices(db, { hand, most: most - answers.length }, now))]
}

const columns = sql.raw('id, address, name, params, language, urgency, due, useless, reply_to, calendar')

/** What marks mails as being in a hand stands in no index, so that a mail is written at its own place and in no other. One statement: while mails leave, each question of the database costs as much as two of them. */
async function takeAnswers(
  db: Db,
  { hand, most }: { hand: string; most: number },
  now: Date,
): Promise<Claimed[]> {
  const { rows } = await sql<Waiting>`
    update mails set hand = ${hand} where id = any(array(
      select id from mails
      where state = 'waiting' and hand is null and urgency = 'answer' and due <= ${now}
      order by due limit ${most}::int))
      and state = 'waiting' and hand is null
    returning ${columns}`.execute(db)
  const late = rows.filter((mail) => isUseless(mail, now))
  await drop(db, late, 'too-late')
  return rows
    .filter((mail) => !late.includes(mail))
    .toSorted((one, other) => one.due.getTime() - other.due.getTime())
    .map((mail) => ({ id: mail.id, address: mail.address, parts: [mail] }))
}

const isUseless = ({ useless }: Waiting, at: Date): boolean => useless !== null && useless <= at

type Notice = Waiting & { had: Date | null }

const claimNotices = (
  db: Db,
  { hand, most }: { hand: string; most: number },
  now: Date,
): Promise<Claimed[]> =>
  inTransaction(db, async (trx) => {
    // One at a time: two who look at once for what one address may have would both say yes.
    const [, notices] = await Promise.all([
      sql`select pg_advisory_xact_lock(hashtextextended('mails', 0))`.execute(trx),
      openNotices(trx, most, now),
    ])
    const due = notices.filter((mail) => mail.due <= now)
    const late = due.filter((mail) => isUseless(mail, now))
    await drop(trx, late, 'too-late')
    const held = due.filter((mail) => !late.includes(mail) && mayHave(mail) > now)
    await hold(trx, held)
    const free = notices.filter((mail) => !isUseless(mail, now) && mayHave(mail) <= now)
    return take(trx, [...Map.groupBy(free, ({ address }) => address).values()].map(together), hand)
  })

/** The notices to the addresses that have one due (so many at most) that may leave with it, in the order in which they were queued, each with when its address had its last; one that somebody has in hand counts as had now. */
async function openNotices(trx: Trx, most: number, now: Date): Promise<Notice[]> {
  const { rows } = await sql<Notice>`
    select * from (
      select ${columns}, created, state, hand,
        max(case when hand is not null then ${now}::timestamptz when state = 'sent' then sent end)
          over (partition by address) as had
      from mails where urgency = 'notice' and address = any(array(
        select address from mails
        where state = 'waiting' and hand is null and urgency = 'notice' and due <= ${now}
        order by due limit ${most}::int))) theirs
    where state = 'waiting' and hand is null and due <= ${new Date(now.getTime() + soon)}
    order by created, due`.execute(trx)
  return rows
}

/** From when on an address may have its next notice. */
const mayHave = ({ had }: Notice): Date => new Date(had === null ? 0 : had.getTime() + day)

function together(theirs: readonly Notice[]): Claimed {
  // One that had to wait is due after others that came later, and tells of what was before them.
  const byDue = theirs.toSorted((one, other) => one.due.getTime() - other.due.getTime())
  const first = new Set(byDue.slice(0, mostTogether))
  const [one, ...more] = theirs.filter((mail) => first.has(mail))
  if (!one) throw new Error('an address without a notice has none to leave')
  return { id: one.id, address: one.address, parts: [one, ...more] }
}

/** Takes notices into a hand, without what somebody else has done with one meanwhile. */
async function take(trx: Trx, claimed: Claimed[], hand: string): Promise<Claimed[]> {
  const ids = claimed.flatMap(({ parts }) => parts.map(({ id }) => id))
  if (ids.length === 0) return []
  const { rows } = await sql<{ id: string }>`
    update mails set hand = ${hand} where id = any(${ids}) and state = 'waiting' returning id`.execute(trx)
  if (rows.length === ids.length) return claimed
  const taken = new Set(rows.map(({ id }) => id))
  return claimed.flatMap((one) => {
    const [first, ...more] = one.parts.filter(({ id }) => taken.has(id))
    return first ? [{ ...one, id: first.id, parts: [first, ...more] }] : []
  })
}

/** Lets notices wait until their address may have one; those that are of no use by then are dropped. */
async function hold(trx: Trx, held: readonly Notice[]): Promise<void> {
  const over = held.filter((mail) => mail.useless !== null && mail.useless < mayHave(mail))
  await drop(trx, over, 'one-a-day')
  const kept = held.filter((mail) => !over.includes(mail))
  if (kept.length === 0) return
  await sql`
    update mails set due = waits.until
    from unnest(${kept.map(({ id }) => id)}::uuid[], ${kept.map(mayHave)}::timestamptz[]) as waits (id, until)
    where mails.id = waits.id`.execute(trx)
}

async function drop(db: Db, mails: readonly Waiting[], problem: 'too-late' | 'one-a-day'): Promise<void> {
  if (mails.length === 0) return
  const ids = mails.map(({ id }) => id)
  await db
    .updateTable('mails')
    .set({ state: 'dropped', problem, params: '{}', hand: null })
    .where((on) => on('id', '=', on.fn.any(on.val(ids))))
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
