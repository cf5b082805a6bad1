import { day, minute } from '#kernel/limits.ts'
import { againAfter, againDays, nextOpening } from '#letters/pace.ts'
import { contactOf, pausesOf } from '#letters/server/reads/reached.ts'
import { turnAgain } from '#letters/server/reads/turns.ts'
import { returnDelivery } from '#letters/server/writes/returned.ts'
import { composeLetter } from '#letters/server/tasks/compose.ts'
import { tellWriter } from '#letters/server/tell.ts'
import { isLeftAlone } from '#letters/server/reads/do-not-write.ts'
import { saysOf } from '#letters/server/says.ts'
import { sendingOf } from '#letters/server/writes/confirm.ts'
import { moveDelivery } from '#letters/server/writes/move.ts'
import { giveUp } from '#letters/server/writes/not-sent.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { log, safeError } from '#platform/server/log.ts'
import { surelyNot, whyRefused, type Letter, type Postbox } from '#platform/server/postbox.ts'
import { addJob, idIn, type Task } from '#platform/server/queue.ts'
import { inTurn } from '#platform/server/turns.ts'

/** Makes the task that sends one delivery when it is due. That it is being sent is written down before the mail server is asked: what was in hand when a worker died is never sent again by itself, but waits for a person to decide. An office that asked not to be written to gets nothing, nor does one whose address is not good any more; the writer is told. Runs twice without sending twice. */
export const sendLetter =
  (post: Postbox, nameOfSite: (db: Db) => Promise<string>): Task =>
  async (db, payload, now) => {
    const id = idIn(payload, 'id')
    await inTurn(db, `letter:${id}`, async (on) => {
      const siteName = await nameOfSite(on)
      const ready = await inTransaction(on, (trx) => makeReady(trx, id, siteName, now))
      if (!ready) return
      let refused: unknown
      let left: Awaited<ReturnType<Postbox>>
      try {
        left = await post(ready.mail)
      } catch (error) {
        refused = error
      }
      await inTransaction(on, async (trx) => {
        if (refused !== undefined) return settleRefused(trx, ready, refused, now)
        if (left === 'example') return giveUp(trx, ready, 'example', now)
        return moveDelivery(trx, id, { state: 'sent', evidence: 'seen' }, now)
      })
    })
  }

type Known = { id: string; letter: string; office: string | null; organisation: string | null } & {
  zone: string
  leftUs: Date | null
  since: Date
}

/** Writes down that a delivery is being sent, when it is its turn. Null: it is not, or not any more. */
async function makeReady(
  trx: Trx,
  id: string,
  siteName: string,
  now: Date,
): Promise<(Known & { mail: Letter }) | null> {
  const row = await trx
    .selectFrom('deliveries as d')
    .innerJoin('letters as l', 'l.id', 'd.letter')
    .select([
      'd.id',
      'd.letter',
      'd.state',
      'd.due',
      'd.zone',
      'd.email',
      'd.address',
      'd.office',
      'd.leftUs',
    ])
    .select(['d.person', 'd.post', 'd.organisation', 'l.example', 'l.confirmed', 'd.confirmedSays'])
    .select(['l.title', 'l.words', 'l.sender', 'l.email as writer', 'd.writtenIn'])
    .where('d.id', '=', id)
    .forUpdate('d')
    .executeTakeFirst()
  if (!row) return null
  const known = { ...row, since: row.leftUs ?? row.confirmed ?? now }
  if (row.state === 'sending') return doubt(trx, known, now)
  if (row.state !== 'queued' && row.state !== 'bounced-soft') return null
  if (row.due === null || row.due.getTime() > now.getTime() + minute) return wait(trx, id, row.due ?? now)
  if (row.state === 'bounced-soft') await moveDelivery(trx, id, { state: 'queued', evidence: 'seen' }, now)
  if (row.example) return giveUp(trx, known, 'example', now)
  const confirmed = row.confirmedSays?.equals(saysOf({ ...row, email: row.writer }, row)) === true
  const mail = confirmed ? await composeLetter(trx, id, siteName) : null
  if (mail === null) return giveUp(trx, known, 'gone', now)
  if (await isLeftAlone(trx, row)) return giveUp(trx, known, 'asked', now)
  const contact = await contactOf(trx, row, now)
  if (contact === null) return giveUp(trx, known, 'contact', now)
  const { due } = nextOpening(now, row.zone, await pausesOf(trx, row.organisation, now))
  if (due > now) return wait(trx, id, due)
  await moveDelivery(trx, id, { state: 'sending', evidence: 'seen' }, now)
  await trx
    .updateTable('deliveries')
    .set((on) => ({ contact, tries: on('tries', '+', 1) }))
    .where('id', '=', id)
    .execute()
  return { ...known, mail }
}

async function wait(trx: Trx, id: string, due: Date): Promise<null> {
  await trx.updateTable('deliveries').set({ due }).where('id', '=', id).execute()
  const { payload, key } = sendingOf({ id })
  await addJob(trx, 'letter.due', payload, { key, runAt: due })
  return null
}

/** Somebody who had it in hand is gone: perhaps it left, perhaps not. */
async function doubt(trx: Trx, { id, letter, office }: Known, now: Date): Promise<null> {
  await moveDelivery(trx, id, { state: 'uncertain', evidence: 'seen' }, now)
  await tellWriter(
    trx,
    { letter, name: 'letter-uncertain', of: `${id}:${now.getTime()}`, params: { office }, page: '/send' },
    now,
  )
  return null
}

async function settleRefused(trx: Trx, known: Known, error: unknown, now: Date): Promise<unknown> {
  const { why, lasting } = whyRefused(error)
  const details = why === 'ours' && { error: safeError(error) }
  log.warn({ delivery: known.id, why, lasting, ...details }, 'a letter did not leave')
  if (!surelyNot(error)) return doubt(trx, known, now)
  if (why === 'address' && lasting) return returnDelivery(trx, known.id, { status: '5.1.1' }, now)
  if (lasting) return giveUp(trx, known, 'server', now)
  if (now.getTime() + againAfter > known.since.getTime() + againDays * day)
    return giveUp(trx, known, 'server', now)
  await moveDelivery(trx, known.id, { state: 'queued', evidence: 'seen' }, now)
  return wait(trx, known.id, await turnAgain(trx, known, now))
}
