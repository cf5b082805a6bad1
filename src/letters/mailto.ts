import type { LetterWords } from '#letters/letter.ts'

/** The longest address that every mail program opens, in characters after encoding. */
export const mostMailto = 1800

/** Answers a letter as the text of an e-mail: greeting, words, closing, who wrote it, and who else signed. */
export const textOf = (letter: LetterWords, signatures: readonly string[] = []): string =>
  [
    letter.greeting,
    letter.words,
    letter.closing,
    [letter.name, ...letter.lines].join('\n'),
    ...(signatures.length > 0 ? [signatures.join('\n')] : []),
  ].join('\n\n')

/** Answers the address that opens a letter in the writer's own mail program; null when it is longer than one that every program takes. */
export function mailtoOf(email: string, title: string, text: string): string | null {
  const part = (words: string): string => encodeURIComponent(words.replaceAll('\n', '\r\n'))
  const link = `mailto:${encodeURIComponent(email).replace('%40', '@')}?subject=${part(title)}&body=${part(text)}`
  return link.length <= mostMailto ? link : null
}
