import { sql } from 'kysely'
import { missing, Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { meaningOf, type PressForm } from '#letters/reply.ts'
import { refuseDay, setPromise } from '#letters/server/writes/promise.ts'
import { moveDelivery } from '#letters/server/writes/move.ts'
import { disownedThere, notGone } from '#letters/server/reads/reply-page.ts'
import { tellSigners } from '#letters/server/tell-signers.ts'
import { tellWriter } from '#letters/server/tell.ts'
import { askToBeLeftAlone, askToBeWrittenTo, takeBackRequest } from '#letters/server/writes/leave-alone.ts'
import { writeDown } from '#platform/server/audit.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { countOrRefuse } from '#platform/server/rates.ts'

/** Writes down what an office says on its page. A second press changes its answer instead of adding one, and what it promises: whichever answer it is. An office that asks not to be written to again is left alone from then on when the letter went to it by mail from here and the press comes from that mail; else a person decides. The writer is told once of each kind of answer, and whoever signed and wants to hear of it. Of a letter that somebody says they did not write, it can only ask not to be written to. "Not there" and "erased" look alike. */
export async function answerLetter(
  db: Db,
  _viewer: Viewer,
  input: PressForm & { from?: string; seal?: string | null },
  now: Date,
): Promise<{ code: string }> {
  if (input.from !== undefined) await countOrRefuse(db, answers(input.from), now)
  return inTransaction(db, async (trx) => {
    const to = await deliveryBy(trx, input.code)
    if (to.disowned && input.press !== 'do-not-write') throw new Refusal('conflict', 'reply.not-me.only')
    refuseDay(input.due, now)
    const { kind, answered } = meaningOf(input.press, input.promise !== null)
    // Of a letter that is erased nothing more is kept than that there was an answer.
    const kept = to.disowned ? { words: null, promise: null } : input
    const said = { kind, answered, received: now.toISOString().slice(0, 10), words: kept.words }
    const { id } = await trx
      .insertInto('letterReplies')
      .values({ delivery: to.id, via: 'reply-page', created: now, ...said })
      // A literal: with a parameter the statement fits no index once PostgreSQL plans it for any value.
      .onConflict((on) => on.column('delivery').where('via', '=', sql.lit('reply-page')).doUpdateSet(said))
      .returning('id')
      .executeTakeFirstOrThrow()
    await setPromise(trx, { ...to, reply: id, words: kept.promise, due: input.due }, now)
    await confirmArrival(trx, to, now)
    if (input.press === 'do-not-write') await askToBeLeftAlone(trx, to, input.seal ?? null, now)
    else await takeBackRequest(trx, to.id)
    const press = input.press.replaceAll('-', '_')
    await tellWriter(
      trx,
      {
        letter: to.letter,
        name: 'letter-answered',
        of: `${to.id}:${input.press}`,
        params: { office: to.office, press },
        page: '/replies',
      },
      now,
    )
    await tellSigners(
      trx,
      { letter: to.letter, of: `${to.id}:${press}`, params: { office: to.office, press } },
      now,
    )
    return { code: to.code }
  })
}

/** Lets an office that asked not to be written to be written to again, by a press from the mail that it got; what it answered stays. The log says that it happened. */
export async function writeAgain(
  db: Db,
  viewer: Viewer,
  input: { code: string; from?: string; seal: string | null },
  now: Date,
): Promise<{ code: string }> {
  if (input.from !== undefined) await countOrRefuse(db, answers(input.from), now)
  return inTransaction(db, async (trx) => {
    const to = await deliveryBy(trx, input.code)
    await askToBeWrittenTo(trx, to, input.seal)
    await writeDown(trx, viewer, { action: 'letters.again', subject: 'letters:left-alone', byLink: true })
    return { code: to.code }
  })
}

const answers = (of: string) => ({ name: 'letter-answer', of, most: 60, minutes: 60 })

async function deliveryBy(trx: Trx, code: string) {
  const row = await trx
    .selectFrom('deliveries as d')
    .innerJoin('letters as l', 'l.id', 'd.letter')
    .select(['d.id', 'd.letter', 'd.code', 'd.office', 'd.post', 'd.organisation', 'd.person'])
    .select(['d.address', 'd.email', 'd.channel', 'd.leftUs', 'd.state', 'd.evidence', 'l.week'])
    .where('d.code', '=', code)
    .select(disownedThere.as('disowned'))
    .where(notGone)
    .forUpdate('d')
    .executeTakeFirst()
  if (!row) throw missing()
  return row
}

type Answering = Awaited<ReturnType<typeof deliveryBy>>

/** Whoever answers has it: now the office says so, and what was in doubt, or was to go once more, has left. */
async function confirmArrival(trx: Trx, { id, evidence, ...row }: Answering, now: Date): Promise<void> {
  const state = row.state === 'uncertain' ? 'sent' : row.state === 'bounced-soft' ? 'assumed' : row.state
  if (state !== row.state) return moveDelivery(trx, id, { state, evidence: 'confirmed' }, now)
  if (evidence === 'confirmed') return
  await trx.updateTable('deliveries').set({ evidence: 'confirmed' }).where('id', '=', id).execute()
  await trx
    .insertInto('deliveryEvents')
    .values({ delivery: id, at: now, state, evidence: 'confirmed' })
    .execute()
}
