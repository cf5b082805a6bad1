export interface Cluster {
  lat: number
  lon: number
  count: number
  /** Without it the pin only shows where. */
  href?: string | undefined
  /** What a press leads to, in words: "34 in the United Kingdom". */
  label: string
}

export interface Pin {
  x: number
  y: number
  /** Where it belongs, when it had to step aside. */
  from: readonly [number, number] | null
  r: number
  count: number
  clusters: readonly Cluster[]
}

/** How wide a view is drawn at least, in pixels, and how far apart the middles of its pins are then. */
export interface Spacing {
  width: number
  apart: number
}

/** One to four figures: map.css gives the dots the same radii, in pixels, however wide the map is. */
const radii = [13, 15, 19, 23] as const

/** Answers how many figures are written on a pin, four at most. */
export const figuresOf = (count: number) =>
  Math.min(radii.length, String(Math.max(1, Math.round(count))).length)

/** Answers a pin's radius in pixels. */
export const radiusOf = (count: number): number => radii[figuresOf(count) - 1] ?? radii[0]

const far = (one: Pin, other: Pin) => Math.sqrt((one.x - other.x) ** 2 + (one.y - other.y) ** 2)

/** Answers one pin for two, between them, nearer to the larger. */
export function mergedPin(one: Pin, other: Pin, size: number): Pin {
  const count = one.count + other.count
  return {
    x: (one.x * one.count + other.x * other.count) / count,
    y: (one.y * one.count + other.y * other.count) / count,
    from: null,
    r: radiusOf(count) * size,
    count,
    clusters: [...one.clusters, ...other.clusters],
  }
}

/** Puts pins together whose middles are so near that stepping aside would mislead; the largest first. */
export function mergePins(pins: readonly Pin[], size: number, apart: number): Pin[] {
  let left = pins.toSorted((one, other) => other.count - one.count)
  for (let changed = true; changed;) {
    changed = false
    const kept: Pin[] = []
    for (const pin of left) {
      const at = kept.findIndex((other) => far(pin, other) < Math.max((pin.r + other.r) * 0.8, apart * 0.62))
      const other = kept[at]
      if (other) {
        kept[at] = mergedPin(other, pin, size)
        changed = true
      } else kept.push(pin)
    }
    left = kept
  }
  return left
}

/** Pushes two pins that are too near away from each other, the smaller one further; answers whether it had to. */
function part(one: Pin, other: Pin, near: number): boolean {
  const [dx, dy] = [one.x - other.x, one.y - other.y]
  const apart = Math.sqrt(dx * dx + dy * dy)
  const push = near - apart
  if (push <= 0.05) return false
  const [alongX, alongY] = apart < 0.01 ? [1, 0] : [dx / apart, dy / apart]
  const share = other.count / (one.count + other.count)
  one.x += alongX * push * share
  one.y += alongY * push * share
  other.x -= alongX * push * (1 - share)
  other.y -= alongY * push * (1 - share)
  return true
}

/** Moves pins that touch a little apart, inside the drawing; says where they came from when they moved visibly. */
export function nudgePins(
  pins: readonly Pin[],
  [gap, apart]: readonly [number, number],
  [width, height]: readonly [number, number],
): Pin[] {
  const moved = pins.map((pin) => ({ ...pin }))
  for (let round = 0; round < 60; round++) {
    let still = true
    for (const [index, one] of moved.entries())
      for (let next = index + 1; next < moved.length; next++) {
        const other = moved[next]
        if (!other) continue
        const near = Math.max(one.r + other.r + gap, apart)
        if (Math.abs(one.x - other.x) < near && part(one, other, near)) still = false
      }
    for (const pin of moved) {
      pin.x = Math.min(width - pin.r - gap, Math.max(pin.r + gap, pin.x))
      pin.y = Math.min(height - pin.r - gap / 2, Math.max(pin.r + gap / 2, pin.y))
    }
    if (still) break
  }
  return moved.map((pin, index) => {
    const start = pins[index] ?? pin
    return { ...pin, from: far(pin, start) > pin.r * 0.8 ? ([start.x, start.y] as const) : null }
  })
}

const finger = 24

/** Answers how far from its middle each pin can be pressed, in units of the drawing: 48 pixels across where its neighbours leave room. */
export const reachesOf = (pins: readonly Pin[], size: number): number[] =>
  pins.map((pin) => {
    const nearest = Math.min(...pins.filter((other) => other !== pin).map((other) => far(pin, other)))
    return Math.min(finger * size, Math.max(nearest / 2, pin.r))
  })

/** Answers the clusters of the most crowded part of a drawing, when at least four of them could not be told apart. */
export function crowdOf(pins: readonly Pin[], [wide, high]: readonly [number, number]): Cluster[] {
  let best: Pin[] = []
  for (const middle of pins) {
    const here = pins.filter(
      (pin) => Math.abs(pin.x - middle.x) < wide / 2 && Math.abs(pin.y - middle.y) < high / 2,
    )
    const touch = here.filter((pin) =>
      here.some((other) => other !== pin && far(pin, other) < pin.r + other.r),
    )
    if (touch.length >= 4 && here.length > best.length) best = here
  }
  return best.flatMap((pin) => pin.clusters)
}
