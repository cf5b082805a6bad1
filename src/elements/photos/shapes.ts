import { mostCovers, type Cover } from '#kernel/pictures.ts'

/** What is drawn over a picture, and how it was before each step, so that every step can be taken back. */
export interface Drawing {
  covers: Cover[]
  before: Cover[][]
}

/** The smallest cover, in parts of the picture: a finger still hits it. */
const smallest = 0.04

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value))
const round = (value: number): number => Math.round(value * 10_000) / 10_000

/** Answers a cover that lies inside of the picture and can be seen. */
export function inside(cover: Cover): Cover {
  const [w, h] = [clamp(cover.w, smallest, 1), clamp(cover.h, smallest, 1)]
  return {
    shape: cover.shape,
    x: round(clamp(cover.x, 0, 1 - w)),
    y: round(clamp(cover.y, 0, 1 - h)),
    w: round(w),
    h: round(h),
  }
}

/** Answers the cover between two corners, in whatever direction they were drawn. */
export const between = (
  shape: Cover['shape'],
  from: { x: number; y: number },
  to: { x: number; y: number },
): Cover =>
  inside({
    shape,
    x: Math.min(from.x, to.x),
    y: Math.min(from.y, to.y),
    w: Math.abs(to.x - from.x),
    h: Math.abs(to.y - from.y),
  })

const step = (drawing: Drawing, covers: Cover[]): Drawing => ({
  covers,
  before: [...drawing.before, drawing.covers].slice(-100),
})

/** Adds a cover; above the most that one picture may have, nothing changes. */
export const add = (drawing: Drawing, cover: Cover): Drawing =>
  drawing.covers.length >= mostCovers ? drawing : step(drawing, [...drawing.covers, inside(cover)])

/** A cover in the middle, for whoever draws with keys or a switch: nearly round on the picture, whatever its sides. */
export const inTheMiddle = (shape: Cover['shape'], sides: { width: number; height: number }): Cover => {
  const side = 0.25 * Math.min(sides.width, sides.height)
  const [w, h] = [side / sides.width, side / sides.height]
  return { shape, x: 0.5 - w / 2, y: 0.5 - h / 2, w, h }
}

export interface Change {
  x?: number
  y?: number
  w?: number
  h?: number
}

/** Moves a cover or makes it larger or smaller around its middle, by parts of the picture. */
export function change(drawing: Drawing, at: number, by: Change): Drawing {
  const cover = drawing.covers[at]
  if (!cover) return drawing
  const [w, h] = [by.w ?? 0, by.h ?? 0]
  const next = inside({
    ...cover,
    x: cover.x + (by.x ?? 0) - w / 2,
    y: cover.y + (by.y ?? 0) - h / 2,
    w: cover.w + w,
    h: cover.h + h,
  })
  return step(
    drawing,
    drawing.covers.map((one, n) => (n === at ? next : one)),
  )
}

/** Takes a cover away. */
export const remove = (drawing: Drawing, at: number): Drawing =>
  at in drawing.covers
    ? step(
        drawing,
        drawing.covers.filter((_, n) => n !== at),
      )
    : drawing

/** Takes the last step back. */
export const undo = (drawing: Drawing): Drawing => {
  const covers = drawing.before.at(-1)
  return covers ? { covers, before: drawing.before.slice(0, -1) } : drawing
}

/** Says where a cover is, in hundredths of the picture. */
export const placeOf = (cover: Cover): { left: number; top: number; width: number; height: number } => ({
  left: Math.round(cover.x * 100),
  top: Math.round(cover.y * 100),
  width: Math.round(cover.w * 100),
  height: Math.round(cover.h * 100),
})
