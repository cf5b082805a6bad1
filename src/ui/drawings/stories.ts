import { atHome } from '#ui/drawings/at-home.ts'
import { atPlay } from '#ui/drawings/at-play.ts'
import { somebody } from '#ui/drawings/cast.ts'
import { days } from '#ui/drawings/days.ts'
import { near } from '#ui/drawings/near.ts'
import { outside } from '#ui/drawings/outside.ts'
import { numberOf, place, seeded } from '#ui/drawings/paint.ts'

/* taken in turns, so that neighbours on the wall look different */
const lists = [atHome, near, outside, days, atPlay]
const longest = Math.max(...lists.map((list) => list.length))
const all = Array.from({ length: longest }, (_, turn) => lists.flatMap((list) => list[turn] ?? [])).flat()

export const storyCount = all.length

/** Answers two people at something, always the same for the same seed; the numbers 0 to 39 are forty different scenes. */
export function storyDrawing(seed: string | number): string {
  const number = typeof seed === 'number' ? Math.abs(Math.trunc(seed)) : numberOf(seed)
  const scene = all[number % all.length]
  if (!scene) return ''
  const chance = seeded(number)
  const first = Math.floor(chance() * 20)
  const second = first + 1 + Math.floor(chance() * 18)
  const drawn = scene(somebody(first), somebody(second))
  return chance() < 0.5 ? drawn : place(drawn, [320, 0], 1, { mirror: true })
}
