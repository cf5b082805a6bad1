import { plainWords } from '#kernel/words.ts'

/** Where a name can stand on a surface; `marked`: whoever posts it said that it can be read in the picture itself. */
export const namePlaces = [
  'title',
  'text',
  'teller',
  'town',
  'address',
  'drawing',
  'link',
  'activity',
  'caption',
  'picture',
  'marked',
] as const
export type NamePlace = {
  place: (typeof namePlaces)[number]
  /** Of which picture, and its number; null: of none. */
  version: string | null
  number: number | null
}
export type Written = NamePlace & { words: string }

/** Somebody whose name stands on a surface, and where. */
export type NameStands = { person: string; where: readonly NamePlace[] }

/** The most words of one name that are looked for together. */
export const mostWords = 3

/** What stands in many names and is nobody's own: alone it would find every text. */
const particles = new Set(
  (
    'van von der den de het ten ter te zu zum zur da do dos das di del della degli du des la le les las los lo ' +
    'al el ibn bin bint ap ab ferch o y e i mc of the and und et op av af mr mrs ms miss dr jr sr ii iii'
  ).split(' '),
)

/** Answers the words of a text as names are compared: without case and accents; "Sam's" is Sam as well, and so is "sam" in "IMG_sam2.jpg" and "SamAtPlay". */
export function wordsOf(text: string): string[] {
  const apart = text
    .normalize('NFKC')
    // What nobody sees takes no name apart: a soft hyphen, a joiner.
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{L})(\p{N})/gu, '$1 $2')
    .replace(/(\p{N})(\p{L})/gu, '$1 $2')
    .replace(/['’ʼ]s(?!\p{L})/giu, ' ')
  return plainWords(apart).split(' ').filter(Boolean)
}

const countsAlone = (word: string): boolean =>
  /^.{2,}$/u.test(word) && /\p{L}/u.test(word) && !particles.has(word)

/** Answers all by which somebody could be named who is called this: the whole, every word of it by itself, and what a hyphen, an apostrophe or a capital takes apart written as one word. Particles and single letters do not count alone. */
export function formsOf(name: string): string[] {
  const words = wordsOf(name)
  const joined = name.split(/\s+/u).flatMap((part) => {
    const of = wordsOf(part)
    return of.length > 1 ? [of.join('')] : []
  })
  const whole = words.length > 1 ? [words.join('')] : []
  const forms = [words.slice(0, mostWords).join(' '), ...words.filter(countsAlone), ...joined, ...whole]
  return [...new Set(forms)].filter((form) => form !== '')
}

/** Answers the word a word may be the genitive of: "Sams" is Sam as well; null for a word that cannot be one. */
export const withoutS = (word: string): string | null => /^(.{2,})s$/u.exec(word)?.[1] ?? null
