import { createHash, createHmac, type Hash } from 'node:crypto'
import * as v from 'valibot'
import { isKey, type Space } from '#platform/server/storage.ts'

const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const word = v.pipe(v.string(), v.nonEmpty())

const manifest = v.object({
  what: v.literal('a-bit-extra backup'),
  version: v.literal(1),
  made: v.pipe(v.string(), v.isoTimestamp()),
  /** The migrations its tables have had, and the queue's own. */
  migrations: v.array(word),
  queue: v.array(count),
  tables: v.array(v.object({ schema: word, name: word, columns: v.array(word), rows: count })),
  sequences: v.array(v.object({ schema: word, name: word, last: v.string(), called: v.boolean() })),
  /** Says which secret the site had, without saying the secret. */
  secretMark: v.string(),
  parts: v.record(v.string(), v.object({ files: count, bytes: count, sha256: v.string() })),
})

/** What a backup says of itself; the last file in it, so that a backup without one was not finished. */
export type Manifest = v.InferOutput<typeof manifest>
export type Table = Manifest['tables'][number]

export const manifestName = 'manifest.json'
export const secretName = 'secret'

/** Reads a manifest; null when it is none of ours. */
export function readManifest(words: string): Manifest | null {
  try {
    const read = v.safeParse(manifest, JSON.parse(words))
    return read.success ? read.output : null
  } catch {
    // No JSON: none of ours.
    return null
  }
}

/** Answers what a table is called in a backup. */
export const partOfTable = (table: { schema: string; name: string }): string =>
  `tables/${table.schema}.${table.name}`

/** Answers which file of the store a name in a backup means; null for anything else. */
export function storedFile(name: string): { space: Space; key: string } | null {
  const [, space, key = ''] = /^store\/(originals|renditions)\/(.+)$/.exec(name) ?? []
  return (space === 'originals' || space === 'renditions') && isKey(key) ? { space, key } : null
}

/** Answers which part of a backup a file in it belongs to; null when it belongs to none of ours. */
export function partOf(name: string): string | null {
  const stored = storedFile(name)
  if (stored) return `store/${stored.space}`
  if (name === secretName) return secretName
  return /^(tables\/\w+\.\w+)\/\d{6}$/.exec(name)?.[1] ?? null
}

/** Marks a secret so that another can be told from it; it cannot be found from the mark. */
export const markOf = (secret: string): string =>
  createHmac('sha256', secret).update('which secret a backup belongs to').digest('hex')

/** Counts and hashes what goes by, part by part, in constant memory. */
export function weigh() {
  const parts = new Map<string, { files: number; bytes: number; hash: Hash }>()
  return {
    /** Begins a file; answers what takes its bytes. */
    begin: (part: string, file: { name: string; bytes: number }): ((chunk: Buffer) => void) => {
      const weighed = parts.get(part) ?? { files: 0, bytes: 0, hash: createHash('sha256') }
      parts.set(part, weighed)
      weighed.files += 1
      weighed.bytes += file.bytes
      weighed.hash.update(`${file.name} ${file.bytes}\n`)
      return (chunk) => void weighed.hash.update(chunk)
    },
    parts: (): Manifest['parts'] =>
      Object.fromEntries(
        [...parts].map(([part, { files, bytes, hash }]) => [
          part,
          { files, bytes, sha256: hash.copy().digest('hex') },
        ]),
      ),
  }
}
