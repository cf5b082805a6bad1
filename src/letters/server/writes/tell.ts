import { missing, Refusal } from '#kernel/refusal.ts'
import { dayOf } from '#kernel/times.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { QuickForm, TellForm } from '#letters/reply.ts'
import { refuseDay, setPromise } from '#letters/server/writes/promise.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { onceOnly } from '#platform/server/form-keys.ts'
import { hashToken } from '#platform/server/tokens.ts'

/** More answers than this to one letter nobody gets. */
const mostReplies = 50

/** Writes down an answer as the writer of the letter tells it: how it came, what kind it was, whether it answered the ask, and what was promised. Its words are erased with the letter. The second press of one form does nothing. */
export async function tellReply(
  db: Db,
  _viewer: Viewer,
  input: TellForm,
  now: Date,
): Promise<{ token: string }> {
  return inTransaction(db, async (trx) => {
    const to = await ownDelivery(trx, input)
    if (input.received > dayOf(now, 'Pacific/Kiritimati')) {
      throw new Refusal('invalid', 'letters.reply.later', {}, 'received')
    }
    refuseDay(input.due, now)
    await onceOnly(trx, 'letter-reply', input.formKey, async () => {
      const { received, via, kind, answered, words } = input
      const id = await addReply(trx, to.id, { received, via, kind, answered, words }, now)
      await setPromise(trx, { ...to, reply: id, words: input.promise, due: input.due }, now)
      return null
    })
    return { token: input.token }
  })
}

/** Answers the question of the mails after 14 and 21 days with one press. The same press again does nothing. */
export async function tellQuickly(
  db: Db,
  _viewer: Viewer,
  input: QuickForm,
  now: Date,
): Promise<{ token: string }> {
  return inTransaction(db, async (trx) => {
    const to = await ownDelivery(trx, input)
    if (input.answer === 'not-expected') {
      // Nobody asks again.
      await trx
        .updateTable('deliveries')
        .set((on) => ({
          asked14: on.fn.coalesce('asked14', on.val(now)),
          asked21: on.fn.coalesce('asked21', on.val(now)),
        }))
        .where('id', '=', to.id)
        .execute()
    }
    if (input.answer === 'answered' || input.answer === 'acknowledged') {
      const kind = input.answer
      const told = await trx
        .selectFrom('letterReplies')
        .select('id')
        .where('delivery', '=', to.id)
        .where('kind', '=', kind)
        .executeTakeFirst()
      const received = now.toISOString().slice(0, 10)
      // One press does not say how it came: a letter that was handed over may be answered by phone.
      if (!told) await addReply(trx, to.id, { received, via: null, kind, answered: null, words: null }, now)
    }
    return { token: input.token }
  })
}

type NewReply = Pick<TellForm, 'received' | 'kind' | 'words'> & {
  via: TellForm['via'] | null
  answered: TellForm['answered'] | null
}

async function addReply(trx: Trx, delivery: string, reply: NewReply, now: Date): Promise<string> {
  const { count } = await trx
    .selectFrom('letterReplies')
    .select((on) => on.fn.countAll<number>().as('count'))
    .where('delivery', '=', delivery)
    .executeTakeFirstOrThrow()
  if (count >= mostReplies) throw new Refusal('conflict', 'letters.reply.many')
  const { id } = await trx
    .insertInto('letterReplies')
    .values({ delivery, created: now, ...reply })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** Writes down that the writer has thanked for an answer. Pressed again, nothing happens. */
export async function thankFor(
  db: Db,
  _viewer: Viewer,
  input: { token: string; reply: string },
  now: Date,
): Promise<{ token: string }> {
  return inTransaction(db, async (trx) => {
    const row = await trx
      .selectFrom('letterReplies as r')
      .innerJoin('deliveries as d', 'd.id', 'r.delivery')
      .innerJoin('letters as l', 'l.id', 'd.letter')
      .select('r.id')
      .where('r.id', '=', input.reply)
      .where('l.token', '=', hashToken(input.token))
      .where('l.erased', 'is', null)
      .executeTakeFirst()
    if (!row) throw missing()
    await trx
      .updateTable('letterReplies')
      .set({ thanked: now })
      .where('id', '=', row.id)
      .where('thanked', 'is', null)
      .execute()
    return { token: input.token }
  })
}

/** Takes back an answer that the writer told, and what it promised unless somebody has settled that; answers what it said, for the form in which it is put right. What an office said on its page is not the writer's to take back. */
export async function takeBackReply(
  db: Db,
  _viewer: Viewer,
  input: { token: string; reply: string },
  now: Date,
): Promise<Record<string, string>> {
  return inTransaction(db, async (trx) => {
    const row = await trx
      .selectFrom('letterReplies as r')
      .innerJoin('deliveries as d', 'd.id', 'r.delivery')
      .innerJoin('letters as l', 'l.id', 'd.letter')
      .leftJoin('promises as p', 'p.reply', 'r.id')
      .select(['r.id', 'r.delivery', 'r.received', 'r.via', 'r.kind', 'r.answered', 'r.words'])
      .select(['d.office', 'd.post', 'd.organisation', 'l.week', 'p.words as promise', 'p.due'])
      .where('r.id', '=', input.reply)
      .where('l.token', '=', hashToken(input.token))
      .where('l.erased', 'is', null)
      .where((on) => on.or([on('r.via', 'is', null), on('r.via', '<>', 'reply-page')]))
      .forUpdate('r')
      .executeTakeFirst()
    if (!row) throw missing()
    const { id, delivery, office, post, organisation, week, ...said } = row
    const nothing = { id: delivery, week, post, organisation, office, reply: id, words: null, due: null }
    await setPromise(trx, nothing, now)
    await trx.deleteFrom('letterReplies').where('id', '=', id).execute()
    return {
      delivery,
      ...Object.fromEntries(Object.entries(said).map(([name, value]) => [name, value ?? ''])),
    }
  })
}

async function ownDelivery(trx: Trx, { token, delivery }: { token: string; delivery: string }) {
  const row = await trx
    .selectFrom('deliveries as d')
    .innerJoin('letters as l', 'l.id', 'd.letter')
    .select(['d.id', 'd.office', 'd.post', 'd.organisation', 'l.week'])
    .where('d.id', '=', delivery)
    .where('l.token', '=', hashToken(token))
    .where('l.erased', 'is', null)
    .forUpdate('d')
    .executeTakeFirst()
  if (!row) throw missing()
  return row
}
