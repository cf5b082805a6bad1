import { createHash } from 'node:crypto'

/** Answers a digest (SHA-256) of all that a letter from here says and of whose it is, as its row has it: what was confirmed is known again by it. */
export const saysOf = (row: {
  title: string | null
  words: string | null
  sender: unknown
  email: string | null
}): Buffer =>
  createHash('sha256')
    .update(JSON.stringify([row.title, row.words, row.sender, row.email]))
    .digest()
