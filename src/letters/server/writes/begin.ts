import { randomInt, randomUUID } from 'node:crypto'
import { day } from '#kernel/limits.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { keptDays, mostOffices, mostTicked, type LetterForm } from '#letters/letter.ts'
import { chosenBy } from '#letters/server/reads/choice.ts'
import { rateHere } from '#letters/server/rate-here.ts'
import { leftAloneAmong } from '#letters/server/reads/do-not-write.ts'
import { officesBy, type Office } from '#letters/server/reads/offices.ts'
import { readConfig } from '#platform/server/config.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { onceOnly } from '#platform/server/form-keys.ts'
import { queueMail } from '#platform/server/mail.ts'
import { countOrRefuse, type Rate } from '#platform/server/rates.ts'
import { siteAddress } from '#platform/server/site-address.ts'
import { hashToken, keyedHash } from '#platform/server/tokens.ts'
import { currentWeek } from '#weeks/server/reads.ts'

/** Letters that are not taken for one another on paper: 32⁸ codes. */
const letters = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'
const some = (count: number): string =>
  Array.from({ length: count }, () => letters[randomInt(letters.length)]).join('')

/** Answers a code for one delivery, as it is printed: "K7QD-4MTX". */
export const newCode = (): string => `${some(4)}-${some(4)}`

/** Answers the word in the address of a letter's own page; whoever has it is the writer. */
export const letterWord = (letter: string): string => keyedHash(`letter:${letter}`)

/** Answers the word in the address where others sign a joint letter. */
export const signingWord = (letter: string): string => keyedHash(`signing:${letter}`)

/** Answers the address of a letter's own page. */
export const letterLink = (letter: string): string =>
  `${siteAddress(readConfig())}/letters/${letterWord(letter)}`

/** Begins a letter to one office or several: writes down whom it is for, and of its words only what the writer asked to keep here, for 28 days. Mails the link to its page when there is an address. Answers the word of that page. An office that nobody can reach yet waits for an address; one that asked not to be written to is refused, or left out of a choice whose page says so. The second press of one form is given the first one's answer. */
export async function beginLetter(
  db: Db,
  _viewer: Viewer,
  input: LetterForm & { from?: string },
  now: Date,
): Promise<{ token: string }> {
  return inTransaction(db, async (trx) => {
    const { id } = await onceOnly(trx, 'letter', input.formKey, async () => {
      await countOrRefuse(trx, ratesOf(input), now)
      const week = await currentWeek(trx, now)
      if (!week) throw new Refusal('conflict', 'letters.no-week')
      await checkAsk(trx, week.year, input.ask)
      const offices = await officesOf(trx, input, now)
      const letter = await keepLetter(trx, week.year, input, now)
      await addDeliveries(trx, letter, offices, now)
      if (input.email !== null) await mailLink(trx, letter, input, now)
      return { id: letter }
    })
    return { token: letterWord(id) }
  })
}

function ratesOf(input: LetterForm & { from?: string }): Rate[] {
  const from = input.from === undefined ? [] : [rateHere('letter-from', input.from)]
  const by = input.email === null ? [] : [{ name: 'letter', of: input.email, most: 10, minutes: 60 }]
  return [...from, ...by]
}

async function checkAsk(trx: Trx, week: number, ask: string | null): Promise<void> {
  if (ask === null) return
  const row = await trx
    .selectFrom('asks')
    .select('code')
    .where('week', '=', week)
    .where('code', '=', ask)
    .where('retired', '=', false)
    .executeTakeFirst()
  if (!row) throw new Refusal('invalid', 'input.choose', {}, 'ask')
}

type Whom = Pick<
  Office,
  'person' | 'post' | 'organisation' | 'contact' | 'label' | 'address' | 'email' | 'language'
>

async function officesOf(trx: Trx, input: LetterForm & { from?: string }, now: Date): Promise<Whom[]> {
  const named = await namedIn(trx, input, now)
  const chosen = input.choice === null ? null : await chosenBy(trx, input.choice, now)
  if (input.choice !== null && !chosen) throw new Refusal('conflict', 'letters.choice-gone', {}, 'offices')
  const ticked = new Set(input.offices)
  const all = [...(chosen?.offices.filter((one) => !ticked.has(one.ref)) ?? []), ...named]
  if (all.length === 0) throw new Refusal('invalid', 'letters.whom', {}, 'officeName')
  if (all.length > mostOffices) {
    const params = { count: all.length, most: mostOffices }
    throw new Refusal('invalid', 'letters.who.too-many', params, 'offices')
  }
  if (all.length > mostTicked && input.from !== undefined)
    await countOrRefuse(trx, { name: 'letter-run', of: input.from, most: 6, minutes: 60 }, now)
  return all
}

/** Answers the offices that a form ticks or types; refuses those that are gone, and those that asked not to be written to. */
export async function namedIn(db: Db, input: LetterForm, now: Date): Promise<Whom[]> {
  const known = await officesBy(db, input.offices, now)
  if (known.length < input.offices.length) throw new Refusal('conflict', 'letters.office-gone', {}, 'offices')
  const named = [...known, ...typedIn(input)]
  const [alone] = await leftAloneAmong<Whom>(db, named)
  if (alone) throw new Refusal('conflict', 'letters.left-alone', { office: alone.label }, 'offices')
  return named
}

const typedIn = (input: LetterForm): Whom[] =>
  input.officeName === null
    ? []
    : [
        {
          person: null,
          post: null,
          organisation: null,
          contact: { address: null, email: null },
          label: input.officeName,
          email: input.officeEmail,
          language: input.language,
          address: input.officeLines.length > 0 ? [input.officeName, ...input.officeLines] : null,
        },
      ]

async function keepLetter(trx: Trx, week: number, input: LetterForm, now: Date): Promise<string> {
  const id = randomUUID()
  const kept = {
    title: input.title,
    words: input.words,
    sender: JSON.stringify({
      name: input.name,
      lines: input.lines,
      greeting: input.greeting,
      closing: input.closing,
    }),
  }
  await trx
    .insertInto('letters')
    .values({
      id,
      token: hashToken(letterWord(id)),
      week,
      ask: input.ask,
      writtenIn: input.language,
      writer: input.writer,
      aboutAnother: input.aboutAnother,
      lookedOver: input.lookedOver,
      largePrint: input.largePrint,
      envelope: input.envelope,
      email: input.email,
      erase: new Date(now.getTime() + keptDays * day),
      created: now,
      ...(input.keep && kept),
      ...(input.writer === 'joint' && { signing: hashToken(signingWord(id)) }),
    })
    .execute()
  return id
}

/** The offices of a letter stay in the order in which they were chosen: a millisecond apart. */
async function addDeliveries(trx: Trx, letter: string, offices: readonly Whom[], now: Date): Promise<void> {
  const rows = await trx
    .insertInto('deliveries')
    .values(
      offices.map((office, place) => {
        const byPost = office.address !== null || office.email === null
        return {
          letter,
          person: office.person,
          post: office.post,
          organisation: office.organisation,
          contact: byPost ? office.contact.address : office.contact.email,
          office: office.label,
          address: office.address,
          email: office.email,
          writtenIn: office.language,
          channel: byPost ? ('post' as const) : ('own-mail' as const),
          state:
            office.address !== null || office.email !== null ? ('planned' as const) : ('no-address' as const),
          code: newCode(),
          changed: now,
          created: new Date(now.getTime() + place),
        }
      }),
    )
    .returning(['id', 'state'])
    .execute()
  await trx
    .insertInto('deliveryEvents')
    .values(rows.map(({ id, state }) => ({ delivery: id, at: now, state, evidence: 'said' as const })))
    .execute()
}

async function mailLink(trx: Trx, letter: string, input: LetterForm, now: Date): Promise<void> {
  await queueMail(trx, {
    key: `letter-link:${letter}`,
    address: input.email ?? '',
    name: 'letter-link',
    params: { link: letterLink(letter), stopLink: letterLink(letter) },
    urgency: 'answer',
    due: now,
  })
}
