const wideScript =
  /[\p{Script=Bengali}\p{Script=Gujarati}\p{Script=Tamil}\p{Script=Malayalam}\p{Script=Kannada}\p{Script=Telugu}\p{Script=Sinhala}\p{Script=Myanmar}\p{Script=Khmer}\p{Script=Ethiopic}]/u

/** Rather too many than too few: measured in the typefaces that ship. */
const emsOfOne = (letter: string): number => {
  if (/[ijl.,:;'’|!()[\]/ ]/.test(letter)) return 0.32
  if (/[frtI1-]/.test(letter)) return 0.42
  if (/[mwMW@%&]/.test(letter)) return 0.95
  if (/[a-z]/.test(letter)) return 0.58
  if (/[A-Z0-9]/.test(letter)) return 0.73
  if (/\p{Mn}/u.test(letter)) return 0
  if (/[МЖШЩЮЫФшщюΜΦΨω]/.test(letter)) return 1.03
  if (/[мыжфψφ]/.test(letter)) return 0.78
  if (/(?=[\p{Script=Greek}\p{Script=Cyrillic}])\p{Ll}/u.test(letter)) return 0.66
  if (/[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Hebrew}\p{Script=Arabic}]/u.test(letter))
    return 0.78
  return wideScript.test(letter) ? 1.3 : 1.03
}

/** Answers how wide a line is, in ems of its letters: rather too many than too few. */
export const emsOf = (line: string): number =>
  Array.from(line).reduce((sum, letter) => sum + emsOfOne(letter), 0)

/** What is set in one go: neither has it a space, nor does it break by itself as Chinese, Japanese and Korean do. */
const run = /[^\s\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]{6,}/gu

const letters = new Intl.Segmenter()
const spoken = new Intl.Segmenter(undefined, { granularity: 'word' })

const isWithin = (word: string, room: number): boolean => word.length * 1.3 <= room || emsOf(word) <= room

/** Answers words with places to break wherever they would have none in so many ems (a line of large print has 26): between words in a script without spaces, and anywhere in a long link. */
export function breakable(words: string, room = 21): string {
  const apart = (word: string): string =>
    isWithin(word, room) ? word : Array.from(letters.segment(word), ({ segment }) => segment).join('\u200b')
  return words.replaceAll(run, (long) =>
    isWithin(long, room) ? long : wordsOf(long).map(apart).join('\u200b'),
  )
}

/** Parts words where one follows another without anything between them. */
function wordsOf(long: string): string[] {
  const parts: string[] = []
  let after = false
  for (const { segment, isWordLike = false } of spoken.segment(long)) {
    if (after && isWordLike) parts.push(segment)
    else parts.push((parts.pop() ?? '') + segment)
    after = isWordLike
  }
  return parts
}
