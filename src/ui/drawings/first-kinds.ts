import { somebody as who } from '#ui/drawings/cast.ts'
import { box, circle, echo, shape, stroke } from '#ui/drawings/paint.ts'
import { person } from '#ui/drawings/people.ts'
import * as a from '#ui/drawings/things.ts'

const street =
  a.wall('cool') +
  box([18, 62], [62, 100], 'soft', 3) +
  box([84, 36], [56, 126], 'wall', 3) +
  box([236, 54], [70, 110], 'soft', 3) +
  [30, 54].map((x) => box([x, 78], [14, 20], 'white', 2)).join('') +
  [96, 116].map((x) => box([x, 52], [12, 18], 'white', 2)).join('') +
  [250, 276].map((x) => box([x, 72], [15, 22], 'white', 2)).join('')

const shareMedia = () =>
  a.wall() +
  a.floor() +
  a.windowPane([52, 74]) +
  person(who(0), {
    at: [118, 132],
    scale: 0.92,
    seat: 'stool',
    hands: [
      [176, 88],
      [166, 104],
    ],
    lean: 4,
  }) +
  a.phone([178, 84], 1.05, { turn: 8 }) +
  circle(178, 78, 8, 'skin-4') +
  shape('M167 101q0-14 11-14t11 14z', 'coral') +
  person(who(11), {
    at: [250, 134],
    scale: 0.86,
    mirror: true,
    seat: 'wheelchair',
    mood: 'laugh',
    child: true,
    hands: [
      [214, 106],
      [208, 116],
    ],
  }) +
  echo([188, 34], [212, 40], 13)

const taster = () =>
  a.wall() +
  a.floor() +
  a.board(echo([-14, 0], [14, 4], 18, 'face') + circle(-30, 0, 9, 'plum') + circle(30, 5, 7, 'teal'))([
    72, 174,
  ]) +
  person(who(7), {
    at: [142, 120],
    scale: 0.86,
    mirror: true,
    seat: 'standing',
    hands: [
      [104, 92],
      [150, 114],
    ],
  }) +
  person(who(18), { at: [222, 142], scale: 0.74, mirror: true, seat: 'stool' }) +
  person(who(2), { at: [286, 142], scale: 0.74, mirror: true, seat: 'wheelchair', mood: 'calm' })

const cafe = () =>
  a.wall() +
  a.floor() +
  a.bunting(10) +
  person(who(3), {
    at: [74, 132],
    scale: 0.92,
    seat: 'stool',
    hands: [
      [128, 112],
      [120, 118],
    ],
  }) +
  person(who(16), {
    at: [250, 132],
    scale: 0.92,
    mirror: true,
    seat: 'stool',
    hands: [
      [196, 92],
      [206, 118],
    ],
  }) +
  a.table(118)([162, 174]) +
  a.cup()([142, 132]) +
  a.cup('teal')([186, 132], 0.9, { mirror: true }) +
  echo([138, 72], [178, 76], 16)

const flashMob = () =>
  street +
  a.floor('ground', 158) +
  person(who(4), {
    at: [60, 124],
    scale: 0.74,
    seat: 'standing',
    hands: [
      [96, 62],
      [30, 66],
    ],
  }) +
  person(who(18), {
    at: [124, 122],
    scale: 0.8,
    seat: 'standing',
    hands: [
      [160, 58],
      [92, 60],
    ],
    mood: 'laugh',
  }) +
  person(who(14), {
    at: [202, 138],
    scale: 0.8,
    mirror: true,
    seat: 'wheelchair',
    hands: [
      [172, 72],
      [228, 80],
    ],
  }) +
  person(who(19), {
    at: [268, 124],
    scale: 0.76,
    mirror: true,
    seat: 'standing',
    hands: [
      [234, 64],
      [300, 66],
    ],
  }) +
  echo([150, 34], [176, 36], 14)

const blog = () =>
  a.wall() +
  a.floor() +
  a.lamp([40, 166]) +
  a.plant([284, 132], 0.9) +
  person(who(12), {
    at: [118, 134],
    scale: 0.94,
    seat: 'stool',
    hands: [
      [182, 122],
      [176, 124],
    ],
    lean: 5,
  }) +
  a.table(150)([214, 174]) +
  a.laptop([204, 132], 1, { mirror: true }) +
  box([222, 24], [76, 54], 'white', 10) +
  shape('M232 76L226 92L248 76z', 'white') +
  stroke('M234 44H254M234 58H250', 'face', 4) +
  echo([266, 50], [284, 52], 12, 'face')

const showing = () =>
  a.wall('ground') +
  box([64, 14], [192, 116], 'screen', 8) +
  a.film([160, 74], 1.4) +
  a.floor('soft', 168) +
  a.watcher('hair-4', 'moss')([70, 166], 0.95) +
  a.watcher('hair-1', 'plum')([160, 172], 1) +
  a.watcher('hair-5', 'teal')([250, 166], 0.95)

const groupMeeting = () =>
  a.wall() +
  a.floor('ground', 150) +
  a.picture('sky')([160, 34]) +
  person(who(10), { at: [112, 116], scale: 0.66, seat: 'stool', mood: 'smile' }) +
  person(who(13), { at: [208, 116], scale: 0.66, mirror: true, seat: 'stool' }) +
  person(who(5), {
    at: [52, 138],
    scale: 0.8,
    seat: 'wheelchair',
    hands: [
      [88, 100],
      [70, 124],
    ],
  }) +
  person(who(8), { at: [268, 138], scale: 0.8, mirror: true, seat: 'stool' }) +
  person(who(9), { at: [160, 172], scale: 0.8, seat: 'floor', child: true }) +
  echo([147, 64], [174, 67], 11)

export const firstKinds = {
  'share-media': shareMedia,
  taster,
  cafe,
  'flash-mob': flashMob,
  blog,
  showing,
  'group-meeting': groupMeeting,
}
