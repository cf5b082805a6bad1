import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { alone, lightTokens } from '#ui/drawings/alone.ts'
import { drawnFiles } from '#ui/drawings/files.ts'

const root = path.resolve(import.meta.dirname, '../../..')
const tokens = lightTokens(readFileSync(path.join(root, 'src/ui/look/tokens.css'), 'utf8'))

it.each(Object.entries(drawnFiles(tokens)))(
  'static/%s is what `node scripts/draw.ts` writes',
  (name, svg) => {
    expect(readFileSync(path.join(root, 'static', name), 'utf8')).toBe(svg)
    expect(svg).not.toMatch(/class=|NaN|undefined|style/)
  },
)

it('refuses a colour that the stylesheet does not have', () => {
  expect(() => alone('<circle class="f-nothing" r="1"/>', [1, 1], tokens)).toThrow('No colour "nothing"')
})
