import { randomBytes } from 'node:crypto'
import { constants, createReadStream } from 'node:fs'
import { access, copyFile, link, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isGone, orGone } from '#platform/server/gone.ts'
import { isKey, type Space, type Store, type Stored } from '#platform/server/storage.ts'

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

/** Gives a file a second name, or copies it where the disk cannot. What is stored is never written to again, so both are the same. */
async function again(from: string, to: string): Promise<void> {
  await link(from, to).catch((error: unknown) => {
    if (isGone(error)) throw error
    return copyFile(from, to, constants.COPYFILE_EXCL)
  })
}

/** Writes beside the place and renames: whoever reads finds the whole file or none. */
async function place(from: string, to: string): Promise<void> {
  const folder = dirname(to)
  await mkdir(folder, { recursive: true })
  const beside = `${to}.${randomBytes(6).toString('hex')}.tmp`
  await again(from, beside)
  await settle(beside)
  await rename(beside, to)
  await settle(folder)
}

/** A store in a folder: one file for each key. */
export function fileStore(root: string): Store {
  const pathOf = (space: Space, key: string): string => {
    if (!isKey(key)) throw new Error('That is no key of ours')
    return join(root, space, key)
  }
  return {
    putFile: (space, key, path) => place(path, pathOf(space, key)),
    get: async (space, key, range) => {
      const path = pathOf(space, key)
      const bytes = await sizeOf(path)
      if (bytes === null) return null
      const body = createReadStream(path, range ? { start: range.from, end: range.to } : {})
      return { bytes, body }
    },
    fetchTo: async (space, key, path) =>
      orGone(
        again(pathOf(space, key), path).then(() => true),
        false,
      ),
    delete: (space, key) => rm(pathOf(space, key), { force: true }),
    copy: (space, from, to) => place(pathOf(space, from), pathOf(space, to)),
    list: (space) => filesUnder(join(root, space)),
    answers: () =>
      mkdir(root, { recursive: true })
        .then(() => access(root, constants.W_OK))
        .then(
          () => true,
          () => false,
        ),
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
