import { somebody } from '#ui/drawings/cast.ts'
import { box, echo, numberOf } from '#ui/drawings/paint.ts'
import { person, type Look } from '#ui/drawings/people.ts'
import * as a from '#ui/drawings/things.ts'

/** Four people who meet. */
type Meeting = (who: readonly [Look, Look, Look, Look]) => string

const roundTable: Meeting = ([one, two, three, four]) =>
  a.wall() +
  a.floor('ground', 156) +
  a.windowPane([60, 54], 0.9) +
  a.picture('coral')([262, 42], 1.2) +
  person(two, { at: [132, 122], scale: 0.7, seat: 'stool' }) +
  person(three, { at: [194, 122], scale: 0.7, mirror: true, seat: 'stool' }) +
  a.table(128)([162, 182]) +
  a.cup()([142, 140], 0.75) +
  a.cup('teal')([182, 140], 0.75, { mirror: true }) +
  person(one, {
    at: [54, 142],
    scale: 0.84,
    seat: 'wheelchair',
    hands: [
      [106, 132],
      [96, 140],
    ],
  }) +
  person(four, {
    at: [270, 142],
    scale: 0.84,
    mirror: true,
    seat: 'stool',
    hands: [
      [222, 134],
      [228, 140],
    ],
  }) +
  echo([150, 40], [174, 44], 11)

const inThePark: Meeting = ([one, two, three, four]) =>
  a.wall('cool') +
  a.hills('moss') +
  a.tree('moss-deep')([286, 156], 1.1) +
  a.bench([160, 168], 1.05) +
  person(two, { at: [128, 132], scale: 0.8, seat: 'sofa' }) +
  person(three, { at: [192, 132], scale: 0.8, mirror: true, seat: 'sofa' }) +
  person(one, { at: [46, 140], scale: 0.82, seat: 'wheelchair' }) +
  person(four, { at: [262, 124], scale: 0.78, mirror: true, seat: 'frame' }) +
  a.bird([92, 32]) +
  echo([148, 40], [174, 44], 11)

const onTheSofa: Meeting = ([one, two, three, four]) =>
  a.wall('soft') +
  a.floor() +
  a.lamp([296, 170], 0.95) +
  a.picture('sky')([150, 36], 1.3) +
  a.sofa('teal')([146, 170], 1.24) +
  person(one, { at: [88, 134], scale: 0.86, seat: 'sofa' }) +
  person(two, { at: [146, 134], scale: 0.86, seat: 'sofa' }) +
  person(three, { at: [204, 134], scale: 0.86, mirror: true, seat: 'sofa' }) +
  person(four, { at: [256, 170], scale: 0.76, mirror: true, seat: 'floor' }) +
  echo([238, 52], [260, 56], 11)

const onTheFloor: Meeting = ([one, two, three, four]) =>
  a.wall('cool') +
  a.floor('soft', 138) +
  a.windowPane([260, 50], 0.85) +
  a.plant([26, 144], 0.9) +
  a.blanket(250, 'plum')([160, 178]) +
  person(two, { at: [124, 140], scale: 0.78, seat: 'floor' }) +
  person(three, { at: [198, 140], scale: 0.78, mirror: true, seat: 'floor' }) +
  person(one, { at: [62, 154], scale: 0.84, seat: 'floor' }) +
  person(four, { at: [266, 150], scale: 0.84, mirror: true, seat: 'wheelchair' }) +
  a.drum('coral')([160, 184], 0.9) +
  echo([150, 54], [174, 58], 11)

const aFilmTogether: Meeting = ([one, two, three, four]) =>
  a.wall('ground') +
  a.floor('soft', 160) +
  box([92, 12], [136, 96], 'screen', 8) +
  a.film([160, 62], 0.95) +
  person(one, { at: [42, 142], scale: 0.8, seat: 'stool' }) +
  person(two, { at: [100, 154], scale: 0.72, seat: 'wheelchair' }) +
  person(three, { at: [222, 154], scale: 0.72, mirror: true, seat: 'floor' }) +
  person(four, { at: [278, 142], scale: 0.8, mirror: true, seat: 'stool' })

const atTheDoor: Meeting = ([one, two, three, four]) =>
  a.wall() +
  a.floor() +
  a.bunting(8) +
  a.door([52, 162], 0.95) +
  person(one, {
    at: [98, 120],
    scale: 0.84,
    seat: 'standing',
    hands: [
      [136, 86],
      [98, 122],
    ],
  }) +
  person(two, { at: [166, 140], scale: 0.84, mirror: true, seat: 'wheelchair' }) +
  person(three, { at: [226, 122], scale: 0.8, mirror: true, seat: 'standing' }) +
  person(four, { at: [282, 126], scale: 0.76, mirror: true, seat: 'frame' }) +
  echo([125, 64], [143, 70], 9)

const meetings = [roundTable, inThePark, onTheSofa, onTheFloor, aFilmTogether, atTheDoor]

export const groupCount = 18

/** Answers which of the drawings a group has: always the same for the same address. */
export const groupNumber = (slug: string): number => numberOf(`/groups/${slug}`) % groupCount

/** Answers some people who meet: six places, and at each three times other people. */
export function groupDrawing(number: number): string {
  const meeting = meetings[number % meetings.length] ?? roundTable
  const first = number * 3 + Math.floor(number / meetings.length)
  return meeting([somebody(first), somebody(first + 7), somebody(first + 2), somebody(first + 12)])
}
