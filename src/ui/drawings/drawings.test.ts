import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  drawingForStory,
  drawingNamed,
  isDrawing,
  kindDrawings,
  stateDrawings,
  twoMinuteDrawings,
} from '#ui/drawings.ts'
import { groupCount, groupDrawing } from '#ui/drawings/groups.ts'
import { storyCount } from '#ui/drawings/stories.ts'

const css = readFileSync(new URL('../look/drawing-colours.css', import.meta.url), 'utf8')
const named = [...kindDrawings, ...stateDrawings, ...twoMinuteDrawings].map((name): [string, string] => [
  name,
  drawingNamed(name),
])
const groups = Array.from({ length: groupCount }, (_, at): [string, string] => [
  `group ${at}`,
  groupDrawing(at),
])
const stories = Array.from({ length: 40 }, (_, seed): [string, string] => [
  `story ${seed}`,
  drawingForStory(seed),
])

it('has a drawing for each of the fifteen kinds', () => {
  expect(kindDrawings).toHaveLength(15)
})

describe.each([...named, ...stories, ...groups])('the drawing %s', (_, pieces) => {
  it('takes its colours from the stylesheet only', () => {
    const classes = new Set([...pieces.matchAll(/class="([^"]+)"/g)].map(([, name]) => name))
    expect(classes.size).toBeGreaterThan(3)
    expect([...classes].filter((name) => !css.includes(`.drawing .${name} {`))).toEqual([])
    expect(pieces).not.toMatch(/style=|fill="|stroke="/)
  })

  it('is whole: no number is missing, every group is closed, and it stays small', () => {
    expect(pieces).not.toMatch(/NaN|undefined|Infinity/)
    expect(pieces.match(/<g\b/g)?.length ?? 0).toBe(pieces.match(/<\/g>/g)?.length ?? 0)
    expect(pieces.length).toBeLessThan(16_000)
  })
})

it('draws forty stories of which no two are alike', () => {
  expect(storyCount).toBe(40)
  expect(new Set(stories.map(([, pieces]) => pieces)).size).toBe(40)
})

it('draws eighteen groups of which no two are alike', () => {
  expect(new Set(groups.map(([, pieces]) => pieces)).size).toBe(18)
})

it('draws the same story the same way again, whatever was drawn between', () => {
  const first = drawingForStory('0193-abc')
  for (let seed = 0; seed < 500; seed++) drawingForStory(`other ${seed}`)
  expect(drawingForStory('0193-abc')).toBe(first)
})

it('knows which names are drawings', () => {
  expect(isDrawing('flash-mob')).toBe(true)
  expect(isDrawing('toString')).toBe(false)
})
