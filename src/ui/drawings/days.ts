import { box, circle, echo, oval, shape, stroke } from '#ui/drawings/paint.ts'
import { person } from '#ui/drawings/people.ts'
import type { Scene } from '#ui/drawings/scene.ts'
import * as a from '#ui/drawings/things.ts'

const storyBook: Scene = (one, two) =>
  a.wall('sky') +
  person(one, {
    at: [88, 196],
    scale: 1.4,
    hands: [
      [140, 150],
      [118, 168],
    ],
    bow: 8,
  }) +
  person(two, {
    at: [236, 196],
    scale: 1.4,
    mirror: true,
    hands: [
      [184, 150],
      [206, 168],
    ],
    bow: 6,
    mood: 'wonder',
  }) +
  shape('M104 172L160 186L216 172V128L160 142L104 128z', 'white') +
  stroke('M160 142V186', 'face', 3) +
  circle(132, 154, 10, 'coral') +
  a.leaf('moss')([188, 172], 0.8) +
  echo([148, 36], [174, 40], 13)

const tunnel: Scene = (one, two) =>
  a.wall('sky') +
  circle(160, 120, 106, 'coral') +
  circle(160, 122, 84, 'plum') +
  circle(160, 124, 64, 'screen') +
  person(two, {
    at: [160, 196],
    scale: 1.1,
    hands: [
      [122, 160],
      [196, 162],
    ],
    mood: 'laugh',
  }) +
  person(one, {
    at: [34, 208],
    scale: 1.3,
    hands: [
      [92, 150],
      [78, 176],
    ],
  })

const birthday: Scene = (one, two) =>
  a.wall('soft') +
  a.bunting(4) +
  person(one, {
    at: [70, 178],
    scale: 1.2,
    hands: [
      [122, 150],
      [104, 160],
    ],
  }) +
  person(two, {
    at: [250, 178],
    scale: 1.2,
    mirror: true,
    child: true,
    mood: 'laugh',
    hands: [
      [206, 98],
      [216, 156],
    ],
  }) +
  box([0, 166], [320, 40], 'white', 0) +
  box([116, 126], [88, 42], 'plum', 8) +
  shape(
    'M116 138Q116 124 126 124H194Q204 124 204 138 196 148 188 138 180 148 172 138 164 150 156 138 148 148 140 138 130 148 116 138z',
    'white',
  ) +
  [134, 160, 186].map((x) => stroke(`M${x} 122V106`, 'teal', 5) + oval([x, 96], [4, 7], 'extra')).join('')

const pool: Scene = (one, two) =>
  a.wall('white') +
  stroke('M0 36H320M80 0V90M240 0V90', 'cool', 3) +
  box([0, 78], [320, 122], 'sky', 0) +
  person(one, {
    at: [90, 158],
    scale: 1.15,
    hands: [
      [150, 116],
      [138, 128],
    ],
  }) +
  person(two, {
    at: [236, 158],
    scale: 1.15,
    mirror: true,
    mood: 'laugh',
    hands: [
      [176, 118],
      [188, 128],
    ],
  }) +
  shape('M0 136Q20 124 40 136T80 136 120 136 160 136 200 136 240 136 280 136 320 136V200H0z', 'teal') +
  stroke('M24 160q12-8 24 0t24 0M230 170q12-8 24 0t24 0', 'white', 3) +
  echo([146, 64], [176, 68], 15)

const laundry: Scene = (one, two) =>
  a.wall('sky') +
  a.hills('moss') +
  stroke('M0 34Q160 56 320 34', 'line', 3) +
  shape('M40 40L108 47V118L38 112z', 'white') +
  shape('M196 49L262 44L266 108L198 116z', 'coral') +
  shape('M124 48H178V84H124z', 'extra') +
  person(one, {
    at: [90, 120],
    seat: 'standing',
    scale: 0.94,
    hands: [
      [128, 62],
      [108, 84],
    ],
  }) +
  person(two, {
    at: [228, 132],
    seat: 'wheelchair',
    mirror: true,
    scale: 0.94,
    hands: [
      [178, 78],
      [194, 96],
    ],
    mood: 'laugh',
  })

const parachute: Scene = (one, two) =>
  a.wall('cool') +
  a.floor('ground', 164) +
  person(one, {
    at: [44, 120],
    seat: 'standing',
    scale: 0.9,
    hands: [
      [86, 74],
      [78, 84],
    ],
  }) +
  person(two, {
    at: [276, 132],
    seat: 'wheelchair',
    scale: 0.9,
    mirror: true,
    mood: 'laugh',
    hands: [
      [236, 74],
      [242, 84],
    ],
  }) +
  shape('M82 78Q160-34 240 78Q220 92 200 80 180 94 160 80 140 94 120 80 100 92 82 78z', 'coral') +
  shape('M120 80Q128 16 160 22 192 16 200 80 180 94 160 80 140 94 120 80z', 'extra') +
  shape('M160 80Q152 20 160 22 192 16 200 80 180 94 160 80z', 'plum') +
  person(
    { ...two, skin: one.skin, hair: 'curly', top: 'moss' },
    { at: [160, 164], seat: 'floor', scale: 0.8, child: true, mood: 'wonder' },
  )

const stars: Scene = (one, two) =>
  a.wall('screen') +
  shape('M0 164Q90 132 180 158T320 150V200H0z', 'teal-deep') +
  circle(262, 42, 22, 'extra') +
  circle(252, 36, 19, 'screen') +
  (
    [
      [40, 36],
      [92, 62],
      [140, 24],
      [188, 60],
      [220, 92],
      [26, 96],
      [300, 96],
    ] as const
  )
    .map(([x, y], index) => circle(x, y, index % 2 ? 2 : 3.4, 'white'))
    .join('') +
  person(one, {
    at: [108, 164],
    seat: 'floor',
    bow: -10,
    mood: 'calm',
    hands: [
      [150, 66],
      [112, 150],
    ],
  }) +
  person(two, { at: [208, 164], mirror: true, seat: 'floor', bow: -10, mood: 'wonder' }) +
  a.blanket(200, 'coral')([160, 184])

const shadows: Scene = (one, two) =>
  a.wall('screen') +
  circle(160, 90, 82, 'extra') +
  shape('M128 120Q110 92 124 66L134 42 144 66 156 60 166 36 174 64Q200 84 188 120z', 'plum') +
  circle(148, 82, 4, 'extra') +
  a.floor('wood', 164) +
  person(one, {
    at: [42, 160],
    seat: 'floor',
    hands: [
      [94, 96],
      [82, 112],
    ],
  }) +
  person(two, {
    at: [278, 160],
    seat: 'floor',
    mirror: true,
    mood: 'laugh',
    hands: [
      [228, 96],
      [240, 112],
    ],
  })

const dancing: Scene = (one, two) =>
  a.wall('cool') +
  (
    [
      [50, 30, 'extra'],
      [276, 40, 'coral'],
      [160, 22, 'sky'],
      [110, 60, 'moss'],
      [214, 66, 'extra'],
    ] as const
  )
    .map(([x, y, colour]) => circle(x, y, 7, colour))
    .join('') +
  a.floor('plum-deep', 164) +
  person(one, {
    at: [104, 116],
    seat: 'standing',
    lean: -6,
    hands: [
      [160, 84],
      [64, 44],
    ],
    mood: 'laugh',
  }) +
  person(two, {
    at: [228, 130],
    seat: 'wheelchair',
    mirror: true,
    hands: [
      [164, 86],
      [258, 52],
    ],
    mood: 'laugh',
  })

export const days: readonly Scene[] = [
  storyBook,
  tunnel,
  birthday,
  pool,
  laundry,
  parachute,
  stars,
  shadows,
  dancing,
]
