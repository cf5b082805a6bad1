import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline } from 'node:stream'
import { isDeepStrictEqual } from 'node:util'
import { createGunzip } from 'node:zlib'
import { orGone } from '#platform/server/gone.ts'
import { type Manifest, manifestName, partOf, readManifest, weigh } from '#platform/server/backup/manifest.ts'
import { CutOff, type Entry, unpack } from '#platform/server/backup/tar.ts'

const longestManifest = 10_000_000
const unchanged = 'Nothing was changed.'

/** Reads the files of a backup one after another. */
export function readBackup(path: string): AsyncGenerator<Entry> {
  const bytes = createGunzip()
  // What goes wrong comes out where the bytes are read.
  pipeline(createReadStream(path), bytes, () => undefined)
  return unpack(bytes as AsyncIterable<Buffer>)
}

/** Reads a backup whole and answers what it says it holds; throws a plain sentence when it is not ours, cut off, or changed since it was made. */
export async function checkBackup(path: string): Promise<Manifest> {
  const found = await orGone(stat(path), null)
  if (!found?.isFile()) throw new Error(`There is no file ${path}. ${unchanged}`)
  const read: Read = { manifest: null, parts: {}, stray: null, any: false }
  try {
    await readAll(path, read)
  } catch (error) {
    throw new Error(sentenceFor(path, read, error), { cause: error })
  }
  if (read.stray !== null) throw new Error(`${foreign(path)} It holds “${read.stray}”.`)
  if (!read.manifest) throw new Error(read.any ? cutOff(path) : foreign(path))
  if (!isDeepStrictEqual({ ...read.parts }, { ...read.manifest.parts })) throw new Error(changed(path))
  return read.manifest
}

type Read = { manifest: Manifest | null; parts: Manifest['parts']; stray: string | null; any: boolean }

async function readAll(path: string, read: Read): Promise<void> {
  const weighing = weigh()
  for await (const entry of readBackup(path)) {
    const part = partOf(entry.name)
    if (entry.name === manifestName && entry.bytes < longestManifest && !read.manifest) {
      read.manifest = readManifest((await wordsOf(entry)).toString('utf8'))
      if (!read.manifest) read.stray = entry.name
    } else if (part === null || read.manifest) {
      read.stray = entry.name
    } else {
      const take = weighing.begin(part, entry)
      for await (const chunk of entry.body) take(chunk)
      read.any = true
    }
    if (read.stray !== null) return
  }
  read.parts = weighing.parts()
}

/** Answers the bytes of a small file in a backup. */
export async function wordsOf(entry: Entry): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of entry.body) parts.push(part)
  return Buffer.concat(parts)
}

const foreign = (path: string): string => `${path} is not a backup that this program made. ${unchanged}`
const cutOff = (path: string): string =>
  `${path} is cut off: its end is missing. Copy it again, or take another backup. ${unchanged}`
const changed = (path: string): string =>
  `${path} is damaged: it is not what it was when it was made. Copy it again, or take another backup. ${unchanged}`

function sentenceFor(path: string, read: Read, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : ''
  if (code === 'EACCES') return `${path} cannot be read by this account. ${unchanged}`
  if (code === 'Z_BUF_ERROR' || error instanceof CutOff) return cutOff(path)
  return read.any || read.manifest ? changed(path) : foreign(path)
}
