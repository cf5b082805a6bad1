import { sql } from 'kysely'
import { day, hour, minute } from '#kernel/limits.ts'
import { textIn, type Language, type MessageKey, type MessageParams } from '#kernel/messages.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { log, safeError } from '#platform/server/log.ts'
import { deliveryOf } from '#platform/server/mail.ts'
import { whyRefused, type Letter, type Postbox } from '#platform/server/postbox.ts'
import { addJob, addJobs, idIn, type Task } from '#platform/server/queue.ts'
import { inTurn } from '#platform/server/turns.ts'

/** So often a mail is tried, over about sixteen hours; then somebody has to look. */
export const mostTries = 12

/** How long until a mail that has been tried so often is tried again, milliseconds: three seconds at first, six hours at last. */
const waitAfter = (tries: number): number => Math.round(Math.exp(Math.min(tries, 10)) * 1000)

/** Makes the task that sends one due mail. Notices to one address that are due within six hours go out together; when it already had one in the last 24 hours they wait, or are dropped once they are of no use. A mail that is refused is tried again, at most twelve times; one that is refused for good is not. Either way the mail says why in the end, and the job "mail.failed" tells of it. Runs twice without sending twice. */
export const deliverMail =
  (post: Postbox, nameOfSite: (db: Db) => Promise<string>): Task =>
  async (db, payload, now) => {
    const id = idIn(payload, 'id')
    const mail = await db.selectFrom('mails').select('address').where('id', '=', id).executeTakeFirst()
    if (!mail) return
    // One at a time for each address, so that two jobs never send the same notices.
    await inTurn(db, `mail:${mail.address}`, async (on) => {
      let ids = [id]
      let left: Awaited<ReturnType<Postbox>>
      try {
        const packed = await inTransaction(on, (trx) => pack(trx, id, now, nameOfSite))
        if (!packed) return
        ids = packed.ids
        left = await post(packed.letter)
      } catch (error) {
        const refused = whyRefused(error)
        const details = refused.why === 'ours' && { error: safeError(error) }
        log.warn({ mail: id, ...refused, ...details }, 'a mail did not leave')
        return inTransaction(on, (trx) => putOff(trx, ids, refused, now))
      }
      // What a mail said is not kept once it is gone: its links are secrets.
      await on
        .updateTable('mails')
        .set({
          ...(left === 'example' ? { state: 'example' } : { state: 'sent', sent: now }),
          params: '{}',
          calendar: null,
          problem: null,
        })
        .where('id', 'in', ids)
        .execute()
    })
  }

type Packed = { ids: string[]; letter: Letter }

/** Answers what is to be sent now, or null when nothing is: it has gone, it waits for its time, or it is of no use any more. */
async function pack(
  trx: Trx,
  id: string,
  now: Date,
  nameOfSite: (db: Db) => Promise<string>,
): Promise<Packed | null> {
  const mail = await trx
    .selectFrom('mails')
    .selectAll()
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .forUpdate()
    .executeTakeFirst()
  if (!mail) return null
  if (mail.useless && mail.useless <= now) return drop(trx, id, 'too-late')
  if (mail.due.getTime() > now.getTime() + minute) return wait(trx, id, mail.due)
  const together = mail.urgency === 'notice' ? await noticesFor(trx, mail.address, now) : [mail]
  if (mail.urgency === 'notice') {
    const last = await lastNotice(trx, mail.address)
    if (last && now.getTime() - last.getTime() < day) {
      const next = new Date(last.getTime() + day)
      if (mail.useless && mail.useless < next) return drop(trx, id, 'one-a-day')
      return wait(trx, id, next)
    }
  }
  const siteName = await nameOfSite(trx)
  const parts = together.map((one) => write(one, siteName))
  const first = parts[0] ?? write(mail, siteName)
  const several = textIn(mail.language)('mail.several', { count: parts.length, siteName })
  const letter = {
    id,
    from: siteName,
    to: mail.address,
    subject: parts.length > 1 ? several : first.subject,
    text:
      parts.length > 1
        ? parts.map((part) => `${part.subject}\n\n${part.text}`).join('\n\n* * *\n\n')
        : first.text,
    replyTo: together.length === 1 ? mail.replyTo : null,
    calendar: together.find((one) => one.calendar)?.calendar ?? null,
  }
  return { ids: together.map((one) => one.id), letter }
}

type Row = { name: string; params: unknown; language: Language }

const write = (row: Row, siteName: string): { subject: string; text: string } => {
  const text = textIn(row.language)
  const params = { siteName, ...(row.params as MessageParams) }
  return {
    subject: text(`mail.${row.name}.subject` as MessageKey, params),
    // Parts that say nothing this time leave their empty lines behind.
    text: text(`mail.${row.name}.text` as MessageKey, params).replace(/\n{3,}/g, '\n\n'),
  }
}

const noticesFor = (db: Db, address: string, now: Date) =>
  db
    .selectFrom('mails')
    .selectAll()
    .where('address', '=', address)
    .where('urgency', '=', 'notice')
    .where('state', '=', 'waiting')
    .where('due', '<=', new Date(now.getTime() + 6 * hour))
    .where((on) => on.or([on('useless', 'is', null), on('useless', '>', now)]))
    .orderBy('due')
    .limit(20)
    .forUpdate()
    .execute()

async function lastNotice(db: Db, address: string): Promise<Date | null> {
  const row = await db
    .selectFrom('mails')
    .select((on) => on.fn.max('sent').as('sent'))
    .where('address', '=', address)
    .where('urgency', '=', 'notice')
    .where('state', '=', 'sent')
    .executeTakeFirst()
  return row?.sent ?? null
}

async function wait(trx: Trx, id: string, due: Date): Promise<null> {
  await trx.updateTable('mails').set({ due }).where('id', '=', id).execute()
  const { payload, key } = deliveryOf({ id })
  await addJob(trx, 'mail.due', payload, { key, runAt: due })
  return null
}

async function drop(trx: Trx, id: string, problem: 'too-late' | 'one-a-day'): Promise<null> {
  await trx
    .updateTable('mails')
    .set({ state: 'dropped', problem, params: '{}' })
    .where('id', '=', id)
    .execute()
  return null
}

/** Lets mails that did not leave wait for their next try; those that have had all, or were refused for good, have failed. They keep what they say for 30 days, so that they can be tried again. */
async function putOff(
  trx: Trx,
  ids: readonly string[],
  refused: ReturnType<typeof whyRefused>,
  now: Date,
): Promise<void> {
  const tried = await trx
    .updateTable('mails')
    .set({
      problem: refused.why,
      tries: sql<number>`tries + 1`,
      state: sql<
        'failed' | 'waiting'
      >`case when ${refused.lasting}::boolean or tries + 1 >= ${mostTries}::int then 'failed' else 'waiting' end`,
    })
    .where('id', 'in', ids)
    .where('state', '=', 'waiting')
    .returning(['id', 'state', 'tries'])
    .execute()
  for (const { id, state, tries } of tried) {
    if (state === 'failed') await addJob(trx, 'mail.failed', { id }, { key: `mail-failed:${id}` })
    else await wait(trx, id, new Date(now.getTime() + waitAfter(tries)))
  }
}

/** Wakes mails that should have gone an hour ago (at most a thousand): their job was lost, with a copy of the database put back or after errors of ours. Idempotent. */
export const wakeMails: Task = async (db, _payload, now) => {
  const late = await db
    .selectFrom('mails')
    .select('id')
    .where('state', '=', 'waiting')
    .where('due', '<', new Date(now.getTime() - hour))
    .orderBy('due')
    .limit(1000)
    .execute()
  await addJobs(db, 'mail.due', late.map(deliveryOf))
}
