import { plainWords } from '#kernel/words.ts'

/** How many words make one print. */
const gram = 5
/** One print in so many is kept. */
const oneIn = 4

/** FNV-1a, 32 bits. */
function hashOf(words: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < words.length; at += 1) {
    hash ^= words.charCodeAt(at)
    hash = Math.imul(hash, 0x01000193)
  }
  return hash >>> 0
}

function printsOf(text: string): Set<number> {
  const words = plainWords(text).split(' ').filter(Boolean)
  const all = words.flatMap((_, at) =>
    at + gram > words.length ? [] : [hashOf(words.slice(at, at + gram).join(' '))],
  )
  return new Set(all.filter((hash) => hash % oneIn === 0))
}

/** Answers which part of a letter's words is that of a template, from 0 to 1: one in four of its runs of five words is looked at. Order within a run counts; capitals, accents and punctuation do not. */
export function likeness(letter: string, template: string): number {
  const own = printsOf(letter)
  if (own.size === 0) return 0
  const known = printsOf(template)
  return [...own].filter((print) => known.has(print)).length / own.size
}

/** From here on a writer is told, and nobody else. */
export const muchAlike = 0.5
