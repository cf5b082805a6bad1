import { sql } from 'kysely'
import { day } from '#kernel/limits.ts'
import { missing, Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { keptDays } from '#letters/letter.ts'
import { disownedThere } from '#letters/server/reads/reply-page.ts'
import { isNeverSent } from '#letters/server/never-sent.ts'
import { lastTurn, turnOf } from '#letters/server/reads/turns.ts'
import { saysOf } from '#letters/server/says.ts'
import { eraseLetters } from '#letters/server/writes/erase.ts'
import { moveDelivery } from '#letters/server/writes/move.ts'
import { readConfig } from '#platform/server/config.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { addJob } from '#platform/server/queue.ts'
import { hashToken } from '#platform/server/tokens.ts'

/** Answers the job that sends one delivery; it has one at most. */
export const sendingOf = ({ id }: { id: string }) => ({ payload: { id }, key: `letter:${id}` })

/** Sends a letter once its writer has read it and said so: every delivery that waited for this word, but for those to offices of an example, gets its turn by this one yes, in the hours of its office, after its pause, and with time between letters to one mailbox. Refuses when the words are others than were read, or after seven days. Pressed again, nothing happens. */
export async function confirmLetter(
  db: Db,
  _viewer: Viewer,
  input: { word: string; revision: number },
  now: Date,
): Promise<{ word: string }> {
  await inTransaction(db, async (trx) => {
    const letter = await byWord(trx, input.word)
    if (letter.confirmed !== null) return
    if (letter.revision !== input.revision) throw new Refusal('conflict', 'refusal.stale')
    if (letter.confirmBy === null || letter.confirmBy <= now) {
      throw new Refusal('conflict', 'letters.confirm.over')
    }
    let erase = letter.erase ?? now
    for (const to of await waiting(trx, letter.id, ['confirming'])) {
      // Of these the page has said before that they are never sent: no mail says it once more.
      if (isNeverSent(to.email)) {
        await moveDelivery(trx, to.id, { state: 'failed', evidence: 'seen', note: 'example' }, now)
        continue
      }
      const due = await queueDelivery(trx, to.id, now)
      await trx
        .updateTable('deliveries')
        .set({ confirmedSays: saysOf(letter, to) })
        .where('id', '=', to.id)
        .execute()
      const kept = new Date(due.getTime() + keptDays * day)
      if (kept > erase) erase = kept
    }
    await trx.updateTable('letters').set({ confirmed: now, erase }).where('id', '=', letter.id).execute()
  })
  return { word: input.word }
}

/** Calls a letter off because whoever got the link did not write it: nothing of it leaves any more, and everything personal in it is erased at once. What has left cannot be called back: the page of its office says from then on that whoever is named in it did not write it. Answers whether any had left. */
export async function refuseLetter(
  db: Db,
  _viewer: Viewer,
  input: { word: string },
  now: Date,
): Promise<{ left: boolean }> {
  const { left, files } = await inTransaction(db, async (trx) => {
    const letter = await byWord(trx, input.word)
    for (const { id } of await waiting(trx, letter.id, ['confirming', 'queued'])) {
      await moveDelivery(trx, id, { state: 'failed', evidence: 'said', note: 'not-me' }, now)
    }
    await trx.updateTable('letters').set({ notMe: now }).where('id', '=', letter.id).execute()
    const row = await trx
      .selectFrom('deliveries as d')
      .innerJoin('letters as l', 'l.id', 'd.letter')
      .select('d.id')
      .where('l.id', '=', letter.id)
      .where(disownedThere)
      .executeTakeFirst()
    return { left: row !== undefined, ...(await eraseLetters(trx, [letter.id], now)) }
  })
  await files(readConfig())
  return { left }
}

async function byWord(trx: Trx, word: string) {
  const letter = await trx
    .selectFrom('letters')
    .select(['id', 'revision', 'confirmed', 'confirmBy', 'erase', 'title', 'words', 'sender', 'email'])
    .where('confirming', '=', hashToken(word))
    .where('erased', 'is', null)
    .forUpdate()
    .executeTakeFirst()
  if (!letter) throw missing()
  return letter
}

const waiting = (trx: Trx, letter: string, states: ('confirming' | 'queued')[]) =>
  trx
    .selectFrom('deliveries')
    .select(['id', 'email', 'writtenIn'])
    .where('letter', '=', letter)
    .where('state', 'in', states)
    // In one order for all, so that two letters to the same mailboxes do not wait for each other.
    .orderBy('email')
    .orderBy('id')
    .limit(50)
    .execute()

/** Gives a delivery its turn and the job that sends it. Answers when that is. */
export async function queueDelivery(trx: Trx, id: string, now: Date): Promise<Date> {
  const to = await trx
    .selectFrom('deliveries')
    .select(['id', 'email', 'organisation', 'zone'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  await moveDelivery(trx, id, { state: 'queued', evidence: 'said' }, now)
  // Whoever asks for a turn at one mailbox at the same moment gets the next one.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`letters-to:${to.email ?? ''}`}, 0))`.execute(trx)
  const { due } = await turnOf(trx, to, await lastTurn(trx, to), now)
  await trx.updateTable('deliveries').set({ due }).where('id', '=', id).execute()
  const { payload, key } = sendingOf({ id })
  await addJob(trx, 'letter.due', payload, { key, runAt: due })
  return due
}
