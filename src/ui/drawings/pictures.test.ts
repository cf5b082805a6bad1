import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { lightTokens } from '#ui/drawings/alone.ts'
import { darkTokens, picture, pictureFiles, worldPicture } from '#ui/drawings/pictures.ts'

const css = readFileSync(path.resolve(import.meta.dirname, '../look/tokens.css'), 'utf8')
const files = pictureFiles(lightTokens(css), darkTokens(css))

it('makes a picture of every kind, every state and forty stories, each knowing light and dark', () => {
  expect(Object.keys(files).filter((name) => name.startsWith('story-'))).toHaveLength(40)
  expect(files['cafe.svg']).toContain('prefers-color-scheme:dark')
  for (const svg of Object.values(files)) {
    expect(svg).not.toMatch(/NaN|undefined|script|var\(/)
    expect(svg.length).toBeLessThan(30_000)
  }
})

it('refuses a colour that the stylesheet does not have', () => {
  expect(() => picture('<circle class="f-nothing" r="1"/>', lightTokens(css), {})).toThrow(
    'No colour "nothing"',
  )
})

it('draws the land of the world in both colours, in the size of the map', () => {
  const world = worldPicture(lightTokens(css), darkTokens(css))
  expect(world).toMatch(/^<svg [^>]*width="960" height="\d{3}">/)
  expect(world.match(/\.l\{fill:#[0-9a-f]{6}\}/g)).toHaveLength(2)
  expect(world.length).toBeGreaterThan(20_000)
  expect(world).not.toMatch(/NaN|undefined|script|var\(/)
  expect(() => worldPicture({}, {})).toThrow('no colour for land')
})
