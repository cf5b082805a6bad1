import sharp from 'sharp'
import { squares } from './files.ts'

/** The colours of a picture at places, in parts of its width and its height. */
export async function coloursAt(
  picture: string | Buffer,
  places: readonly (readonly [number, number])[],
): Promise<number[][]> {
  const { data, info } = await sharp(picture).raw().toBuffer({ resolveWithObject: true })
  return places.map(([x, y]) => {
    const at = (Math.floor(info.height * y) * info.width + Math.floor(info.width * x)) * info.channels
    return [...data.subarray(at, at + 3)]
  })
}

/** The colour in the middle of each quarter: top left, top right, bottom left, bottom right. */
export const quarters = (picture: string | Buffer): Promise<number[][]> =>
  coloursAt(
    picture,
    [0.25, 0.75].flatMap((y) => [0.25, 0.75].map((x) => [x, y] as const)),
  )

/** The four squares as they are when they stand upright. */
export const upright = [squares.topLeft, squares.topRight, squares.bottomLeft, squares.bottomRight]

/** Answers by how much colours differ, at the most. */
export const apart = (seen: number[][], wanted: number[][]): number =>
  Math.max(...wanted.flat().map((value, n) => Math.abs(value - (seen.flat()[n] ?? 0))))
