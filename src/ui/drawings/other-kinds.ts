import { cast, somebody as who } from '#ui/drawings/cast.ts'
import { box, circle, echo, place, stroke } from '#ui/drawings/paint.ts'
import { person } from '#ui/drawings/people.ts'
import * as a from '#ui/drawings/things.ts'

const letter = () =>
  a.wall('cool') +
  a.floor() +
  a.postBox([246, 172], 1.12) +
  person(who(6), {
    at: [96, 118],
    scale: 0.92,
    seat: 'standing',
    hands: [
      [176, 96],
      [112, 116],
    ],
  }) +
  a.envelope()([192, 108], 0.74, { turn: -8 }) +
  echo([158, 44], [186, 47], 13)

const visit = () =>
  a.wall() +
  a.floor() +
  a.door([72, 164], 1.06) +
  a.plant([296, 158], 0.8) +
  person(who(15), {
    at: [88, 120],
    scale: 0.86,
    seat: 'standing',
    hands: [
      [126, 62],
      [132, 108],
    ],
  }) +
  a.flower('coral')([136, 118], 0.9, { turn: 12 }) +
  echo([160, 58], [186, 62], 14) +
  person(who(17), {
    at: [242, 132],
    scale: 0.92,
    mirror: true,
    seat: 'wheelchair',
    mood: 'laugh',
    hands: [
      [196, 84],
      [204, 110],
    ],
  })

const training = () =>
  a.wall() +
  a.floor('ground', 144) +
  a.blanket(220, 'sky')([118, 174]) +
  person(who(14), {
    at: [76, 160],
    scale: 0.86,
    seat: 'floor',
    hands: [
      [124, 124],
      [118, 136],
    ],
    lean: 8,
  }) +
  person(who(1), {
    at: [166, 160],
    scale: 0.86,
    mirror: true,
    seat: 'floor',
    hands: [
      [126, 118],
      [132, 138],
    ],
  }) +
  echo([112, 76], [136, 80], 12) +
  person(who(10), {
    at: [264, 118],
    scale: 0.84,
    mirror: true,
    seat: 'standing',
    hands: [
      [236, 92],
      [240, 100],
    ],
  }) +
  place(
    box([-13, -17], [26, 34], 'wood', 3) +
      box([-10, -12], [20, 27], 'white', 1) +
      stroke('M-6-5H6M-6 2H6', 'face', 2),
    [232, 94],
    1,
    { turn: -8 },
  )

const broadcast = () =>
  a.wall('ground') +
  a.floor('soft') +
  person(cast[5], {
    at: [104, 140],
    scale: 1.1,
    hands: [
      [152, 114],
      [146, 132],
    ],
    mood: 'laugh',
  }) +
  a.table(210)([150, 180]) +
  a.microphone([184, 138], 1.1) +
  stroke('M222 52q22 26 0 52', 'call', 7) +
  stroke('M244 36q36 42 0 84', 'call', 7) +
  stroke('M288 60q-13 18 0 36', 'answer', 6)

const conversation = () =>
  a.wall('cool') +
  a.hills('moss') +
  a.tree('moss-deep')([286, 160], 1.05) +
  a.bench([156, 180], 1.2) +
  person(who(0), {
    at: [108, 138],
    scale: 0.92,
    seat: 'sofa',
    hands: [
      [150, 102],
      [136, 124],
    ],
  }) +
  person(who(11), {
    at: [208, 138],
    scale: 0.92,
    mirror: true,
    seat: 'sofa',
    hands: [
      [166, 116],
      [176, 122],
    ],
  }) +
  a.tablet([164, 118], 0.8, { turn: -6 }) +
  echo([144, 56], [174, 60], 16)

const display = () =>
  a.wall() +
  a.floor() +
  box([70, 16], [226, 100], 'soft', 6) +
  a.poster('teal', 'skin-2', 'skin-5')([114, 66]) +
  a.poster('plum', 'skin-6', 'skin-1')([182, 66]) +
  a.poster('coral', 'skin-3', 'skin-4')([252, 62], 1, { turn: 4 }) +
  person(who(8), {
    at: [258, 132],
    scale: 0.76,
    mirror: true,
    seat: 'standing',
    hands: [
      [232, 42],
      [276, 44],
    ],
    mood: 'smile',
  }) +
  person(who(4), {
    at: [58, 142],
    scale: 0.7,
    seat: 'standing',
    child: true,
    hands: [
      [92, 92],
      [50, 136],
    ],
  })

const talk = () =>
  a.wall('ground') +
  box([150, 20], [140, 84], 'white', 6) +
  a.pair('skin-6', 'skin-2', 1.15)([220, 66]) +
  a.floor('soft', 146) +
  person(who(19), {
    at: [84, 110],
    scale: 0.86,
    seat: 'standing',
    hands: [
      [132, 74],
      [104, 96],
    ],
  }) +
  a.lectern([100, 166], 0.98) +
  a.watcher('hair-1', 'teal')([150, 178], 0.8) +
  a.watcher('hair-6', 'plum')([214, 182], 0.8) +
  a.watcher('hair-3', 'moss')([278, 178], 0.8)

const other = () =>
  a.wall() +
  a.floor() +
  a.glow([160, 84], 50, 'soft') +
  circle(160, 84, 30, 'extra') +
  stroke('M160 69V99M145 84H175', 'face', 8) +
  person(who(9), {
    at: [70, 138],
    scale: 0.92,
    seat: 'stool',
    hands: [
      [122, 78],
      [126, 102],
    ],
  }) +
  person(who(17), {
    at: [250, 138],
    scale: 0.92,
    mirror: true,
    seat: 'wheelchair',
    hands: [
      [198, 78],
      [194, 102],
    ],
  }) +
  echo([142, 26], [178, 29], 12)

export const otherKinds = { letter, visit, training, broadcast, conversation, display, talk, other }
