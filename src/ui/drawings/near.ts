import { box, circle, echo, oval, place, shape, stroke, type Cloth, type Colour } from '#ui/drawings/paint.ts'
import { person, type Look } from '#ui/drawings/people.ts'
import type { Scene } from '#ui/drawings/scene.ts'
import * as a from '#ui/drawings/things.ts'

/* Scenes seen from close by: hands, soundTube, faces. */

const deep = (cloth: Cloth): Colour => `${cloth}-deep`
const sleeve = (d: string, { top }: Look) => stroke(d, deep(top), 44)
const skin = ({ skin: tone }: Look): Colour => `skin-${tone}`

const openHand = (who: Look) =>
  shape(
    'M-30-22H6Q14-22 20-26L44-40Q54-44 56-36T48-24L30-12 66-16Q76-16 76-8T66 0L32 2 62 8Q70 10 69 17T60 22L28 14 48 24Q54 28 50 34T40 35L8 22H-30z',
    skin(who),
  )

const hands: Scene = (one, two) =>
  a.wall('soft') +
  circle(160, 100, 84, 'wall') +
  sleeve('M-20 150L60 116', one) +
  sleeve('M340 60L262 90', two) +
  place(openHand(one), [86, 106], 1, { turn: -14 }) +
  place(openHand(two), [236, 98], 1, { turn: 20, mirror: true }) +
  echo([140, 40], [184, 46], 17)

const palms: Scene = (one, two) =>
  a.wall('cool') +
  sleeve('M40 230L110 132', one) +
  sleeve('M284 230L212 132', two) +
  (
    [
      [114, one, 1],
      [206, two, -1],
    ] as const
  )
    .map(
      ([x, who, way]) =>
        [0, 1, 2, 3]
          .map((finger) =>
            stroke(
              `M${x + way * (finger * 11 - 8)} 108L${x + way * (finger * 13 - 4)} ${58 + Math.abs(finger - 1.4) * 7}`,
              skin(who),
              13,
            ),
          )
          .join('') +
        stroke(`M${x - way * 14} 124L${x - way * 32} 104`, skin(who), 13) +
        oval([x + way * 8, 124], [27, 26], skin(who)),
    )
    .join('') +
  stroke('M160 26V10M142 32L132 20M178 32L188 20', 'extra', 6)

const drumNear: Scene = (one, two) =>
  a.wall('coral') +
  circle(160, 206, 128, 'coral-deep') +
  oval([160, 140], [116, 44], 'white') +
  shape('M44 140Q44 230 60 230H260Q276 230 276 140Q260 184 160 184T44 140z', 'teal') +
  sleeve('M-10 30L66 96', one) +
  sleeve('M330 24L256 90', two) +
  place(openHand(one), [88, 112], 0.86, { turn: 34 }) +
  place(openHand(two), [232, 108], 0.86, { turn: -34, mirror: true }) +
  echo([142, 42], [180, 46], 17)

const soundTube: Scene = (one, two) =>
  a.wall('soft') +
  circle(160, 110, 88, 'wall') +
  person(one, {
    at: [66, 208],
    scale: 1.5,
    mood: 'wonder',
    hands: [
      [128, 108],
      [112, 128],
    ],
  }) +
  person(two, {
    at: [256, 208],
    scale: 1.5,
    mirror: true,
    mood: 'laugh',
    hands: [
      [196, 112],
      [216, 132],
    ],
  }) +
  stroke('M104 106Q160 140 212 102', 'teal', 18) +
  stroke('M116 112Q160 134 204 108', 'teal-deep', 4) +
  stroke('M96 92V116M222 90V114', 'teal', 9) +
  echo([146, 44], [176, 48], 16)

const faceToFace: Scene = (one, two) =>
  a.wall('ground') +
  circle(160, 100, 92, 'wall') +
  person(one, { at: [70, 210], scale: 1.75, bow: 4 }) +
  person(two, { at: [250, 214], scale: 1.6, mirror: true, bow: 2 }) +
  echo([136, 50], [178, 56], 20)

const forehead: Scene = (one, two) =>
  a.wall('cool') +
  a.glow([160, 96], 96, 'soft') +
  person(one, { at: [100, 206], scale: 1.6, lean: 9, mood: 'closed' }) +
  person(two, { at: [220, 206], scale: 1.6, mirror: true, lean: 9, mood: 'closed' })

const atTheWindow: Scene = (one, two) =>
  a.wall() +
  a.windowPane([160, 80], 1.75) +
  person(one, {
    at: [66, 204],
    scale: 1.45,
    bow: -4,
    mood: 'calm',
    hands: [
      [118, 170],
      [60, 190],
    ],
  }) +
  person(two, {
    at: [258, 204],
    scale: 1.35,
    mirror: true,
    mood: 'wonder',
    hands: [
      [204, 110],
      [230, 190],
    ],
  }) +
  a.bird([178, 74], 1.1, { mirror: true })

const peekaboo: Scene = (one, two) =>
  a.wall('soft') +
  person(one, { at: [76, 206], scale: 1.5, mood: 'wonder' }) +
  person(two, { at: [240, 206], scale: 1.5, mirror: true, mood: 'laugh' }) +
  shape('M170 92Q236 76 304 92L312 214H166z', 'sky') +
  stroke('M190 100L186 200M220 94V200M252 92L254 200M284 96L290 200', 'sky-deep', 4) +
  oval([172, 94], [10, 9], skin(two)) +
  oval([302, 94], [10, 9], skin(two)) +
  echo([142, 48], [176, 52], 17)

const brushing: Scene = (one, two) =>
  a.wall('soft') +
  circle(160, 98, 88, 'wall') +
  person(two, { at: [204, 212], scale: 1.7, mood: 'closed' }) +
  person(one, {
    at: [70, 206],
    scale: 1.35,
    hands: [
      [152, 62],
      [150, 96],
    ],
    mood: 'calm',
  }) +
  place(
    box([-26, -7], [34, 14], 'extra', 5) +
      stroke('M8 0H36', 'extra', 7) +
      stroke('M-22 9V14M-14 9V14M-6 9V14M2 9V14', 'white', 3),
    [172, 66],
    1,
    { turn: -30 },
  )

const switchPress: Scene = (one, two) =>
  a.wall('wall') +
  a.floor('teal', 150) +
  person(one, {
    at: [66, 190],
    scale: 1.3,
    hands: [
      [120, 156],
      [104, 168],
    ],
  }) +
  person(two, {
    at: [254, 190],
    scale: 1.3,
    mirror: true,
    hands: [
      [182, 142],
      [210, 168],
    ],
  }) +
  oval([164, 170], [44, 16], 'screen') +
  oval([164, 158], [34, 14], 'extra') +
  box([130, 156], [68, 6], 'extra', 3) +
  circle(182, 146, 9, skin(two)) +
  echo([144, 58], [178, 62], 15)

export const near: readonly Scene[] = [
  hands,
  palms,
  drumNear,
  soundTube,
  faceToFace,
  forehead,
  atTheWindow,
  peekaboo,
  brushing,
  switchPress,
]
