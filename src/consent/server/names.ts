import { sealOf } from '#consent/server/keys.ts'
import { formsOf, mostWords, withoutS, wordsOf } from '#consent/names.ts'

/** The most that is kept of how one person could be named: a full form of ten long names. */
export const mostHashes = 160

/** Answers keyed hashes of names and nicknames, whole and each word by itself, folded: case, accents and signs make no difference. The words themselves are kept nowhere. */
export const nameHashesOf = (names: readonly string[]): Buffer[] =>
  [...new Set(names.flatMap(formsOf))].map((name) => sealOf('names', name))

/** Answers which of these hashes are among the seals of some words. */
export const namesIn = (seals: ReadonlySet<string>, hashes: readonly Buffer[]): Buffer[] =>
  hashes.filter((hash) => seals.has(hash.toString('base64')))

/** Answers the seals of all that could be a name in some words (a title, a text, a caption, an address, a reply): one to three of them in a row, the last also as a genitive. */
export function sealsIn(words: string): Set<string> {
  const all = wordsOf(words)
  const said = new Set<string>()
  for (let at = 0; at < all.length; at += 1) {
    for (let count = 1; count <= mostWords && at + count <= all.length; count += 1) {
      const some = all.slice(at, at + count)
      said.add(some.join(' '))
      const stem = withoutS(some.at(-1) ?? '')
      if (stem !== null) said.add([...some.slice(0, -1), stem].join(' '))
    }
  }
  return new Set([...said].map((name) => sealOf('names', name).toString('base64')))
}
