import { plainWords } from '#kernel/words.ts'

/** The most words of one name that are looked for together. */
export const mostWords = 3

/** Answers the words of a text as names are compared: without case and accents; "Sams" and "Sam's" are Sam as well, and so is "sam" in "IMG_sam2.jpg" and "SamAtPlay". */
export function wordsOf(text: string): string[] {
  const apart = text
    .normalize('NFKC')
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{L})(\p{N})/gu, '$1 $2')
    .replace(/(\p{N})(\p{L})/gu, '$1 $2')
    .replace(/['’ʼ]s\b/giu, ' ')
  return plainWords(apart).split(' ').filter(Boolean)
}
