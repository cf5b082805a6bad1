import { box, circle, echo, shape, stroke } from '#ui/drawings/paint.ts'
import { person } from '#ui/drawings/people.ts'
import type { Scene } from '#ui/drawings/scene.ts'
import * as a from '#ui/drawings/things.ts'

const atTheBed: Scene = (one, two) =>
  a.wall('ground') +
  a.floor('soft', 170) +
  shape('M230 0H320V200H276z', 'wall') +
  a.lamp([296, 172], 0.86) +
  a.bed([196, 164], 1.06) +
  person(two, {
    at: [150, 146],
    scale: 0.9,
    lean: -26,
    hands: [
      [112, 102],
      [190, 126],
    ],
    mood: 'closed',
  }) +
  shape('M128 132Q200 110 300 142V170H128z', 'plum') +
  stroke('M134 150Q200 130 298 158', 'plum-deep', 4) +
  person(one, {
    at: [52, 140],
    seat: 'stool',
    hands: [
      [112, 108],
      [104, 116],
    ],
    lean: 8,
    bow: 6,
    mood: 'calm',
  })

const music: Scene = (one, two) =>
  a.wall('ground') +
  a.floor('soft') +
  circle(160, 74, 60, 'soft') +
  person(one, {
    at: [86, 134],
    seat: 'stool',
    hands: [
      [138, 76],
      [96, 116],
    ],
  }) +
  a.guitar([100, 132], 0.84) +
  person(two, {
    at: [240, 134],
    mirror: true,
    seat: 'wheelchair',
    hands: [
      [196, 74],
      [208, 92],
    ],
    mood: 'laugh',
  }) +
  stroke('M160 44V66M160 44L176 40V60', 'extra', 4) +
  circle(156, 67, 5, 'extra') +
  circle(172, 61, 5, 'extra')

const piano: Scene = (one, two) =>
  a.wall() +
  a.floor() +
  a.lamp([30, 166], 0.94) +
  person(one, {
    at: [98, 132],
    seat: 'stool',
    hands: [
      [158, 116],
      [148, 118],
    ],
  }) +
  person(two, {
    at: [252, 132],
    mirror: true,
    seat: 'stool',
    hands: [
      [190, 116],
      [202, 118],
    ],
    child: true,
  }) +
  a.keys(150)([174, 140], 1) +
  stroke('M112 140L106 178M236 140L242 178', 'line', 6) +
  echo([156, 48], [188, 54], 15)

const mirror: Scene = (one, two) =>
  a.wall() +
  a.floor() +
  box([176, 16], [118, 140], 'wood', 58) +
  box([184, 24], [102, 124], 'cool', 50) +
  person(two, {
    at: [236, 138],
    scale: 0.76,
    mirror: true,
    hands: [
      [216, 60],
      [262, 132],
    ],
    mood: 'wonder',
  }) +
  box([178, 138], [114, 18], 'wood', 6) +
  box([184, 148], [102, 14], 'wall', 0) +
  person(one, {
    at: [94, 134],
    seat: 'stool',
    hands: [
      [152, 78],
      [112, 122],
    ],
    mood: 'wonder',
  })

const torch: Scene = (one, two) =>
  a.wall('screen') +
  a.floor('plum-deep') +
  shape('M128 92L300-6H150z', 'extra').replace('class=', 'opacity=".5" class=') +
  (
    [
      [60, 30],
      [104, 18],
      [280, 84],
      [34, 74],
      [256, 30],
    ] as const
  )
    .map(([x, y]) => circle(x, y, 3, 'white'))
    .join('') +
  person(one, {
    at: [76, 156],
    seat: 'floor',
    hands: [
      [128, 96],
      [116, 108],
    ],
    bow: -8,
    mood: 'calm',
  }) +
  box([120, 82], [18, 12], 'coral', 3) +
  person(two, {
    at: [236, 156],
    mirror: true,
    seat: 'floor',
    hands: [
      [194, 62],
      [206, 136],
    ],
    bow: -8,
    mood: 'wonder',
  })

const balloons: Scene = (one, two) =>
  a.wall('cool') +
  a.floor() +
  a.balloon('coral')([148, 66], 1.2) +
  a.balloon('extra')([176, 48], 1.3) +
  a.balloon('plum')([112, 42], 1) +
  person(one, {
    at: [76, 134],
    seat: 'stool',
    hands: [
      [148, 118],
      [136, 124],
    ],
  }) +
  person(two, {
    at: [250, 134],
    mirror: true,
    seat: 'wheelchair',
    child: true,
    hands: [
      [196, 54],
      [202, 76],
    ],
    mood: 'wonder',
  })

const window: Scene = (one, two) =>
  a.wall('teal') +
  box([26, 22], [268, 150], 'white', 8) +
  box([36, 32], [120, 130], 'wall', 3) +
  box([164, 32], [120, 130], 'soft', 3) +
  person(one, {
    at: [92, 162],
    scale: 1.06,
    hands: [
      [132, 88],
      [96, 140],
    ],
  }) +
  person(two, {
    at: [226, 162],
    scale: 1.06,
    mirror: true,
    hands: [
      [186, 86],
      [230, 140],
    ],
    mood: 'laugh',
  }) +
  box([22, 160], [276, 16], 'white', 4) +
  box([0, 176], [320, 24], 'teal', 0) +
  echo([144, 58], [176, 62], 15)

export const atPlay: readonly Scene[] = [atTheBed, music, piano, mirror, torch, balloons, window]
