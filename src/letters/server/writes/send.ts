import { day } from '#kernel/limits.ts'
import { missing, Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { isUnderWay, mayBeSent } from '#letters/delivery.ts'
import { confirmDays, keptDays } from '#letters/letter.ts'
import { mostFromHere } from '#letters/pace.ts'
import { rateHere } from '#letters/server/rate-here.ts'
import type { SendForm } from '#letters/send.ts'
import { contactOf } from '#letters/server/reads/reached.ts'
import { tellWriter } from '#letters/server/tell.ts'
import { isLeftAlone } from '#letters/server/reads/do-not-write.ts'
import { moveDelivery } from '#letters/server/writes/move.ts'
import { readConfig } from '#platform/server/config.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { countOrRefuse } from '#platform/server/rates.ts'
import { siteAddress } from '#platform/server/site-address.ts'
import { hashToken, keyedHash } from '#platform/server/tokens.ts'

/** Answers the word in the address where a letter from here is confirmed: of one letter and one e-mail. */
export const confirmWord = (letter: string, email: string): string =>
  keyedHash(`letter-confirm:${letter}:${email}`)

/** Answers the address where a letter from here is confirmed. */
export const confirmLink = (letter: string, email: string): string =>
  `${siteAddress(readConfig())}/letters/confirm/${confirmWord(letter, email)}`

/** Takes a letter to be sent from here: keeps its words until it has gone and 28 days longer, and mails its writer a link to a page where one press sends it to all of the chosen offices, at most 20 of one letter. Nothing leaves before that. Only for offices whose e-mail is in the directory. The same once more changes nothing, and mails nothing. */
export async function askToSend(
  db: Db,
  _viewer: Viewer,
  input: SendForm & { from?: string },
  now: Date,
): Promise<{ token: string }> {
  // Counted by itself: what is refused below counts as well.
  await countOrRefuse(
    db,
    [
      { name: 'letter-send', of: input.email, most: 10, minutes: 60 },
      ...(input.from === undefined ? [] : [rateHere('letter-send-from', input.from)]),
    ],
    now,
  )
  return inTransaction(db, async (trx) => {
    const letter = await lockLetter(trx, input.token)
    const all = await deliveriesOf(trx, letter.id, input.delivery)
    const chosen = all.filter((one) => input.delivery.includes(one.id))
    if (chosen.length < input.delivery.length) {
      throw new Refusal('conflict', 'letters.office-gone', {}, 'delivery')
    }
    if (all.length > mostFromHere) {
      throw new Refusal('invalid', 'letters.send.too-many', { requirement: mostFromHere }, 'delivery')
    }
    const same = sameWords(letter, input)
    if (!same && all.some(({ state }) => isUnderWay(state))) {
      throw new Refusal('conflict', 'letters.send.under-way')
    }
    for (const one of chosen) await checkOffice(trx, one, now)
    const again = same && chosen.every(({ state }) => state === 'confirming')
    if (again) return { token: input.token }
    const revision = await keepWords(trx, letter.id, input, now)
    for (const one of chosen) {
      await moveDelivery(trx, one.id, { state: 'confirming', evidence: 'said', channel: 'from-here' }, now)
    }
    const link = confirmLink(letter.id, input.email)
    await tellWriter(
      trx,
      {
        letter: letter.id,
        name: 'letter-confirm',
        of: String(revision),
        params: { link, stopLink: link, count: chosen.length, days: confirmDays },
        urgency: 'answer',
      },
      now,
    )
    return { token: input.token }
  })
}

async function lockLetter(trx: Trx, token: string) {
  const letter = await trx
    .selectFrom('letters')
    .select(['id', 'title', 'words', 'sender', 'email', 'example', 'erased'])
    .where('token', '=', hashToken(token))
    .forUpdate()
    .executeTakeFirst()
  if (!letter || letter.erased !== null) throw missing()
  if (letter.example) throw new Refusal('conflict', 'letters.send.example')
  return letter
}

/** Those that are chosen, and those that go from here already. */
const deliveriesOf = (trx: Trx, letter: string, chosen: readonly string[]) =>
  trx
    .selectFrom('deliveries')
    .select(['id', 'state', 'office', 'email', 'address', 'person', 'post', 'organisation'])
    .where('letter', '=', letter)
    .where((on) => on.or([on('id', 'in', chosen), on('channel', '=', 'from-here')]))
    .limit(2 * mostFromHere)
    .execute()

const senderOf = (input: SendForm) => ({
  name: input.name,
  lines: input.lines,
  greeting: input.greeting,
  closing: input.closing,
})

function sameWords(
  kept: { title: string | null; words: string | null; sender: unknown; email: string | null },
  input: SendForm,
): boolean {
  const sender = kept.sender as Record<string, unknown> | null
  return (
    kept.title === input.title &&
    kept.words === input.words &&
    kept.email === input.email &&
    Object.entries(senderOf(input)).every(
      ([name, value]) => JSON.stringify(sender?.[name]) === JSON.stringify(value),
    )
  )
}

type Chosen = Awaited<ReturnType<typeof deliveriesOf>>[number]

async function checkOffice(trx: Trx, to: Chosen, now: Date): Promise<void> {
  const office = to.office ?? ''
  if (!mayBeSent(to.state)) throw new Refusal('conflict', 'letters.has-left', {}, 'delivery')
  if (await isLeftAlone(trx, to)) {
    throw new Refusal('conflict', 'letters.left-alone', { office }, 'delivery')
  }
  // Whom somebody typed by hand may be anybody: only public business addresses are written to from here.
  if (to.email === null || (await contactOf(trx, to, now)) === null) {
    throw new Refusal('conflict', 'letters.send.not-known', { office }, 'delivery')
  }
}

async function keepWords(trx: Trx, letter: string, input: SendForm, now: Date): Promise<number> {
  const { revision } = await trx
    .updateTable('letters')
    .set((on) => ({
      title: input.title,
      words: input.words,
      sender: JSON.stringify(senderOf(input)),
      email: input.email,
      confirmed: null,
      notMe: null,
      confirming: hashToken(confirmWord(letter, input.email)),
      confirmBy: new Date(now.getTime() + confirmDays * day),
      erase: on.fn('greatest', ['erase', on.val(new Date(now.getTime() + keptDays * day))]),
      revision: on('revision', '+', 1),
    }))
    .where('id', '=', letter)
    .returning('revision')
    .executeTakeFirstOrThrow()
  return revision
}
