import { createHash, randomBytes, type Hash } from 'node:crypto'
import { constants, createReadStream } from 'node:fs'
import { copyFile, mkdir, open, readdir, rm, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { orGone } from '#platform/server/gone.ts'

/** After how many bytes what has come is made to last and acknowledged. */
const step = 4 * 1024 * 1024

export type Appending = {
  /** The most bytes the file may have in the end. */
  most: number
  /** Told of every place up to which the bytes are on the disk for certain; when it throws, writing ends. Not told when a hash is wanted, because nothing counts before it fits. */
  safe?: (at: number) => Promise<void>
  hash?: Hash
}

export type Appended = {
  /** Up to here the bytes are on the disk for certain. */
  at: number
  /** The other side went away, or said nothing for too long. */
  cut: boolean
  /** There was more than there may be; the rest was not taken. */
  tooMuch: boolean
}

/** Writes what comes behind a place of a file, in order, and makes it last; what stood there is overwritten. Holds no more of it in memory than the stream does. */
export async function appendTo(
  path: string,
  from: number,
  body: AsyncIterable<Buffer>,
  appending: Appending,
): Promise<Appended> {
  const handle = await open(path, constants.O_RDWR | constants.O_CREAT, 0o600)
  let [at, safe] = [from, from]
  let tooMuch = false
  try {
    await handle.truncate(from)
    for await (const part of body) {
      if (at + part.length > appending.most) {
        tooMuch = true
        break
      }
      await handle.write(part, 0, part.length, at)
      appending.hash?.update(part)
      at += part.length
      if (!appending.safe || appending.hash || at - safe < step) continue
      await handle.datasync()
      await appending.safe(at)
      safe = at
    }
    await handle.datasync()
    return { at, cut: false, tooMuch }
  } catch (error) {
    if (!isCut(error)) throw error
    await handle.datasync()
    return { at, cut: true, tooMuch }
  } finally {
    await handle.close()
  }
}

/** A stream that ended because of whoever sends, and not because of us. */
const isCut = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  ['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE', 'ABORT_ERR', 'ECONNABORTED', 'EPIPE'].includes(
    String(error.code),
  )

/** Answers the folder in which files are received, and the one in which pictures are made; both are ours alone. */
export async function workFolders(dataDir: string): Promise<{ receiving: string; making: string }> {
  const folders = { receiving: join(dataDir, 'receiving'), making: join(dataDir, 'making') }
  await Promise.all(Object.values(folders).map((folder) => mkdir(folder, { recursive: true, mode: 0o700 })))
  return folders
}

/** Answers a new name for a file that is being received. */
export const newPart = (): string => randomBytes(16).toString('hex')

/** Answers what a file hashes to, and how it begins. */
export async function fingerprint(path: string): Promise<{ sha256: Buffer; start: Buffer }> {
  const hash = createHash('sha256')
  let start = Buffer.alloc(0)
  for await (const part of createReadStream(path) as AsyncIterable<Buffer>) {
    if (start.length < 32) start = Buffer.concat([start, part.subarray(0, 32)])
    hash.update(part)
  }
  return { sha256: hash.digest(), start }
}

/** Gives whoever goes on a file of their own with the bytes until now: whoever wrote to the other may not have noticed yet that they were given up. */
export async function takeOver(folder: string, part: string): Promise<string> {
  const own = newPart()
  await copyFile(join(folder, part), join(folder, own))
  await rm(join(folder, part), { force: true })
  return own
}

/** Answers whether the disk has room for so many bytes and for everything else to go on. */
export async function hasRoom(folder: string, bytes: number): Promise<boolean> {
  const disk = await statfs(folder)
  return disk.bavail * disk.bsize > bytes + 512 * 1024 * 1024
}

/** Removes everything in a folder that was last touched before a moment and is not named. Answers how many. */
export async function removeOld(
  folder: string,
  before: Date,
  keep: (names: string[]) => Promise<ReadonlySet<string>>,
): Promise<number> {
  const names = await readdir(folder)
  const old: string[] = []
  for (const name of names) {
    const found = await orGone(stat(join(folder, name)), null)
    if (found && found.mtime < before) old.push(name)
  }
  const kept = await keep(old)
  const gone = old.filter((name) => !kept.has(name))
  for (const name of gone) await rm(join(folder, name), { recursive: true, force: true })
  return gone.length
}
