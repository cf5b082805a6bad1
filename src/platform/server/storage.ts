import { randomBytes } from 'node:crypto'
import type { Readable } from 'node:stream'

/** Three spaces: what was sent, which no address of ours ever reaches; what was made from it; and copies of the ledger of withdrawals. */
export type Space = 'originals' | 'renditions' | 'ledger'

/** From the first byte to the last one, both included. */
export type ByteRange = { from: number; to: number }

export type Stored = { key: string; bytes: number; changed: Date }

/** Where files lie: a folder, or a bucket. Every call ends within a time limit; a file is there whole or not at all. */
export type Store = {
  /** Stores a copy of a file of this machine under a key; the file stays. */
  putFile: (space: Space, key: string, path: string) => Promise<void>
  /** Answers the bytes of a file, or a part of them, and how many the whole has; null when there is none. */
  get: (space: Space, key: string, range?: ByteRange) => Promise<{ bytes: number; body: Readable } | null>
  /** Puts a copy of a file at a path of this machine; false when there is none. */
  fetchTo: (space: Space, key: string, path: string) => Promise<boolean>
  /** Deletes a file. Idempotent. */
  delete: (space: Space, key: string) => Promise<void>
  copy: (space: Space, from: string, to: string) => Promise<void>
  /** Answers every file of a space, in the order of the keys. */
  list: (space: Space) => AsyncIterable<Stored>
  /** Answers whether files can be stored just now. */
  answers: () => Promise<boolean>
}

/** Answers a new key: random, so that it says nothing and cannot be guessed. */
export const newKey = (): string => {
  const name = randomBytes(20).toString('hex')
  return `${name.slice(0, 2)}/${name.slice(2)}`
}

/** Answers whether a word can be a key; anything else never becomes a path. */
export const isKey = (word: string): boolean => /^[0-9a-f]{2}\/[0-9a-f]{38}$/.test(word)
