import { box, circle, echo, oval, shape, stroke } from '#ui/drawings/paint.ts'
import { person } from '#ui/drawings/people.ts'
import type { Scene } from '#ui/drawings/scene.ts'
import * as a from '#ui/drawings/things.ts'

const garden: Scene = (one, two) =>
  a.wall('cool') +
  a.hills('moss') +
  box([118, 146], [92, 34], 'wood', 4) +
  oval([164, 146], [46, 8], 'hair-2') +
  person(one, {
    at: [64, 118],
    seat: 'standing',
    scale: 0.94,
    hands: [
      [116, 108],
      [112, 120],
    ],
    lean: 5,
  }) +
  person(two, {
    at: [264, 130],
    mirror: true,
    scale: 0.94,
    seat: 'wheelchair',
    hands: [
      [206, 104],
      [214, 122],
    ],
  }) +
  a.flower('coral')([142, 148], 1.1) +
  a.flower('sky')([166, 146], 1.3) +
  a.flower('plum')([190, 148], 1) +
  echo([136, 50], [176, 54], 14)

const onTheBus: Scene = (one, two) =>
  a.wall('sky') +
  a.floor('ground', 176) +
  circle(292, 30, 16, 'extra') +
  a.bus([160, 190], 1.16) +
  `<g>${
    person(one, {
      at: [112, 118],
      scale: 0.62,
      hands: [
        [146, 94],
        [142, 104],
      ],
    }) +
    person(two, {
      at: [194, 118],
      scale: 0.62,
      mirror: true,
      hands: [
        [164, 90],
        [170, 102],
      ],
      mood: 'laugh',
    })
  }</g>` +
  box([-20, 119], [360, 26], 'coral', 0) +
  stroke('M-14 145H334', 'extra', 6) +
  echo([142, 70], [164, 72], 8)

const swinging: Scene = (one, two) =>
  a.wall('cool') +
  a.hills('moss') +
  stroke('M100 8H300M118 8L92 176M282 8L308 176', 'wood', 8) +
  stroke('M222 10L214 142M252 10L256 142', 'line', 3) +
  person(two, {
    at: [236, 128],
    scale: 0.84,
    mirror: true,
    seat: 'sofa',
    child: true,
    hands: [
      [218, 84],
      [252, 84],
    ],
    mood: 'laugh',
  }) +
  box([206, 132], [60, 8], 'coral', 3) +
  person(one, {
    at: [70, 114],
    seat: 'standing',
    hands: [
      [122, 70],
      [118, 88],
    ],
    scale: 0.96,
  }) +
  echo([134, 48], [166, 54], 14)

const rainWalk: Scene = (one, two) =>
  a.wall('sky') +
  a.rain +
  a.floor('teal', 164) +
  oval([226, 182], [56, 7], 'cool') +
  a.umbrella('coral')([138, 112], 0.92) +
  person(one, {
    at: [104, 118],
    seat: 'standing',
    hands: [
      [138, 98],
      [132, 106],
    ],
    scale: 0.94,
  }) +
  person(two, {
    at: [216, 132],
    seat: 'wheelchair',
    scale: 0.94,
    mirror: true,
    hands: [
      [176, 62],
      [188, 74],
    ],
    mood: 'laugh',
  })

const withDog: Scene = (one, two) =>
  a.wall('cool') +
  a.hills('moss') +
  a.tree('moss-deep')([296, 150], 0.9) +
  person(one, {
    at: [72, 156],
    seat: 'floor',
    hands: [
      [130, 126],
      [122, 138],
    ],
  }) +
  a.dog([168, 178], 0.94) +
  person(two, {
    at: [252, 134],
    mirror: true,
    seat: 'wheelchair',
    hands: [
      [208, 122],
      [214, 130],
    ],
  })

const leaves: Scene = (one, two) =>
  a.wall('soft') +
  a.floor('coral-deep', 160) +
  a.tree('coral')([44, 162], 1.2) +
  person(one, {
    at: [110, 118],
    seat: 'standing',
    hands: [
      [156, 62],
      [146, 76],
    ],
    scale: 0.94,
  }) +
  person(two, {
    at: [228, 118],
    mirror: true,
    seat: 'frame',
    hands: [
      [182, 66],
      [190, 82],
    ],
    scale: 0.94,
  }) +
  (
    [
      [166, 52, 'extra', 30],
      [182, 96, 'coral', -30],
      [146, 116, 'extra', 80],
      [170, 148, 'moss', 10],
      [178, 28, 'coral', 60],
      [276, 170, 'extra', 90],
      [150, 188, 'coral', 100],
    ] as const
  )
    .map(([x, y, colour, turn]) => a.leaf(colour)([x, y], 0.72, { turn }))
    .join('')

const sand: Scene = (one, two) =>
  a.wall('sky') +
  circle(268, 36, 20, 'extra') +
  box([0, 92], [320, 40], 'teal', 0) +
  stroke('M10 104q14-8 28 0t28 0M240 110q14-8 28 0t28 0', 'white', 3) +
  shape('M0 128Q160 108 320 128V200H0z', 'soft') +
  person(one, {
    at: [70, 158],
    seat: 'floor',
    hands: [
      [126, 142],
      [116, 150],
    ],
    lean: 6,
  }) +
  person(two, {
    at: [250, 158],
    mirror: true,
    seat: 'floor',
    hands: [
      [196, 128],
      [204, 148],
    ],
    mood: 'laugh',
  }) +
  shape('M128 176L138 148H178L188 176z', 'wood') +
  shape('M150 148V134L168 140L150 144z', 'coral') +
  stroke('M196 134v10M202 136v8', 'wood', 2.5)

export const outside: readonly Scene[] = [garden, onTheBus, swinging, rainWalk, withDog, leaves, sand]
