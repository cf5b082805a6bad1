import { firstKinds } from '#ui/drawings/first-kinds.ts'
import { otherKinds } from '#ui/drawings/other-kinds.ts'
import { states } from '#ui/drawings/states.ts'
import { storyDrawing } from '#ui/drawings/stories.ts'
import { twoMinutes } from '#ui/drawings/two-minutes.ts'

const kinds = { ...firstKinds, ...otherKinds }
const makers: Record<string, () => string> = { ...kinds, ...states, ...twoMinutes }

/** The names of the things an activity can be, one drawing each. */
export const kindDrawings = Object.keys(kinds) as (keyof typeof kinds)[]
/** The names of the drawings for a state of a page or a thing. */
export const stateDrawings = Object.keys(states) as (keyof typeof states)[]
/** The names of the drawings that tell of two minutes, in their order. */
export const twoMinuteDrawings = Object.keys(twoMinutes) as (keyof typeof twoMinutes)[]
export type DrawingName = keyof typeof kinds | keyof typeof states | keyof typeof twoMinutes

/** Answers whether there is a drawing of this name, for kinds that come from data. */
export const isDrawing = (name: string): name is DrawingName => Object.hasOwn(makers, name)

const made = new Map<string, string>()

/** Answers the inside of an SVG of 320 × 200. Each is drawn once and kept. */
export function drawingNamed(name: DrawingName): string {
  const known = made.get(name)
  if (known !== undefined) return known
  const drawn = (makers[name] ?? kinds.other)()
  made.set(name, drawn)
  return drawn
}

const kept = 200

/** Answers the drawing of one story: always the same for the same seed. */
export function drawingForStory(seed: string | number): string {
  const key = `story ${seed}`
  const known = made.get(key)
  if (known !== undefined) return known
  if (made.size > kept) made.clear()
  const drawn = storyDrawing(seed)
  made.set(key, drawn)
  return drawn
}
