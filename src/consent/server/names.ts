import { unwritten } from '#consent/server/unwritten.ts'

/** Answers keyed hashes of names and nicknames, folded: case, accents and signs make no difference. The words themselves are kept nowhere. */
export function nameHashesOf(names: readonly string[]): Buffer[] {
  return unwritten(names)
}

/** Answers which of these hashes stand in some words: a title, a text, a caption, a file name, an address, a tag or a reply. */
export function namesIn(words: string, hashes: readonly Buffer[]): Buffer[] {
  return unwritten(words, hashes)
}
