import { randomBytes } from 'node:crypto'
import { constants, createReadStream } from 'node:fs'
import { access, copyFile, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Space, Store, Stored } from '#platform/server/storage.ts'

const isGone = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')

const orGone = <Result, Instead>(work: Promise<Result>, instead: Instead): Promise<Result | Instead> =>
  work.catch((error: unknown) => {
    if (isGone(error)) return instead
    throw error
  })

/** Makes what was written survive a power cut. */
async function settle(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function sizeOf(path: string): Promise<number | null> {
  const found = await orGone(stat(path), null)
  return found?.isFile() ? found.size : null
}

/** Writes beside the place and renames: whoever reads finds the whole file or none. */
async function place(from: string, to: string, keepFrom: boolean): Promise<void> {
  const folder = dirname(to)
  await mkdir(folder, { recursive: true })
  const moved =
    !keepFrom &&
    (await rename(from, `${to}.tmp`).then(
      () => true,
      (error: unknown) => {
        if (error instanceof Error && 'code' in error && error.code === 'EXDEV') return false
        throw error
      },
    ))
  const beside = moved ? `${to}.tmp` : `${to}.${randomBytes(6).toString('hex')}.tmp`
  if (!moved) await copyFile(from, beside)
  await settle(beside)
  await rename(beside, to)
  await settle(folder)
  if (!moved && !keepFrom) await rm(from, { force: true })
}

/** A store in a folder: one file for each key. */
export function fileStore(root: string): Store {
  const pathOf = (space: Space, key: string): string => {
    if (!/^[0-9a-z/]{4,100}$/.test(key) || key.includes('//')) throw new Error('That is no key of ours')
    return join(root, space, key)
  }
  return {
    putFile: (space, key, path) => place(path, pathOf(space, key), false),
    get: async (space, key, range) => {
      const path = pathOf(space, key)
      const bytes = await sizeOf(path)
      if (bytes === null) return null
      const body = createReadStream(path, range ? { start: range.from, end: range.to } : {})
      return { bytes, body }
    },
    fetchTo: async (space, key, path) =>
      orGone(
        copyFile(pathOf(space, key), path).then(() => true),
        false,
      ),
    delete: (space, key) => rm(pathOf(space, key), { force: true }),
    copy: (space, from, to) => place(pathOf(space, from), pathOf(space, to), true),
    list: (space) => filesUnder(join(root, space)),
    answers: async () => {
      await mkdir(root, { recursive: true })
      return access(root, constants.W_OK).then(
        () => true,
        () => false,
      )
    },
  }
}

const namesIn = async (folder: string): Promise<string[]> => {
  const names: string[] = await orGone(readdir(folder), [])
  return names.toSorted()
}

async function* filesUnder(folder: string): AsyncGenerator<Stored> {
  for (const part of await namesIn(folder)) {
    for (const name of await namesIn(join(folder, part))) {
      if (name.endsWith('.tmp')) continue
      const found = await orGone(stat(join(folder, part, name)), null)
      if (found) yield { key: `${part}/${name}`, bytes: found.size, changed: found.mtime }
    }
  }
}
