/** Control characters and the marks that turn the direction of text around; joiners and direction hints that scripts need stay. */
// oxlint-disable-next-line no-control-regex -- control characters are what this removes
const unwanted =
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069\uFEFF\uFFFE\uFFFF]/g

/** Something that can be seen: no space, no joiner or hint of direction, no filler, no empty braille cell. */
const seen = /[^\p{Z}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/u
const orNothing = (words: string): string => (seen.test(words) ? words : '')

/** Answers one line as it may be kept: composed, without control or direction-override characters, lone surrogates or doubled spaces; "" when nothing of it can be seen. */
export const cleanLine = (words: string): string =>
  orNothing(
    words
      .toWellFormed()
      .normalize('NFC')
      .replace(/[\r\n\t]+/g, ' ')
      .replace(unwanted, '')
      .replace(/ {2,}/g, ' ')
      .trim(),
  )

/** Answers text of several lines as it may be kept; line ends become "\n", never more than two in a row; "" when nothing of it can be seen. */
export const cleanText = (words: string): string =>
  orNothing(
    words
      .toWellFormed()
      .normalize('NFC')
      .replace(/\r\n?/g, '\n')
      .replace(unwanted, '')
      .replace(/[ \t]+\n/g, '\n')
      .replace(/\n{3,}/g, '\n\n')
      .trim(),
  )

/** Latin letters that do not come apart into a plain one and an accent. */
const oneLetter: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ı: 'i',
}

/** Lower case, without accents. */
const folded = (words: string): string =>
  words
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[ßæœøłđðþħı]/g, (letter) => oneLetter[letter] ?? letter)

/** Answers words folded for comparing: lower case, without accents, only letters, digits and single spaces. */
export const plainWords = (words: string): string =>
  folded(words)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

/** Answers an address part of at most 60 characters, a–z, 0–9 and single hyphens; "" when nothing of the words can stand there. */
export const slugOf = (words: string): string => {
  const latin = folded(words).replace(/[^a-z0-9]+/g, '-')
  return latin.slice(0, 60).replace(/^-+|-+$/g, '')
}

/** Answers data as a script element that only machines read; nothing in it can end the element. */
export const dataElement = (data: object): string =>
  `<script type="application/ld+json">${JSON.stringify(data)
    .replaceAll('<', '\\u003c')
    .replace(/\u2028|\u2029/g, '')}</script>`
