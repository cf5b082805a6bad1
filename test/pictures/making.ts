import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import type { Cover, Format } from '#kernel/pictures.ts'
import { Refusal } from '#kernel/refusal.ts'
import { openMaker } from '#platform/server/images.ts'
import type { MadePicture } from '#platform/server/images/making.ts'

export const folder = mkdtempSync(join(tmpdir(), 'abe-making-'))
export const maker = openMaker(folder, false)
afterAll(() => {
  maker.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** Writes a file where the process that makes may read it. */
export function saved(bytes: Buffer): string {
  const path = join(mkdtempSync(join(folder, 'one-')), 'source')
  writeFileSync(path, bytes)
  return path
}

type Options = { formats?: Format[]; covers?: Cover[] }

/** Makes a file into everything that would be served of it. */
export async function make(
  bytes: Buffer,
  { formats = ['webp', 'jpg', 'avif'], covers = [] }: Options = {},
): Promise<MadePicture> {
  const path = saved(bytes)
  return maker.make({ path, covers, formats, folder: join(path, '..') })
}

/** Answers why a file is refused, or "made". */
export async function verdict(bytes: Buffer): Promise<string> {
  try {
    await make(bytes, { formats: ['webp'] })
    return 'made'
  } catch (error) {
    if (error instanceof Refusal) return error.key.replace('media.wrong.', '')
    throw error
  }
}

/** Answers where the widest picture of a format lies. */
export const largest = (picture: MadePicture, format: Format): string =>
  picture.made.filter((one) => one.format === format).toSorted((one, other) => other.width - one.width)[0]
    ?.path ?? ''
