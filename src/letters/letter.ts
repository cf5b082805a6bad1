import * as v from 'valibot'
import { formKey, line, longText, maybeEmail, maybeLine, maybeText, oneOf, ticked } from '#kernel/input.ts'
import { envelopes } from '#letters/envelope.ts'

export const writers = ['self', 'with-support', 'on-behalf', 'joint'] as const
export type Writer = (typeof writers)[number]

/** What sentences say of who wrote a letter: in which way, and how many they are, with the one whose name stands first. */
export const whoWrote = (letter: { writer: Writer; signatures: readonly unknown[] }) => ({
  writer: letter.writer.replace('-', '_'),
  count: 1 + letter.signatures.length,
})

/** The longest letter, in characters. */
export const mostWords = 20_000
/** The most offices of one letter; one is usual. */
export const mostOffices = 1000
/** So many stand in a form one by one; more are a choice that is kept. */
export const mostTicked = 20
/** Days after which everything personal in a letter is erased: counted from when it left, or was begun when it never did. */
export const keptDays = 28
/** Days in which a letter that goes from here has to be confirmed. */
export const confirmDays = 7

/** One office of the directory, as a form carries it: "post:…", "person:…" or "organisation:…". */
export const officeRef =
  /^(post|person|organisation):[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

const offices = v.pipe(
  v.optional(v.union([v.array(v.string()), v.string()]), []),
  v.transform((value) => [...new Set([value].flat().filter(Boolean))]),
  v.check((all) => all.every((one) => officeRef.test(one)), 'input.choose'),
  v.maxLength(mostTicked, 'letters.too-many-offices'),
)

/** The word of a choice of offices that is kept, or null. */
export const maybeChoice = v.pipe(
  maybeLine(40),
  v.check((word) => word === null || /^[\w-]{32}$/.test(word), 'input.choose'),
)

/** Lines of an address as somebody typed them: at most eight, of at most 60 characters. */
export const addressLines = v.pipe(
  maybeText(500),
  v.transform((words) => (words ?? '').split('\n').flatMap((part) => part.trim() || [])),
  v.maxLength(8, 'letters.address-lines'),
  v.check((lines) => lines.every((one) => one.length <= 60), 'letters.address-line'),
)

/** The letter itself, as it is on its way between a browser and paper. */
export const letterWords = v.object({
  title: line(200),
  greeting: line(200),
  words: longText(mostWords),
  closing: line(80),
  name: line(80),
  lines: addressLines,
})
export type LetterWords = v.InferOutput<typeof letterWords>

/** The form with which a letter is begun. */
export const letterForm = v.pipe(
  v.object({
    formKey,
    offices,
    choice: v.optional(maybeChoice, ''),
    officeName: maybeLine(120),
    officeLines: addressLines,
    officeEmail: maybeEmail,
    writer: oneOf(writers),
    ask: maybeLine(31),
    ...letterWords.entries,
    aboutAnother: ticked,
    lookedOver: ticked,
    /** ISO 639: what the sheet is told that it is written in. */
    language: v.pipe(line(20), v.regex(/^[a-z]{2,3}$/, 'input.choose')),
    largePrint: ticked,
    envelope: oneOf(envelopes),
    /** Keeps the words here for 28 days; else they stay in the writer's browser. */
    keep: ticked,
    email: maybeEmail,
  }),
  v.forward(
    v.check(
      (form) => form.offices.length > 0 || form.choice !== null || form.officeName !== null,
      'letters.whom',
    ),
    ['officeName'],
  ),
  v.forward(
    v.check(
      (form) => (!form.aboutAnother && form.writer !== 'on-behalf') || form.lookedOver,
      'letters.look-over',
    ),
    ['lookedOver'],
  ),
  v.forward(
    v.check((form) => form.writer !== 'joint' || (form.keep && form.email !== null), 'letters.joint-keeps'),
    ['keep'],
  ),
)
export type LetterForm = v.InferOutput<typeof letterForm>

/** Answers the paragraphs of a letter: an empty line parts them, and single lines stay as they were written. */
export const paragraphsOf = (words: string): string[] =>
  words.split(/\n\s*\n/).flatMap((part) => part.trim() || [])
