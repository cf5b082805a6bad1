/** The colours of the drawings; drawing-colours.css gives each its token. */
export type Colour =
  | 'line'
  | 'face'
  | 'call'
  | 'answer'
  | 'ground'
  | 'wall'
  | 'soft'
  | 'cool'
  | 'white'
  | 'wood'
  | 'screen'
  | 'extra'
  | Cloth
  | `${Cloth}-deep`
  | `skin-${Tone}`
  | `hair-${Tone}`
export type Cloth = 'teal' | 'plum' | 'coral' | 'moss' | 'sky'
export type Tone = 1 | 2 | 3 | 4 | 5 | 6
export type Point = readonly [number, number]

const round = (value: number) => String(Math.round(value * 10) / 10)
const numbers = (d: string) => d.replaceAll(/-?\d+\.\d{2,}/g, (value) => round(Number(value)))

export const circle = (x: number, y: number, r: number, colour: Colour) =>
  `<circle class="f-${colour}" cx="${round(x)}" cy="${round(y)}" r="${round(r)}"/>`

export const oval = ([x, y]: Point, [rx, ry]: Point, colour: Colour, turn = 0) =>
  `<ellipse class="f-${colour}" cx="${round(x)}" cy="${round(y)}" rx="${round(rx)}" ry="${round(ry)}"${turn ? ` transform="rotate(${round(turn)} ${round(x)} ${round(y)})"` : ''}/>`

export const box = ([x, y]: Point, [width, height]: Point, colour: Colour, corner = 4) =>
  `<rect class="f-${colour}" x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="${corner}"/>`

export const shape = (d: string, colour: Colour) => `<path class="f-${colour}" d="${numbers(d)}"/>`

export const stroke = (d: string, colour: Colour, width = 4) =>
  `<path class="s-${colour}" stroke-width="${round(width)}" d="${numbers(d)}"/>`

export const ring = ([x, y]: Point, r: number, colour: Colour, width = 4) =>
  `<circle class="s-${colour}" stroke-width="${round(width)}" cx="${round(x)}" cy="${round(y)}" r="${round(r)}"/>`

/** Puts pieces somewhere; a negative `wide` mirrors them. */
export const place = (pieces: string, [x, y]: Point, scale = 1, { turn = 0, mirror = false } = {}) =>
  `<g transform="translate(${round(x)} ${round(y)})${turn ? ` rotate(${round(turn)})` : ''}${
    mirror || scale !== 1 ? ` scale(${mirror ? -scale : scale} ${scale})` : ''
  }">${pieces}</g>`

/** The echo: a call at `from`, and its smaller answer at `to`, which open towards each other and never cross. */
export function echo(from: Point, to: Point, size = 20, call: Colour = 'call') {
  const way = Math.sign(to[0] - from[0]) || 1
  const arc = ([x, y]: Point, half: number, bulge: number) =>
    `M${x} ${y - half}q${bulge} ${half} 0 ${half * 2}`
  const small = size * 0.68
  return (
    stroke(arc(from, size, way * size * 0.62), call, size * 0.27) +
    stroke(arc(to, small, -way * small * 0.66), 'answer', size * 0.27)
  )
}

/** Answers the same numbers between 0 and 1 for the same seed (mulberry32). */
export function seeded(seed: number) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** Answers a number for words: always the same for the same ones (FNV-1a). */
export const numberOf = (seed: string) =>
  Array.from(seed, (letter) => letter.codePointAt(0) ?? 0).reduce(
    (hash, code) => Math.imul(hash ^ code, 16777619) >>> 0,
    2166136261,
  )
