import * as v from 'valibot'
import { email, formKey, maybeEmail, maybeLine, maybeText, maybeWhole, oneOf, ticked } from '#kernel/input.ts'
import type { Channel, DeliveryState } from '#letters/delivery.ts'
import { addressLines, letterWords, mostWords, type LetterWords } from '#letters/letter.ts'

/** The word in the address of a letter's own page. */
const token = v.pipe(v.string(), v.maxLength(200))
const uuid = v.pipe(v.optional(v.string('input.one-answer'), ''), v.uuid('input.choose'))
const revision = v.pipe(
  v.optional(v.string('input.one-answer'), ''),
  v.regex(/^\d{1,9}$/, 'input.choose'),
  v.transform(Number),
)

/** The words of a letter as they travel in the forms of its page, if they do: nothing of them is stored. */
const carried = {
  name: maybeLine(80),
  lines: maybeText(500),
  title: maybeLine(200),
  greeting: maybeLine(200),
  words: maybeText(mostWords),
  closing: maybeLine(80),
}
type Carried = { [Field in keyof typeof carried]: string | null }

/** Answers the words that a form carried, whole; null when it carried none. */
export function carriedWords({ name, lines, title, greeting, words, closing }: Carried): LetterWords | null {
  if (name === null || title === null || greeting === null || words === null || closing === null) return null
  return { name, title, greeting, words, closing, lines: (lines ?? '').split('\n').filter(Boolean) }
}

/** Answers the words that stand in the values of a form that came back; null when they are not whole. */
export function wordsIn(values: Readonly<Record<string, string | string[]>> | undefined): LetterWords | null {
  const read = v.safeParse(letterWords, values ?? {})
  return read.success ? read.output : null
}

/** What a writer says of where a letter is. */
export const told = [
  'posted',
  'handed-over',
  'returned',
  'opened',
  'said-sent',
] as const satisfies readonly DeliveryState[]
export type Told = (typeof told)[number]

/** The way on which somebody says that a letter went; null when it stays on the one it is on. */
export const wayOf = (to: Told): Channel | null =>
  (
    {
      posted: 'post',
      'handed-over': 'hand',
      returned: null,
      opened: 'own-mail',
      'said-sent': 'own-mail',
    } as const
  )[to]

export const toldInput = v.object({ token, delivery: uuid, to: oneOf(told), ...carried })
export const lookInput = v.object({ token, delivery: uuid, ...carried })
export const offInput = v.object({ token, delivery: uuid, ...carried })
export const addressInput = v.pipe(
  v.object({ token, delivery: uuid, officeLines: addressLines, officeEmail: maybeEmail, ...carried }),
  v.forward(
    v.check((form) => form.officeLines.length > 0 || form.officeEmail !== null, 'letters.address-needed'),
    ['officeLines'],
  ),
)
export const wordsInput = v.object({ token, revision, ...letterWords.entries })
export const eraseInput = v.object({ token })

const deliveries = v.pipe(
  v.optional(v.union([v.array(v.string()), v.string()]), []),
  v.transform((value) => [value].flat().filter(Boolean)),
  v.maxLength(50, 'input.choose'),
)
/** Words in, paper out. Without deliveries it is all that have an address. */
export const paperInput = v.object({ token, delivery: deliveries, ...letterWords.entries })

/** What is done with many letters at once: those named (a page of them), or all. */
export const allInput = v.object({
  token,
  to: oneOf(['posted', 'handed-over'] as const),
  delivery: deliveries,
  ...carried,
})
export const runInput = v.object({ token, ...carried })
export const pageInput = v.object({ token, page: maybeWhole(1, 1000), ...carried })

const takenOffice = v.object({
  id: v.pipe(v.string(), v.uuid()),
  office: v.nullable(v.pipe(v.string(), v.maxLength(200))),
  address: v.nullable(v.pipe(v.array(v.pipe(v.string(), v.maxLength(200))), v.maxLength(10))),
  email: v.nullable(v.pipe(v.string(), v.maxLength(254))),
})
/** What was typed of an office by hand, as it was before it was erased. */
export type TakenOffice = v.InferOutput<typeof takenOffice>
/** Brings back what was erased a moment ago, from the page that still holds it. */
export const backInput = v.object({
  token,
  email: maybeEmail,
  offices: v.pipe(
    v.optional(v.union([v.array(v.string()), v.string()]), []),
    v.transform((value) => [value].flat().filter(Boolean)),
    v.maxLength(50, 'input.choose'),
    v.transform((all) =>
      all.map((one): unknown => {
        try {
          return JSON.parse(one)
        } catch {
          // No page of ours wrote this.
          return null
        }
      }),
    ),
    v.array(takenOffice, 'input.choose'),
  ),
  ...carried,
})

/** The most people who can sign one letter. */
export const mostSignatures = 500
export const signsAs = ['full', 'first', 'words'] as const
export type SignsAs = (typeof signsAs)[number]

/** How somebody is read below a joint letter. */
export const shownAs = (as: SignsAs, name: string | null, words: string | null): string =>
  (as === 'words' ? words : as === 'first' ? name?.split(' ')[0] : name) ?? ''

const word = token
export const signInput = v.pipe(
  v.object({
    word,
    formKey,
    as: oneOf(signsAs),
    name: maybeLine(80),
    inWords: maybeLine(80),
    email,
    /** By mail, when an office answers. */
    tell: ticked,
  }),
  v.forward(
    v.check((form) => form.as === 'words' || form.name !== null, 'letters.sign.name-needed'),
    ['name'],
  ),
  v.forward(
    v.check((form) => form.as !== 'words' || form.inWords !== null, 'letters.sign.in-words-needed'),
    ['inWords'],
  ),
)
export const signatureInput = v.object({ word, mine: token })
