import type { Pin } from '#ui/map/pins.ts'

/** A name on a map, beside its place. */
export interface Label {
  name: string
  x: number
  y: number
  /** Pixels between the place and the name; below nothing when the name stands before it. */
  step: number
  /** Where its own dot is; none where a pin stands there already. */
  dot: readonly [number, number] | null
}
interface Box {
  left: number
  right: number
  top: number
  bottom: number
}

/** map.css writes names as large as this, in pixels, however wide the map is. */
const letters = { high: 22, wide: 9.4 }
/** The corner in which the scale stands, in pixels. */
const scale = { high: 36, wide: 130 }
const echo = 11

const touches = (one: Box, other: Box) =>
  one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom

/** Writes as many names as there is room for, the first ones first: beside their place, never over a pin, over another name or over the edge. `size` is how many units of the drawing a pixel is. */
export function labelsOn(
  places: readonly { name: string; x: number; y: number }[],
  pins: readonly Pin[],
  size: number,
  [width, height]: readonly [number, number],
): Label[] {
  const taken: Box[] = pins.map(({ x, y, r }) => ({
    left: x - r - echo * size,
    right: x + r + echo * size,
    top: y - r,
    bottom: y + r,
  }))
  taken.push({ left: 0, right: scale.wide * size, top: height - scale.high * size, bottom: height })
  return places.flatMap(({ name, x, y }): Label[] => {
    const long = name.length * letters.wide * size
    const half = (letters.high / 2) * size
    const pin = pins.find((one) => Math.hypot(one.x - x, one.y - y) < one.r + 6 * size)
    const middle = pin ?? { x, y }
    const away = pin ? pin.r / size + echo + 1 : 9
    for (const step of [away, -away]) {
      const end = middle.x + step * size
      const box = {
        left: step > 0 ? end : end - long,
        right: step > 0 ? end + long : end,
        top: middle.y - half,
        bottom: middle.y + half,
      }
      const inside = box.left > 0 && box.right < width && box.top > 0 && box.bottom < height
      if (!inside || taken.some((other) => touches(box, other))) continue
      taken.push(box)
      if (!pin) taken.push({ left: x - half, right: x + half, top: y - half, bottom: y + half })
      return [{ name, x: middle.x, y: middle.y, step, dot: pin ? null : [x, y] }]
    }
    return []
  })
}
