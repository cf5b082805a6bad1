import { somebody as who } from '#ui/drawings/cast.ts'
import { box, echo, shape, stroke } from '#ui/drawings/paint.ts'
import { person, type Mood, type Pose } from '#ui/drawings/people.ts'
import * as a from '#ui/drawings/things.ts'

/* What “New to this?” tells: a woman on the floor by the window, a man who waits, and how she leads. */

const room = (light: 'cool' | 'soft' = 'cool') =>
  a.wall() +
  a.floor('ground', 150) +
  box([212, 18], [84, 108], 'white', 6) +
  box([218, 24], [72, 96], light, 3) +
  shape('M218 120V98Q238 78 256 92T290 84V120z', 'moss') +
  stroke('M254 24V120M218 70H290', 'white', 4) +
  a.blanket(150, 'sky')([226, 182])

const her = (mood: Mood, pose: Partial<Pose> = {}) =>
  person(who(8), { at: [228, 164], scale: 0.92, seat: 'floor', mirror: true, mood, ...pose })
const him = (mood: Mood, pose: Partial<Pose> = {}) =>
  person(who(10), { at: [74, 164], scale: 0.92, seat: 'floor', mood, ...pose })

const heComes = () =>
  room() +
  her('closed', { lean: 8 }) +
  stroke('M178 62q-15 23 0 46', 'call', 7) +
  a.door([36, 164], 1.1) +
  person(who(10), { at: [84, 124], scale: 0.92, seat: 'standing', mood: 'calm' })

const heAnswers = () => room() + him('calm') + her('closed', { lean: 4 }) + echo([176, 84], [126, 90], 21)

const nothingHappens = () => room() + him('closed') + her('calm', { bow: 20 })

const sheSmiles = () => room() + him('wonder') + her('smile') + echo([176, 86], [142, 90], 13)

const itIsFun = () =>
  room('soft') +
  him('laugh', {
    hands: [
      [124, 118],
      [112, 142],
    ],
    lean: 4,
  }) +
  her('laugh', {
    hands: [
      [178, 116],
      [192, 142],
    ],
    lean: 4,
  }) +
  echo([172, 66], [132, 70], 19)

const enough = () =>
  room('soft') +
  him('smile') +
  person(who(8), { at: [200, 164], scale: 0.92, seat: 'floor', mood: 'calm', bow: -8 }) +
  a.bird([272, 66], 0.8, { mirror: true })

export const twoMinutes = {
  'two-minutes-1': heComes,
  'two-minutes-2': heAnswers,
  'two-minutes-3': nothingHappens,
  'two-minutes-4': sheSmiles,
  'two-minutes-5': itIsFun,
  'two-minutes-6': enough,
}
