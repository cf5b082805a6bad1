export interface Cluster {
  lat: number
  lon: number
  count: number
  href: string
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

/** Answers a pin's radius: a hundred times as many is about twice as wide. */
export const radiusOf = (count: number) => Math.min(22, 10.5 + Math.log10(Math.max(1, count)) * 4.5)

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
export function mergePins(pins: readonly Pin[], size: number): Pin[] {
  let left = pins.toSorted((one, other) => other.count - one.count)
  for (let changed = true; changed;) {
    changed = false
    const kept: Pin[] = []
    for (const pin of left) {
      const at = kept.findIndex((other) => far(pin, other) < (pin.r + other.r) * 0.8)
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
function part(one: Pin, other: Pin, gap: number): boolean {
  const near = one.r + other.r + gap
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
  gap: number,
  [width, height]: readonly [number, number],
): Pin[] {
  const moved = pins.map((pin) => ({ ...pin }))
  for (let round = 0; round < 60; round++) {
    let still = true
    for (const [index, one] of moved.entries())
      for (let next = index + 1; next < moved.length; next++) {
        const other = moved[next]
        if (other && Math.abs(one.x - other.x) < one.r + other.r + gap && part(one, other, gap)) still = false
      }
    for (const pin of moved) {
      pin.x = Math.min(width - pin.r - 4, Math.max(pin.r + 4, pin.x))
      pin.y = Math.min(height - pin.r - 4, Math.max(pin.r + 4, pin.y))
    }
    if (still) break
  }
  return moved.map((pin, index) => {
    const start = pins[index] ?? pin
    return { ...pin, from: far(pin, start) > pin.r * 0.8 ? ([start.x, start.y] as const) : null }
  })
}

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
