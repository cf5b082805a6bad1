import { Refusal } from '#kernel/refusal.ts'
import type { Language } from '#kernel/messages.ts'
import { hasLeft } from '#letters/delivery.ts'
import type { LetterWords } from '#letters/letter.ts'
import { setLetters, tryLetters, type PaperChoices, type Sheet } from '#letters/server/paper/paper.ts'
import type { OwnDelivery, OwnLetter } from '#letters/server/reads/own.ts'
import { readConfig } from '#platform/server/config.ts'
import { siteAddress } from '#platform/server/site-address.ts'
import type { Typesetter } from '#platform/server/typeset.ts'

/** A letter with its words, wherever these are kept, and what else stands on the sheet. */
export type Whole = { letter: OwnLetter; words: LetterWords; who: string; language: Language; now: Date }

function sheetOf({ letter, words, who, now }: Whole, delivery: OwnDelivery): Sheet {
  return {
    language: letter.language,
    sender: { name: words.name, lines: words.lines },
    address: delivery.address ?? [],
    day: now.toISOString().slice(0, 10),
    title: words.title,
    greeting: words.greeting,
    words: words.words,
    closing: words.closing,
    signatures: letter.signatures,
    code: delivery.code,
    replyAddress: `${siteAddress(readConfig())}/reply/${delivery.code}`,
    who,
  }
}

/** Answers the deliveries that can go on paper: of those with an address the ones asked for; without asking those that have not left, or all when all have. */
export function onPaper(letter: OwnLetter, ids: readonly string[] = []): OwnDelivery[] {
  const all = letter.deliveries.filter((one) => one.address !== null && one.state !== 'cancelled')
  if (ids.length > 0) return all.filter((one) => ids.includes(one.id))
  const open = all.filter((one) => !hasLeft(one.state))
  return open.length > 0 ? open : all
}

/** Sets a letter to its offices as one PDF in posting order, with the list in front when there are several. Throws `invalid` with the sentence when something in it cannot be printed. */
export const setOwnLetter = (
  typesetter: Typesetter,
  whole: Whole,
  deliveries: readonly OwnDelivery[],
): Promise<Uint8Array> =>
  setLetters(
    typesetter,
    deliveries.map((one) => sheetOf(whole, one)),
    choicesOf(whole, deliveries.length),
  )

const choicesOf = ({ letter, language }: Whole, count: number): PaperChoices => ({
  envelope: letter.envelope,
  largePrint: letter.largePrint,
  language,
  list: count > 1,
})

/** Answers why a letter cannot be printed as it stands; null when it can, or nobody has an address. */
export async function whyNotOnPaper(typesetter: Typesetter, whole: Whole): Promise<Refusal | null> {
  const deliveries = onPaper(whole.letter)
  if (deliveries.length === 0) return null
  try {
    const [first, ...others] = deliveries.map((one) => sheetOf(whole, one))
    if (first) await tryLetters(typesetter, [first, ...others], choicesOf(whole, 1))
    return null
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}
