import { missing, Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Channel } from '#letters/delivery.ts'
import { mayLookAfterLetters } from '#letters/may.ts'
import type { RequestState } from '#letters/reply.ts'
import { sealOf } from '#letters/server/codes.ts'
import { addressHashes, isLeftAlone, leftAloneAmong } from '#letters/server/reads/do-not-write.ts'
import { sameOffice } from '#letters/server/reads/left-alone.ts'
import { giveUp } from '#letters/server/writes/not-sent.ts'
import { writeDown } from '#platform/server/audit.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'

export type Pressed = {
  id: string
  code: string
  channel: Channel
  leftUs: Date | null
  address: string[] | null
  email: string | null
  post: string | null
  person: string | null
  organisation: string | null
}

/** Answers whether nobody but the office can have pressed: the letter went to it by mail from here, and the press comes from the address in that mail. A code alone proves nothing: the writer has it too, of an office that they perhaps typed themselves. */
export const surelyOffice = (
  to: Pick<Pressed, 'code' | 'channel' | 'leftUs'>,
  seal: string | null,
): boolean => to.channel === 'from-here' && to.leftUs !== null && seal === sealOf(to.code)

/** For whom an office asks: a body for itself alone, and nobody for the body they are in. */
const whoseOf = ({ post, person, organisation }: Pressed) => ({
  post,
  organisation: post === null && person === null ? organisation : null,
})

/** Leaves an office alone from now on, in letters that wait to leave and in every letter to come, known by hashes of its addresses; when it is not sure that the office asks, lets a person decide first. Idempotent: what somebody has decided about one letter stays decided. */
export async function askToBeLeftAlone(trx: Trx, to: Pressed, seal: string | null, now: Date): Promise<void> {
  // An office without the one or the other has a hash of nothing there, which would fit every other such office.
  const nothing = addressHashes({ email: null, address: null })
  const addresses = addressHashes(to).filter((hash) => !nothing.includes(hash))
  if (addresses.length === 0) return
  const whose = whoseOf(to)
  if (surelyOffice(to, seal)) {
    await trx.deleteFrom('doNotWriteRequests').where('delivery', '=', to.id).execute()
    await leaveAlone(trx, { ...whose, addresses, request: null }, now)
    return
  }
  await trx
    .insertInto('doNotWriteRequests')
    .values({ delivery: to.id, addresses, ...whose, created: now })
    .onConflict((on) => on.column('delivery').doNothing())
    .execute()
}

/** Takes back what an office asked and nobody has decided about, because it answers something else now. */
export async function takeBackRequest(trx: Trx, delivery: string): Promise<void> {
  await trx
    .deleteFrom('doNotWriteRequests')
    .where('delivery', '=', delivery)
    .where('state', '=', 'waiting')
    .execute()
}

/** Lets an office be written to again, at all of its addresses, because the office itself wants it; refuses a press that may be the writer's, and where others asked for the same address or for the whole body. Pressed again, nothing happens. */
export async function askToBeWrittenTo(trx: Trx, to: Pressed, seal: string | null): Promise<void> {
  if (!surelyOffice(to, seal)) throw new Refusal('conflict', 'reply.again.mail')
  const { post, organisation } = whoseOf(to)
  // Who has the mail has its e-mail: of a postal address that several share they cannot speak for the others.
  const [email = ''] = addressHashes(to)
  const rows = await trx
    .selectFrom('doNotWrite')
    .select(['address', 'organisation', 'post', 'request', 'since'])
    .where((on) =>
      on.or([
        on.and([on('address', '=', email), on('post', 'is', null), on('organisation', 'is', null)]),
        ...(post === null ? [] : [on('post', '=', post)]),
        ...(organisation === null ? [] : [on('organisation', '=', organisation)]),
      ]),
    )
    .execute()
  for (const row of rows) await trx.deleteFrom('doNotWrite').where(sameOffice(row)).execute()
  if (await isLeftAlone(trx, to)) throw new Refusal('conflict', 'reply.again.others')
  await trx.deleteFrom('doNotWriteRequests').where('delivery', '=', to.id).execute()
}

type Alone = {
  addresses: string[]
  organisation: string | null
  post: string | null
  request: string | null
}

async function leaveAlone(trx: Trx, { addresses, ...of }: Alone, now: Date): Promise<void> {
  await trx
    .insertInto('doNotWrite')
    .values(addresses.map((address) => ({ address, ...of, reason: 'reply-page', since: now })))
    .onConflict((on) => on.column('address').doNothing())
    .execute()
  await callOff(trx, now)
}

/** Letters that wait to leave for an office that is left alone do not leave: their writers hear it now, not at their turn. */
async function callOff(trx: Trx, now: Date): Promise<void> {
  const waiting = await trx
    .selectFrom('deliveries')
    .select(['id', 'letter', 'office', 'address', 'email', 'post', 'organisation'])
    .where('state', 'in', ['confirming', 'queued'])
    .orderBy('id')
    .limit(10_000)
    .execute()
  for (const one of await leftAloneAmong(trx, waiting)) await giveUp(trx, one, 'asked', now)
}

/** Decides whether an office is left alone that asked for it with a code, or takes a decision back so that it waits again; refuses to decide otherwise what somebody else has just decided. For those who look after letters. Pressed again, nothing happens. */
export async function decideLeaveAlone(
  db: Db,
  viewer: Viewer,
  input: { request: string; to: RequestState },
  now: Date,
): Promise<void> {
  if (!mayLookAfterLetters(viewer)) throw missing()
  const { request, to } = input
  await inTransaction(db, async (trx) => {
    const row = await trx
      .selectFrom('doNotWriteRequests')
      .select(['state', 'addresses', 'organisation', 'post'])
      .where('id', '=', request)
      .forUpdate()
      .executeTakeFirst()
    if (!row) throw missing()
    if (row.state === to) return
    if (row.state !== 'waiting' && to !== 'waiting')
      throw new Refusal('conflict', 'desk.letters.decided.already', { state: row.state })
    const { state: _state, ...of } = row
    await trx.deleteFrom('doNotWrite').where('request', '=', request).execute()
    if (to === 'accepted') await leaveAlone(trx, { ...of, request }, now)
    await trx
      .updateTable('doNotWriteRequests')
      .set({ state: to, decided: to === 'waiting' ? null : now })
      .where('id', '=', request)
      .execute()
    await writeDown(trx, viewer, {
      action: 'letters.alone',
      subject: `do-not-write-requests:${request}`,
      details: { to },
    })
  })
}
