import { randomUUID } from 'node:crypto'
import type * as v from 'valibot'
import {
  allWordsOf,
  backTo,
  bringsLinks,
  isWatched,
  whyWaits,
  type correctedReply,
  type NewReply,
  type Said,
  type WaitReason,
} from '#comments/reply.ts'
import { watchedWords } from '#comments/server/reads/replies.ts'
import { moveReply, lockReply, ownLink, ownWord, type LockedReply } from '#comments/server/writes/move.ts'
import { namesSomebody } from '#consent/server/reads/named.ts'
import type { Language } from '#kernel/messages.ts'
import { missing, Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { onceOnly } from '#platform/server/form-keys.ts'
import { queueMail } from '#platform/server/mail.ts'
import { addJob } from '#platform/server/queue.ts'
import { countOrRefuse, type Rate } from '#platform/server/rates.ts'
import { hashToken } from '#platform/server/tokens.ts'

/** The story that is answered, which the caller has found readable, and where the answer comes from. */
export type Answered = NewReply & {
  story: { id: string; title: string; example: boolean }
  language: Language
  /** Address of whoever sends it; kept as a keyed hash only, to count. */
  client?: string
}

/** Keeps a reply to a story that the caller has found readable. Somebody signed in, of whom a person has let one be seen, is shown at once unless a watched word or a name stands in it; all others wait for a person. A guest's address is shown to nobody and is mailed the link of the reply. The second press of one form does nothing. Answers the word of the reply's own page and whether it is shown. */
export async function sayReply(
  db: Db,
  viewer: Viewer,
  input: Answered,
  now: Date,
): Promise<{ token: string; shown: boolean }> {
  await countOrRefuse(db, ratesOf(viewer, input), now)
  return inTransaction(db, async (trx) => {
    const { id, shown } = await onceOnly(trx, `reply ${input.story.id}`, input.formKey, () =>
      keep(trx, viewer, input, now),
    )
    return { token: ownWord(id), shown }
  })
}

function ratesOf(viewer: Viewer, { email, client }: Answered): Rate[] {
  const who = viewer.account ?? email
  return [
    ...(who === null ? [] : [{ name: 'reply', of: who, most: 20, minutes: 60 }]),
    ...(client === undefined ? [] : [{ name: 'reply-from', of: client, most: 60, minutes: 60 }]),
  ]
}

async function keep(
  trx: Trx,
  viewer: Viewer,
  input: Answered,
  now: Date,
): Promise<{ id: string; shown: boolean }> {
  const { story, words, name, website, language } = input
  const id = randomUUID()
  const waitsFor = await waitReason(trx, { account: viewer.account, story: story.id, words, name, website })
  const email = viewer.account === null ? input.email : null
  const state = waitsFor === null ? 'shown' : 'waiting'
  await trx
    .insertInto('replies')
    .values({
      id,
      story: story.id,
      words,
      name,
      website,
      email,
      account: viewer.account,
      state,
      waitsFor,
      token: hashToken(ownWord(id)),
      language,
      example: story.example,
      created: now,
      changed: now,
    })
    .execute()
  if (state === 'shown') await addJob(trx, 'reply.shown', { reply: id }, { key: `reply ${id}` })
  if (email !== null && !story.example) {
    const link = ownLink(id)
    await queueMail(trx, {
      key: `reply-received:${id}`,
      address: email,
      name: 'reply-received',
      params: { title: story.title, words, link, stopLink: link },
      language,
      urgency: 'answer',
      due: now,
    })
  }
  return { id, shown: state === 'shown' }
}

type Looking = Said & { account: string | null; story: string }

async function waitReason(trx: Trx, { account, story, ...said }: Looking): Promise<WaitReason | null> {
  const all = allWordsOf(said)
  return whyWaits({
    known: account !== null && (await isKnown(trx, account)),
    watched: isWatched(all, await watchedWords(trx)),
    named: await namesSomebody(trx, story, all),
    links: bringsLinks(said.words),
  })
}

/** Whether a person has let a reply of this account be seen, and none of them was hidden since. */
async function isKnown(trx: Trx, account: string): Promise<boolean> {
  const rows = await trx
    .selectFrom('replies')
    .select(['state', (on) => on.fn.countAll<number>().as('count')])
    .where('account', '=', account)
    .where((on) =>
      on.or([
        on('state', '=', 'hidden'),
        on.and([on('state', '=', 'shown'), on('decidedBy', 'is not', null)]),
      ]),
    )
    .groupBy('state')
    .execute()
  return rows.some(({ state }) => state === 'shown') && rows.every(({ state }) => state !== 'hidden')
}

async function lockOwn(trx: Trx, token: string): Promise<LockedReply> {
  const reply = await lockReply(trx, { token: hashToken(token) })
  if (!reply) throw missing()
  if (reply.held !== null) throw missing()
  return reply
}

/** Changes what whoever wrote a reply says with it. Other words are read by a person again, unless this writer's are shown at once; what the desk has hidden is changed no more. Refuses a change of words that were changed meanwhile. */
export const correctReply = (
  db: Db,
  viewer: Viewer,
  input: v.InferOutput<typeof correctedReply>,
  now: Date,
): Promise<{ token: string }> =>
  inTransaction(db, async (trx) => {
    const reply = await lockOwn(trx, input.token)
    const { words, name, website, token } = input
    if (reply.words === words && reply.name === name && reply.website === website) return { token }
    if (reply.revision !== input.revision) throw new Refusal('conflict', 'replies.changed')
    const { account, story } = reply
    const waitsFor = await waitReason(trx, { account, story, words, name, website })
    const to = waitsFor === null && reply.state !== 'declined' ? 'shown' : 'waiting'
    const said = { words, name, website, waitsFor: waitsFor ?? 'first' }
    await moveReply(trx, viewer, { reply, to, by: 'writer', said }, now)
    return { token }
  })

/** Takes a reply back: nobody sees it from that moment. For seven days whoever wrote it can bring it back, then it is erased. Idempotent. */
export const takeBackReply = (
  db: Db,
  viewer: Viewer,
  input: { token: string },
  now: Date,
): Promise<{ token: string }> =>
  inTransaction(db, async (trx) => {
    const reply = await lockOwn(trx, input.token)
    if (reply.state !== 'withdrawn')
      await moveReply(trx, viewer, { reply, to: 'withdrawn', by: 'writer' }, now)
    return { token: input.token }
  })

/** Brings a reply back that its writer took back; one that was seen waits for a person again, one that was hidden or declined is so still. Idempotent. */
export const bringReplyBack = (
  db: Db,
  viewer: Viewer,
  input: { token: string },
  now: Date,
): Promise<{ token: string }> =>
  inTransaction(db, async (trx) => {
    const reply = await lockOwn(trx, input.token)
    if (reply.state === 'withdrawn') {
      const to = backTo(reply.before ?? 'waiting')
      await moveReply(trx, viewer, { reply, to, by: 'writer' }, now)
    }
    return { token: input.token }
  })
