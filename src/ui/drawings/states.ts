import { somebody as who } from '#ui/drawings/cast.ts'
import { box, circle, echo, oval, shape, stroke } from '#ui/drawings/paint.ts'
import { person } from '#ui/drawings/people.ts'
import * as a from '#ui/drawings/things.ts'

const hero = () =>
  shape(
    'M12 112C18 34 96-2 178 8 268 18 322 76 308 136 298 184 240 194 160 194 70 194 8 186 12 112z',
    'wall',
  ) +
  oval([160, 182], [146, 12], 'ground') +
  person(who(0), {
    at: [92, 140],
    scale: 1.12,
    seat: 'stool',
    hands: [
      [168, 118],
      [158, 134],
    ],
    lean: 6,
    bow: 4,
    mood: 'calm',
  }) +
  person(who(9), {
    at: [236, 146],
    scale: 0.9,
    mirror: true,
    seat: 'wheelchair',
    child: true,
    hands: [
      [172, 112],
      [178, 128],
    ],
  }) +
  echo([146, 62], [182, 72], 23)

const nothingFound = () =>
  a.wall('cool') +
  a.hills('moss') +
  a.tree('moss-deep')([40, 158]) +
  person(who(8), {
    at: [126, 134],
    scale: 0.92,
    seat: 'stool',
    mood: 'calm',
    hands: [
      [172, 114],
      [148, 124],
    ],
  }) +
  box([212, 136], [46, 9], 'wood', 4) +
  stroke('M218 144L214 174M252 144L256 174', 'wood', 6) +
  stroke('M168 60q11 17 0 34', 'call', 6) +
  '<g stroke-dasharray="1 10">' +
  stroke('M216 66q-8 12 0 24', 'answer', 6) +
  '</g>' +
  a.bird([234, 122], 0.9, { mirror: true })

const nothingWaiting = () =>
  a.wall() +
  a.floor() +
  a.windowPane([258, 68]) +
  person(who(13), {
    at: [100, 134],
    scale: 0.94,
    seat: 'stool',
    hands: [
      [154, 84],
      [148, 104],
    ],
    mood: 'closed',
  }) +
  a.cup()([160, 102], 0.9) +
  a.table(132)([224, 174]) +
  shape('M186 112H262L254 132H194z', 'cool') +
  stroke('M186 112H262', 'line', 3)

const notThere = () =>
  a.wall('cool') +
  a.hills() +
  a.signpost([214, 172], 1.2) +
  stroke('M214 172Q250 178 330 172M214 172Q150 190 60 204', 'soft', 12) +
  person(who(6), {
    at: [112, 118],
    scale: 0.92,
    seat: 'standing',
    mood: 'wonder',
    hands: [
      [150, 74],
      [146, 124],
    ],
  }) +
  stroke('M146 122L168 178', 'white', 4) +
  stroke('M164 168L168 178', 'coral', 4)

const broke = () =>
  a.wall() +
  a.floor() +
  a.table(120)([220, 174]) +
  a.cup()([196, 124], 0.9, { turn: 96 }) +
  shape('M206 131q24-6 38 0t-2 4h-32z', 'teal') +
  stroke('M250 134v16', 'teal', 5) +
  person(who(18), {
    at: [106, 134],
    scale: 0.94,
    seat: 'stool',
    mood: 'wonder',
    hands: [
      [172, 126],
      [166, 96],
    ],
    lean: 5,
  }) +
  box([164, 120], [22, 12], 'coral', 4) +
  a.cat([284, 172], 0.8, { mirror: true })

const mailSent = () =>
  a.wall('cool') +
  a.hills() +
  person(who(2), {
    at: [70, 120],
    scale: 0.86,
    seat: 'standing',
    hands: [
      [112, 60],
      [58, 116],
    ],
    mood: 'laugh',
  }) +
  '<g stroke-dasharray="2 11">' +
  stroke('M118 64Q150 20 190 54', 'line', 3.5) +
  '</g>' +
  a.envelope()([236, 92], 0.9, { turn: -10 }) +
  stroke('M292 52q9 13 0 26', 'call', 5) +
  a.plant([292, 166], 0.8)

const nothingYet = () =>
  a.wall('cool') +
  a.hills('moss') +
  oval([204, 174], [92, 12], 'wood') +
  person(who(16), {
    at: [84, 118],
    scale: 0.92,
    seat: 'standing',
    hands: [
      [136, 96],
      [128, 106],
    ],
    mood: 'calm',
  }) +
  a.wateringCan([146, 122], 0.9, { turn: 18 }) +
  stroke('M186 122l6 18M194 120l6 16M180 126l4 14', 'sky', 3) +
  stroke('M214 170V152M214 160Q204 156 202 146M214 156Q224 152 226 142', 'moss-deep', 4) +
  oval([201, 144], [5, 8], 'extra', -20) +
  oval([227, 140], [5, 8], 'extra', 20)

const done = () =>
  a.wall() +
  a.floor() +
  a.glow([160, 74], 56, 'soft') +
  person(who(19), {
    at: [92, 120],
    scale: 0.9,
    seat: 'standing',
    hands: [
      [154, 56],
      [70, 116],
    ],
    mood: 'laugh',
  }) +
  person(who(14), {
    at: [234, 134],
    scale: 0.9,
    mirror: true,
    seat: 'wheelchair',
    hands: [
      [166, 58],
      [206, 116],
    ],
  }) +
  stroke('M160 34V18M132 42L122 30M188 42L198 30', 'extra', 6) +
  circle(160, 57, 8, 'skin-4')

const waiting = () =>
  a.wall() +
  a.floor() +
  a.windowPane([240, 74], 1.2) +
  a.sofa('teal')([118, 172]) +
  person(who(3), {
    at: [122, 138],
    scale: 0.94,
    seat: 'sofa',
    hands: [
      [152, 114],
      [142, 120],
    ],
    mood: 'closed',
  }) +
  a.cup()([154, 116], 0.8) +
  a.cat([216, 172], 0.8, { mirror: true })

export const states = {
  hero,
  'nothing-found': nothingFound,
  'nothing-waiting': nothingWaiting,
  'not-there': notThere,
  broke,
  'mail-sent': mailSent,
  'nothing-yet': nothingYet,
  done,
  waiting,
}
