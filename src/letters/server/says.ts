import { createHash } from 'node:crypto'

type Says = { title: string | null; words: string | null; sender: unknown; email: string | null }
type To = { email: string | null; writtenIn: string }

/** Answers a digest (SHA-256) of all that a letter from here says to one office, of whose it is and where it goes, as the rows have it: what was confirmed is known again by it. */
export const saysOf = (letter: Says, to: To): Buffer =>
  createHash('sha256')
    .update(JSON.stringify([letter.title, letter.words, letter.sender, letter.email, to.email, to.writtenIn]))
    .digest()
