import * as v from 'valibot'
import type { MessageKey } from '#kernel/messages.ts'
import { cleanLine, cleanText } from '#kernel/words.ts'

const say = (key: MessageKey): string => key
const nothing = (value: string): string | null => (value === '' ? null : value)

/** One line that must be there. */
export const line = (max: number) =>
  v.pipe(
    v.optional(v.string(say('input.one-answer')), ''),
    v.transform(cleanLine),
    v.minLength(1, say('input.needed')),
    v.maxLength(max, say('input.too-long')),
  )

/** One line that may be left empty: null then. */
export const maybeLine = (max: number) =>
  v.pipe(
    v.optional(v.string(say('input.one-answer')), ''),
    v.transform(cleanLine),
    v.maxLength(max, say('input.too-long')),
    v.transform(nothing),
  )

/** Text of several lines that must be there. */
export const longText = (max: number) =>
  v.pipe(
    v.optional(v.string(say('input.one-answer')), ''),
    v.transform(cleanText),
    v.minLength(1, say('input.needed')),
    v.maxLength(max, say('input.too-long')),
  )

/** Text of several lines that may be left empty: null then. */
export const maybeText = (max: number) =>
  v.pipe(
    v.optional(v.string(say('input.one-answer')), ''),
    v.transform(cleanText),
    v.maxLength(max, say('input.too-long')),
    v.transform(nothing),
  )

/** An e-mail address, folded to lower case; addresses outside ASCII are refused because many mail servers still cannot carry them. */
export const email = v.pipe(
  v.optional(v.string(say('input.one-answer')), ''),
  v.transform((value) => cleanLine(value).toLowerCase()),
  v.minLength(1, say('input.needed')),
  v.maxLength(254, say('input.too-long')),
  v.regex(/^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+$/, say('input.email')),
)

/** An e-mail address that may be left empty: null then. */
export const maybeEmail = v.pipe(
  v.optional(v.string(say('input.one-answer')), ''),
  v.transform((value) => cleanLine(value).toLowerCase()),
  v.maxLength(254, say('input.too-long')),
  v.regex(/^$|^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+$/, say('input.email')),
  v.transform(nothing),
)

/** A web address, http or https, without a name and a password in it, that may be left empty: null then. */
export const maybeUrl = v.pipe(
  v.optional(v.string(say('input.one-answer')), ''),
  v.transform(cleanLine),
  v.maxLength(2000, say('input.too-long')),
  v.check((value) => value === '' || /^https?:\/\/[^\s]+\.[^\s]+$/i.test(value), say('input.url')),
  v.check((value) => !hasCredentials(value), say('input.url-secret')),
  v.transform(nothing),
)

function hasCredentials(address: string): boolean {
  const url = URL.parse(address)
  return url !== null && url.username + url.password !== ''
}

/** One of the given codes. */
export const oneOf = <const Codes extends readonly string[]>(codes: Codes) =>
  v.picklist(codes, say('input.choose'))

/** One of the given codes, or null when nothing was chosen. */
export const maybeOneOf = <const Codes extends readonly string[]>(codes: Codes) =>
  v.pipe(
    v.optional(v.string(say('input.one-answer')), ''),
    v.check((value) => value === '' || codes.includes(value), say('input.choose')),
    v.transform((value): Codes[number] | null => (value === '' ? null : value)),
  )

/** Any of the given codes, each once; a form sends one as a word and several as a list. */
export const anyOf = <const Codes extends readonly string[]>(codes: Codes) =>
  v.pipe(
    v.optional(v.union([v.array(v.string()), v.string()], say('input.choose')), []),
    v.transform((value) => [...new Set([value].flat().filter((code) => code !== ''))]),
    v.check((chosen) => chosen.every((code) => codes.includes(code)), say('input.choose')),
    v.transform((chosen) => chosen as Codes[number][]),
  )

/** A ticked box. */
export const ticked = v.pipe(
  v.optional(v.string(say('input.one-answer')), ''),
  v.transform((value) => value !== '' && value !== 'no' && value !== 'false'),
)

/** A whole number between two bounds, in whatever digits the person's language writes, or null when left empty. */
export const maybeWhole = (min: number, max: number) =>
  v.pipe(
    v.optional(v.string(say('input.one-answer')), ''),
    v.transform((value) => westernDigits(cleanLine(value))),
    v.check((value) => value === '' || /^\d{1,9}$/.test(value), say('input.number')),
    v.check((value) => value === '' || (Number(value) >= min && Number(value) <= max), say('input.range')),
    v.transform((value) => (value === '' ? null : Number(value))),
  )

/** Where the digits of other scripts begin: Arabic, Persian, Devanagari, Bengali, Tamil, Thai, Khmer, fullwidth. */
const zeros = [0x660, 0x6f0, 0x966, 0x9e6, 0xbe6, 0xe50, 0x17e0, 0xff10]

/** Answers the words with digits of other scripts as 0–9. */
export const westernDigits = (words: string): string =>
  words.replace(/[^\x20-\x7e]/gu, (letter) => {
    const code = letter.codePointAt(0) ?? 0
    const zero = zeros.find((start) => code >= start && code < start + 10)
    return zero === undefined ? letter : String(code - zero)
  })

/** The random word that a form carries so that pressing twice does it once; with the name of what it is about where several stand on one page. */
export const formKey = v.pipe(
  v.optional(v.string(), ''),
  v.transform(cleanLine),
  v.maxLength(128, say('input.too-long')),
)

/** What each field of a form got wrong: the message's name and its figures. */
export type FieldErrors = Record<string, { key: MessageKey; params: Record<string, number | string> }>
