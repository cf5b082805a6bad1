import * as v from 'valibot'
import { anyOf, formKey } from '#kernel/input.ts'
import { mostCovers, type Cover } from '#kernel/pictures.ts'
import { id, pass } from '#media/picture.ts'

/** Into how many squares a picture is cut, across and down, for covering it without drawing. */
export const squaresAcross = 8

/** Every square: its row and its column, from 0. */
export const squares = Array.from(
  { length: squaresAcross * squaresAcross },
  (_, n) => `${Math.floor(n / squaresAcross)}-${n % squaresAcross}`,
)

/** Answers the covers that ticked squares make: each run of a row is one. */
export function coversOfSquares(ticked: readonly string[]): Cover[] {
  const all = new Set(ticked)
  const side = 1 / squaresAcross
  const covers: Cover[] = []
  for (let row = 0; row < squaresAcross; row += 1) {
    for (let from = 0; from < squaresAcross; from += 1) {
      let to = from
      while (all.has(`${row}-${to}`)) to += 1
      if (to === from) continue
      covers.push({ shape: 'rectangle', x: from * side, y: row * side, w: (to - from) * side, h: side })
      from = to
    }
  }
  return covers
}

const part = v.pipe(v.number(), v.minValue(0), v.maxValue(1))
const cover = v.object({
  shape: v.picklist(['rectangle', 'ellipse']),
  x: part,
  y: part,
  w: v.pipe(part, v.minValue(0.001)),
  h: v.pipe(part, v.minValue(0.001)),
})

/** Covers as a device that drew them sends them: one JSON list in a field; empty where nothing can be drawn. */
const drawn = v.pipe(
  v.optional(v.string('input.one-answer'), ''),
  v.transform((words): unknown => {
    try {
      return words === '' ? [] : JSON.parse(words)
    } catch {
      // No list, as the check behind this says in words.
      return null
    }
  }),
  v.array(cover, 'media.cover.wrong'),
)

/** What is covered: drawn on the device, or ticked square by square. */
export const coverInput = v.pipe(
  v.object({ version: id, pass, covers: drawn, squares: anyOf(squares), formKey }),
  v.transform(({ covers, squares: ticked, ...rest }) => ({
    ...rest,
    covers: [...covers, ...coversOfSquares(ticked)],
  })),
  v.forward(
    v.check(({ covers }) => covers.length > 0, 'media.cover.none'),
    ['covers'],
  ),
  v.forward(
    v.check(({ covers }) => covers.length <= mostCovers, 'media.cover.many'),
    ['covers'],
  ),
)
export type CoverInput = v.InferOutput<typeof coverInput>
