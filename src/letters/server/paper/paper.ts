import { mailLanguage, textIn, type Language, type Text } from '#kernel/messages.ts'
import { Refusal } from '#kernel/refusal.ts'
import { sayDay, type Day } from '#kernel/times.ts'
import type { Typesetter } from '#platform/server/typeset.ts'
import { codeOf } from '#platform/server/typeset/code.ts'
import { facesOf } from '#platform/server/typeset/faces.ts'
import { breakable } from '#platform/server/typeset/widths.ts'
import { blockOf } from '#letters/address.ts'
import { addressAt, geometries, type Envelope } from '#letters/envelope.ts'
import { paragraphsOf } from '#letters/letter.ts'

/** One letter as it goes on paper: all of it is text that somebody wrote, and stays text. */
export type Sheet = {
  /** BCP 47. */
  language: string
  sender: { name: string; lines: readonly string[] }
  address: readonly string[]
  day: Day
  title: string
  greeting: string
  words: string
  closing: string
  /** As everybody who signed a joint letter wants to be read. */
  signatures: readonly string[]
  code: string
  /** Where an office answers; null leaves the reply page out. */
  replyAddress: string | null
  /** Who runs this, and who pays. */
  who: string
}

export type PaperChoices = {
  envelope: Envelope
  largePrint: boolean
  language: Language
  /** Puts a list for posting in front: which letter goes where. */
  list: boolean
}

/** The most letters of one file. */
export const mostSheets = 1000

/** Points: 12 is the smallest that the RNIB calls clear print, 18 what large print begins with. */
const size = { usual: 12, large: 18 }

const letters = new Intl.Segmenter()

function dataOf(sheet: Sheet, print: keyof typeof size) {
  const block = blockOf(sheet.address)
  const text = textIn(mailLanguage(sheet.language))
  return {
    lang: sheet.language,
    sender: [sheet.sender.name, ...sheet.sender.lines].map((line) => breakable(line, beside[print])),
    name: breakable(sheet.sender.name),
    address: block ?? sheet.address.map((line) => breakable(line)),
    cover: block === null,
    date: sayDay(sheet.day, sheet.language, true),
    title: breakable(sheet.title, heading[print]),
    greeting: breakable(sheet.greeting),
    words: paragraphsOf(sheet.words).map((part) => breakable(part)),
    closing: breakable(sheet.closing),
    signatures: sheet.signatures.map((one) => breakable(one)),
    reply: sheet.replyAddress === null ? null : replyOf(sheet.replyAddress),
    labels: {
      cover: text('paper.cover'),
      coverHow: text('paper.cover-how'),
      signatures: text('paper.signatures', { count: sheet.signatures.length }),
      qr: text('paper.qr', { address: sheet.replyAddress ?? '' }),
      reply: text('paper.reply'),
      code: text('paper.code', { code: sheet.code }),
      who: sheet.who,
    },
  }
}

const replyOf = (address: string) => ({ address, ...codeOf(address) })

/** How wide the sender is beside the window, in ems of its letters. */
const beside = { usual: 20, large: 13 }
/** How wide a heading is, in ems; and the column of offices of a list. */
const heading = { usual: 23, large: 15 }
const listed = { usual: 19, large: 7 }

const listOf = (sheets: readonly Sheet[], text: Text, room: number) => ({
  title: text('paper.list'),
  how: text('paper.list-how', { count: sheets.length }),
  head: [
    text('paper.list-done'),
    text('paper.list-number'),
    text('paper.list-office'),
    text('paper.list-code'),
  ],
  rows: sheets.map((sheet, at) => [
    String(at + 1),
    [
      breakable(sheet.address.join(', '), room),
      blockOf(sheet.address) === null ? text('paper.list-cover') : '',
    ]
      .filter(Boolean)
      .join(' '),
    sheet.code,
  ]),
})

/** Answers the sentence in which a character stands. */
function sentenceWith(sheets: readonly Sheet[], character: string): string {
  const all = sheets.flatMap((sheet) => [
    ...sheet.words.split(/(?<=[.!?…।؟])\s+|\n+/u),
    ...sheet.address,
    ...sheet.sender.lines,
    ...sheet.signatures,
    sheet.title,
    sheet.greeting,
    sheet.closing,
    sheet.sender.name,
  ])
  return all.find((words) => words.includes(character))?.trim() ?? character
}

/** Sets letters as one PDF/UA-1 file in the order given, each beginning on its own page with its address in the window of the envelope; an address that the four lines of the window do not take gets a sheet in front. Throws `invalid` and says the sentence when our typefaces lack a character, or when there are none or more than a thousand. */
export async function setLetters(
  typesetter: Typesetter,
  sheets: readonly Sheet[],
  choices: PaperChoices,
): Promise<Uint8Array> {
  const [first] = sheets
  if (!first || sheets.length > mostSheets)
    throw new Refusal('invalid', 'paper.how-many', { most: mostSheets })
  const text = textIn(choices.language)
  const geometry = geometries[choices.envelope]
  const at = addressAt[choices.envelope]
  const print = choices.largePrint ? 'large' : 'usual'
  const printed = await typesetter.set({
    template: 'src/letters/server/paper/letter.typ',
    as: 'pdf',
    data: {
      title: sheets.length === 1 ? first.title : text('paper.title', { count: sheets.length }),
      author: first.sender.name,
      lang: choices.language,
      faces: facesOf(first.language, first.words),
      size: size[print],
      large: choices.largePrint,
      geometry: { ...geometry, first: at.top, width: at.width },
      list: choices.list ? listOf(sheets, text, listed[print]) : null,
      letters: sheets.map((sheet) => dataOf(sheet, print)),
    },
  })
  if ('bytes' in printed) return printed.bytes
  throw unprintable(sheets, printed.unprintable[0] ?? '')
}

const unprintable = (sheets: readonly Sheet[], character: string): Refusal =>
  new Refusal('invalid', 'paper.unprintable', { character, sentence: sentenceWith(sheets, character) })

/** Looks whether sheets of one letter can be set, and throws what `setLetters` would; of the addresses it sets only which characters they have, so that a thousand cost no more than one. */
export async function tryLetters(
  typesetter: Typesetter,
  sheets: readonly Sheet[],
  choices: PaperChoices,
): Promise<void> {
  const [first, ...others] = sheets
  if (!first) return
  const signs = new Set(
    others.flatMap(({ address }) =>
      Array.from(letters.segment(address.join(' ')), ({ segment }) => segment.trim()),
    ),
  )
  signs.delete('')
  const rest = signs.size === 0 ? [] : [{ ...first, words: [...signs].join(' ') }]
  try {
    await setLetters(typesetter, [first, ...rest], choices)
  } catch (error) {
    if (!(error instanceof Refusal) || error.key !== 'paper.unprintable') throw error
    throw unprintable(sheets, String(error.params['character']))
  }
}
