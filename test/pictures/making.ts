import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll } from 'vitest'
import type { Cover, Format } from '#kernel/pictures.ts'
import { Refusal } from '#kernel/refusal.ts'
import { openMaker } from '#platform/server/images.ts'
import type { MadePicture } from '#platform/server/images/making.ts'
import { squares } from './files.ts'

export const folder = mkdtempSync('/tmp/abe-making-')
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

/** The colour in the middle of each quarter: top left, top right, bottom left, bottom right. */
export async function quarters(path: string): Promise<number[][]> {
  const { data, info } = await sharp(path).raw().toBuffer({ resolveWithObject: true })
  return [0.25, 0.75].flatMap((y) =>
    [0.25, 0.75].map((x) => {
      const at = (Math.floor(info.height * y) * info.width + Math.floor(info.width * x)) * info.channels
      return [...data.subarray(at, at + 3)]
    }),
  )
}

/** The four squares as they are when they stand upright. */
export const upright = [squares.topLeft, squares.topRight, squares.bottomLeft, squares.bottomRight]

/** Answers by how much colours differ, at the most. */
export const apart = (seen: number[][], wanted: number[][]): number =>
  Math.max(...wanted.flat().map((value, n) => Math.abs(value - (seen.flat()[n] ?? 0))))
