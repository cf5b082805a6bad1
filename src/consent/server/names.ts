import { sealOf } from '#consent/server/keys.ts'
import { mostWords, wordsOf } from '#consent/names.ts'

/** Answers keyed hashes of names and nicknames, folded: case, accents and signs make no difference. The words themselves are kept nowhere. */
export const nameHashesOf = (names: readonly string[]): Buffer[] =>
  [...new Set(names.map((name) => wordsOf(name).slice(0, mostWords).join(' ')))]
    .filter((name) => name !== '')
    .map((name) => sealOf('names', name))

/** Answers which of these hashes stand in some words: a title, a text, a caption, a file name, an address, a tag or a reply. */
export function namesIn(words: string, hashes: readonly Buffer[]): Buffer[] {
  if (hashes.length === 0) return []
  const wanted = new Map(hashes.map((hash) => [hash.toString('base64'), hash]))
  const found = new Map<string, Buffer>()
  const all = wordsOf(words)
  const tried = new Set<string>()
  for (let at = 0; at < all.length; at += 1) {
    for (let count = 1; count <= mostWords; count += 1) {
      const name = all.slice(at, at + count).join(' ')
      if (at + count > all.length || tried.has(name)) continue
      tried.add(name)
      const seal = sealOf('names', name).toString('base64')
      const hash = wanted.get(seal)
      if (hash) found.set(seal, hash)
    }
  }
  return [...found.values()]
}
