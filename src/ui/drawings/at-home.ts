import { circle, echo, shape, stroke } from '#ui/drawings/paint.ts'
import { person } from '#ui/drawings/people.ts'
import type { Scene } from '#ui/drawings/scene.ts'
import * as a from '#ui/drawings/things.ts'

const sofa: Scene = (one, two) =>
  a.wall('soft') +
  a.floor() +
  a.picture('sky')([60, 44], 1.2) +
  a.lamp([296, 166], 0.9) +
  a.sofa('moss')([156, 176], 1.18) +
  person(one, {
    at: [110, 138],
    seat: 'sofa',
    hands: [
      [160, 106],
      [152, 118],
    ],
    bow: 4,
  }) +
  person(two, {
    at: [206, 138],
    mirror: true,
    seat: 'sofa',
    hands: [
      [164, 100],
      [170, 120],
    ],
  }) +
  echo([146, 46], [174, 52], 15)

const drumming: Scene = (one, two) =>
  a.wall() +
  a.floor() +
  a.windowPane([160, 58], 1.05) +
  person(one, {
    at: [72, 156],
    seat: 'floor',
    hands: [
      [132, 120],
      [118, 132],
    ],
    lean: 6,
  }) +
  person(two, {
    at: [246, 156],
    mirror: true,
    seat: 'floor',
    child: true,
    hands: [
      [188, 106],
      [204, 134],
    ],
    mood: 'laugh',
  }) +
  a.drum('coral')([160, 174], 1.4)

const blanketPlay: Scene = (one, two) =>
  a.wall('cool') +
  a.floor('soft', 150) +
  a.blanket(290, 'plum')([160, 178]) +
  person(one, {
    at: [78, 160],
    seat: 'floor',
    hands: [
      [134, 86],
      [128, 96],
    ],
  }) +
  person(two, {
    at: [242, 160],
    mirror: true,
    seat: 'floor',
    hands: [
      [186, 86],
      [192, 96],
    ],
    mood: 'laugh',
  }) +
  shape('M132 84Q160 128 188 84L190 96Q160 146 130 96z', 'coral') +
  echo([142, 42], [176, 46], 14)

const bubbles: Scene = (one, two) =>
  a.wall('cool') +
  a.floor() +
  a.windowPane([160, 48], 0.9) +
  person(one, {
    at: [70, 132],
    seat: 'stool',
    hands: [
      [132, 112],
      [124, 120],
    ],
    lean: 4,
  }) +
  person(two, {
    at: [254, 132],
    mirror: true,
    seat: 'wheelchair',
    hands: [
      [188, 112],
      [200, 98],
    ],
    mood: 'laugh',
  }) +
  a.table(140)([162, 178]) +
  shape('M112 112H212L202 136H122z', 'coral') +
  (
    [
      [122, 108, 11],
      [140, 102, 14],
      [160, 98, 16],
      [182, 103, 13],
      [200, 108, 10],
      [150, 70, 8],
      [176, 58, 6],
      [136, 44, 5],
      [196, 76, 7],
    ] as const
  )
    .map(([x, y, r]) => circle(x, y, r, 'white'))
    .join('')

const painting: Scene = (one, two) =>
  a.wall() +
  a.floor() +
  a.picture('coral')([46, 44]) +
  a.picture('moss')([272, 40], 1.2) +
  a.picture('plum')([160, 32]) +
  person(one, {
    at: [74, 132],
    seat: 'stool',
    hands: [
      [140, 112],
      [130, 122],
    ],
    lean: 5,
  }) +
  person(two, {
    at: [254, 132],
    mirror: true,
    seat: 'wheelchair',
    hands: [
      [188, 110],
      [200, 122],
    ],
  }) +
  a.table(150)([166, 178]) +
  a.paint([166, 136], 1.2) +
  circle(188, 110, 4, 'coral') +
  circle(142, 112, 4, 'teal')

const rolling: Scene = (one, two) =>
  a.wall('soft') +
  a.floor('cool', 146) +
  a.windowPane([54, 62]) +
  person(one, {
    at: [62, 160],
    seat: 'floor',
    hands: [
      [118, 132],
      [108, 142],
    ],
    lean: 7,
  }) +
  person(two, {
    at: [254, 160],
    mirror: true,
    seat: 'floor',
    hands: [
      [206, 92],
      [210, 138],
    ],
    mood: 'laugh',
  }) +
  a.ball('coral', 21)([160, 176]) +
  stroke('M122 176h8M112 168h10', 'line', 3) +
  echo([136, 76], [176, 80], 15)

const tea: Scene = (one, two) =>
  a.wall() +
  a.floor() +
  a.plant([30, 164]) +
  a.picture('cool')([160, 40], 1.4) +
  person(one, {
    at: [82, 132],
    seat: 'stool',
    hands: [
      [140, 96],
      [136, 104],
    ],
  }) +
  person(two, {
    at: [242, 132],
    mirror: true,
    seat: 'wheelchair',
    hands: [
      [184, 96],
      [188, 104],
    ],
  }) +
  a.cup()([142, 104], 0.95, { mirror: true }) +
  a.cup('teal')([182, 104], 0.95) +
  a.table(104, 'teal')([162, 178])

export const atHome: readonly Scene[] = [sofa, drumming, blanketPlay, bubbles, painting, rolling, tea]
