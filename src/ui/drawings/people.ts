import { hairOf, type HairStyle } from '#ui/drawings/hair.ts'
import {
  box,
  circle,
  oval,
  place,
  ring,
  shape,
  stroke,
  type Cloth,
  type Colour,
  type Point,
  type Tone,
} from '#ui/drawings/paint.ts'

export interface Look {
  skin: Tone
  hair: HairStyle
  /** Of the hair. */
  tone: Tone
  top: Cloth
  below: Cloth
  /** Of a scarf, a turban, a hat. */
  cloth: Cloth
  has: readonly Aid[]
  mood: Mood
}
export type Aid =
  | 'glasses'
  | 'hearing-aid'
  | 'ear-defenders'
  | 'beard'
  | 'tube'
  | 'short-sleeves'
  | 'stripes'
  | 'dungarees'
export type Mood = 'smile' | 'closed' | 'wonder' | 'laugh' | 'calm'
export type Seat = 'none' | 'floor' | 'wheelchair' | 'stool' | 'sofa' | 'standing' | 'frame'

export interface Pose {
  /** The middle of the hips. */
  at: Point
  scale?: number
  /** Looks right unless mirrored. */
  mirror?: boolean
  seat?: Seat
  /** Where the hands are, far hand first, in the drawing's own coordinates. Left out: in the lap. */
  hands?: readonly Point[]
  /** Degrees the body leans forward. */
  lean?: number
  /** Degrees the head bows. */
  bow?: number
  child?: boolean
  mood?: Mood
}

const usual: Look = {
  skin: 2,
  hair: 'short',
  tone: 2,
  top: 'teal',
  below: 'plum',
  cloth: 'plum',
  has: [],
  mood: 'smile',
}

export const look = (own: Partial<Look>): Look => ({ ...usual, ...own })

const eyes: Record<Mood, (line: Colour) => string> = {
  smile: (line) =>
    circle(-1, -2, 2.3, line) + circle(12, -2, 2.3, line) + stroke('M-1 8q6 7 12 0', line, 2.4),
  calm: (line) =>
    circle(-1, -2, 2.3, line) + circle(12, -2, 2.3, line) + stroke('M1 10q5 2.5 9 0', line, 2.4),
  closed: (line) => stroke('M-5-2q4 4 8 0M8-2q4 4 8 0M0 8q5 5.5 10 0', line, 2.4),
  wonder: (line) =>
    circle(0, -4, 2.5, line) +
    circle(13, -4, 2.5, line) +
    oval([7, 10], [3, 4], line) +
    stroke('M-4-11q4-3 7-1M9-12q4-2 7 1', line, 2),
  laugh: (line) =>
    stroke('M-5-2q4-5 8 0M8-2q4-5 8 0', line, 2.4) +
    shape('M-3 6h16q-1 9-8 9t-8-9z', line) +
    shape('M-1 6h12v2.5h-12z', 'white'),
}

function head({ skin, hair, tone, cloth, has, ...own }: Look, mood: Mood) {
  const skinColour: Colour = `skin-${skin}`
  const { back, front } = hairOf(hair, `hair-${tone}`, cloth)
  const covered = hair === 'scarf'
  return {
    back,
    front: [
      oval([0, 0], [19, 21], skinColour),
      covered ? '' : oval([-14, 3], [4.5, 6], skinColour) + stroke('M-15 1q3 2 1 5', 'face', 1.2),
      `<g opacity=".4">${circle(-3, 6, 4, 'coral') + circle(15, 5, 3.5, 'coral')}</g>`,
      has.includes('beard')
        ? shape('M-17 2C-16 30 20 28 19 2 15 8 12 3 6 4-2 4-10 12-17 2z', `hair-${tone}`)
        : '',
      eyes[mood](has.includes('beard') && tone < 3 ? 'white' : 'face').replaceAll(
        'f-white" cx',
        'f-face" cx',
      ),
      stroke('M7-1q3 4 0 5', 'face', 1.6),
      front,
      has.includes('glasses')
        ? ring([-1, -2], 6.5, 'face', 1.8) +
          ring([13, -2], 6, 'face', 1.8) +
          stroke('M5.5-3h1.5M-7.5-3l-6-1', 'face', 1.8)
        : '',
      has.includes('hearing-aid') ? stroke('M-16-4q-5 1-4 8', 'teal', 3) : '',
      has.includes('ear-defenders')
        ? stroke('M-14 2C-20-34 14-36 12-20', 'teal', 4) + oval([-14, 3], [7, 9], 'teal')
        : '',
      has.includes('tube') ? stroke('M8 4q-8 4-16 2', 'white', 1.8) + box([-6, 3], [6, 5], 'white', 1) : '',
    ].join(''),
    own,
  }
}

function arm([sx, sy]: Point, [hx, hy]: Point, { top, skin, has }: Look, near: boolean) {
  const far = Math.hypot(hx - sx, hy - sy)
  const bend = Math.max(4, (64 - far) * 0.55)
  const mid: Point = [(sx + hx) / 2 - ((sy - hy) / (far || 1)) * -bend * 0.4, (sy + hy) / 2 + bend]
  const sleeve: Colour = near ? `${top}-deep` : top
  const short = has.includes('short-sleeves')
  const whole = `M${sx} ${sy}Q${mid[0]} ${mid[1]} ${hx} ${hy}`
  const upper = `M${sx} ${sy}L${sx + (mid[0] - sx) * 0.5} ${sy + (mid[1] - sy) * 0.5}`
  return short
    ? stroke(whole, `skin-${skin}`, 10.5) + stroke(upper, sleeve, 14) + circle(hx, hy, 7, `skin-${skin}`)
    : circle(hx, hy, 7.3, `skin-${skin}`) +
        stroke(
          `M${sx} ${sy}Q${mid[0]} ${mid[1]} ${hx - (hx - mid[0]) * 0.14} ${hy - (hy - mid[1]) * 0.14}`,
          sleeve,
          13,
        )
}

function legs(seat: Seat, below: Cloth, child: boolean) {
  const colour = below
  const deep: Colour = `${below}-deep`
  const long = child ? 0.8 : 1
  switch (seat) {
    case 'floor':
      return stroke('M-16-4Q-40 8-12 9T30 8', deep, 15) + stroke('M14-5Q44 2 22 9T-22 9', colour, 15)
    case 'stool':
    case 'sofa':
    case 'wheelchair':
      return stroke(`M-4-7H24Q30-7 30 2V${34 * long}`, colour, 16) + stroke(`M29 ${38 * long}h10`, 'line', 9)
    case 'standing':
    case 'frame':
      return (
        stroke(`M-9-4L-11 ${54 * long}`, colour, 16) +
        stroke(`M9-4L12 ${54 * long}`, deep, 16) +
        stroke(`M-12 ${58 * long}h9M11 ${58 * long}h9`, 'line', 8)
      )
    case 'none':
      return ''
  }
}

const chairBack = stroke('M-26 6V-50M-26-50h-10', 'line', 5) + box([-27, -44], [8, 42], 'line', 4)
const chairFront =
  stroke('M-24 0H26M24 2L34 40H46', 'line', 5) +
  ring([-10, 22], 24, 'line', 5) +
  ring([-10, 22], 17, 'answer', 2.5) +
  circle(-10, 22, 4.5, 'line') +
  circle(30, 42, 5.5, 'line')
const stool = stroke('M-18 8L-22 44M16 8L20 44', 'wood', 6) + box([-24, 1], [46, 9], 'wood', 4)
const frame = stroke('M18-16Q22-24 34-22L44 60M18-16L8 60M24 18h14', 'line', 4.5)

const turned = ([x, y]: Point, degrees: number): Point => {
  const angle = (-degrees * Math.PI) / 180
  return [x * Math.cos(angle) - y * Math.sin(angle), x * Math.sin(angle) + y * Math.cos(angle)]
}

const dress = ({ top, below, has }: Look) => {
  const body = 'M-26-34Q-26-55-7-55H7Q26-55 26-34L28 0Q28 6 20 6H-20Q-28 6-28 0z'
  return (
    shape(body, top) +
    (has.includes('stripes') ? stroke('M-24-36H24M-25-24H25M-26-12H26', 'white', 3.5) : '') +
    (has.includes('dungarees')
      ? shape('M-17-34H17L20 6H-20z', below) + stroke('M-14-34L-16-52M14-34L16-52', below, 5)
      : '')
  )
}

/** Draws one person: a head, a body, hands that are somewhere, and what they sit in or hold on to. */
export function person(who: Look, pose: Pose) {
  const { at, scale = 1, mirror = false, seat = 'none', hands, lean = 0, bow = 0, child = false } = pose
  const inside = ([x, y]: Point): Point =>
    turned([((x - at[0]) / scale) * (mirror ? -1 : 1), (y - at[1]) / scale], lean)
  const [far, near] = hands
    ? [hands[0], hands[1]].map((hand) => hand && inside(hand))
    : [undefined, undefined]
  const size = child ? 1.16 : 1
  const { back, front } = head(who, pose.mood ?? who.mood)
  const onHead = (pieces: string) => place(pieces, [2, -77 - (child ? 3 : 0)], size, { turn: bow })
  const upper = [
    onHead(back),
    arm([14, -42], far ?? [18, -10], who, false),
    stroke('M0-62V-50', `skin-${who.skin}`, 13),
    dress(who),
    shape('M-8-56Q0-46 8-56z', `skin-${who.skin}`),
    onHead(front),
  ].join('')
  const lap = arm([-16, -42], near ?? [8, -6], who, true)
  const below = legs(seat, who.below, child)
  const sits = seat === 'floor' || seat === 'stool' || seat === 'sofa' || seat === 'wheelchair'
  const body = lean ? `<g transform="rotate(${lean})">${upper}</g>` : upper
  const reach = lean ? `<g transform="rotate(${lean})">${lap}</g>` : lap
  const parts = [
    seat === 'wheelchair' ? chairBack : '',
    seat === 'stool' ? stool : '',
    sits ? '' : below,
    body,
    sits ? below : '',
    reach,
    seat === 'wheelchair' ? chairFront : '',
    seat === 'frame' ? frame : '',
  ]
  return place(parts.join(''), at, scale, { mirror })
}
