import { circle, oval, shape, stroke, type Cloth, type Colour } from '#ui/drawings/paint.ts'

/** Hair lies partly behind the head and partly over it. The head is an oval of 19 × 21 around 0, 0, looking right. */
export interface Hair {
  back: string
  front: string
}

const cap = 'M-20-1C-23-31 23-31 20-4 15-13 6-15-3-14-12-13-17-9-20-1z'
const parted = 'M-20 2C-24-30 24-30 20-2 17-9 10-14 5-17-1-9-13-7-20 2z'

const ringOf = (count: number, radius: number, [r, colour]: [number, Colour], [from, to] = [150, 390]) =>
  Array.from({ length: count }, (_, index) => {
    const angle = ((from + ((to - from) * index) / (count - 1)) * Math.PI) / 180
    return circle(Math.cos(angle) * radius, Math.sin(angle) * radius, r, colour)
  }).join('')

const styles = {
  bald: () => ({ back: '', front: '' }),
  wisps: (tone) => ({ back: circle(-18, 0, 6, tone) + circle(-19, -7, 5, tone), front: '' }),
  short: (tone) => ({ back: '', front: shape(cap, tone) }),
  swept: (tone) => ({
    back: '',
    front: shape('M-20 3C-25-30 16-37 23-12 16-10 8-12 2-15-4-8-15-10-20 3z', tone),
  }),
  crop: (tone) => ({
    back: '',
    front: shape('M-19-3C-22-25-8-26-4-24-2-29 4-29 5-25 16-26 21-16 19-5 12-12-10-13-19-3z', tone),
  }),
  bob: (tone) => ({
    back: shape('M-24 15C-30-36 30-36 23 12 14 18-16 20-24 15z', tone),
    front: shape(parted, tone),
  }),
  long: (tone) => ({
    back: shape('M-25 38C-30-38 30-36 22 20 16 34-12 42-25 38z', tone),
    front: shape(parted, tone),
  }),
  bun: (tone) => ({ back: circle(-13, -24, 10, tone), front: shape(cap, tone) }),
  ponytail: (tone) => ({
    back: shape('M-14-14C-36-20-40 6-32 22-26 12-22 4-15 0z', tone),
    front: shape(cap, tone),
  }),
  curly: (tone) => ({
    back: ringOf(9, 19, [9, tone]),
    front: circle(-10, -15, 8, tone) + circle(1, -18, 8, tone) + circle(12, -14, 7, tone),
  }),
  afro: (tone) => ({
    back: circle(-1, -6, 30, tone),
    front: shape('M-20-2C-20-26 20-26 20-5 10-15-10-14-20-2z', tone),
  }),
  puffs: (tone) => ({
    back: circle(-17, -19, 11, tone) + circle(17, -19, 11, tone),
    front: shape(cap, tone),
  }),
  braids: (tone) => ({
    back: [0, 1, 2, 3].map((step) => oval([-20 - step, 8 + step * 9], [6, 6.5], tone)).join(''),
    front: shape(parted, tone),
  }),
  locs: (tone) => ({
    back: [-21, -14, -7].map((x) => stroke(`M${x} -8Q${x - 6} 14 ${x - 2} 30`, tone, 7)).join(''),
    front: shape(cap, tone),
  }),
  waves: (tone) => ({
    back: ringOf(8, 18, [8.5, tone], [120, 380]),
    front: shape('M-20 2C-24-30 24-31 20-3 14-4 13-13 7-12 1-11 0-6-6-8-12-10-14-1-20 2z', tone),
  }),
  scarf: (_, cloth) => ({
    back: shape('M-25 26C-32-38 30-38 23 22L30 40Q0 52-30 40z', cloth),
    front: shape(
      'M-23 12C-27-34 25-34 22 6 24 20 16 28 4 28-12 28-20 24-23 12zM4 24C18 23 20-12 8-17-12-18-14 2-12 12-9 21-2 25 4 24z',
      cloth,
    ),
  }),
  turban: (_, cloth) => ({
    back: '',
    front:
      shape('M-22-2C-32-36 26-42 22-8 10-17-8-14-22-2z', cloth) +
      stroke('M-20-9C-8-24 8-24 19-13M-14-22Q0-31 14-24', `${cloth}-deep`, 2.5),
  }),
  beanie: (_, cloth) => ({
    back: '',
    front: shape('M-20-6C-22-34 20-34 20-8z', cloth) + stroke('M-19-7Q0-14 20-8', `${cloth}-deep`, 7),
  }),
} satisfies Record<string, (tone: Colour, cloth: Cloth) => Hair>

export type HairStyle = keyof typeof styles

export function hairOf(style: HairStyle, tone: Colour, cloth: Cloth): Hair {
  const make: (tone: Colour, cloth: Cloth) => Hair = styles[style]
  return make(tone, cloth)
}
