import { expect, test } from 'vitest'
import asks from '../../scripts/seed/asks.json' with { type: 'json' }
import { likeness, muchAlike } from './likeness.ts'

const own =
  'My brother hums when the kettle starts. Last Tuesday Ade hummed back, and he laughed so much that the neighbours came to look. Nobody had done that before. I would like you to see it.'

test.each(asks.map((ask) => ask.template.en))(
  'words that are the template are alike, own words are not: %s',
  (template) => {
    expect(likeness(template, template)).toBe(1)
    expect(likeness(template.toUpperCase().replaceAll('.', ' –'), template)).toBe(1)
    expect(likeness(own, template)).toBe(0)
  },
)

test('a template with one thing of its own is less alike the more there is of it', () => {
  const template = asks[0]?.template.en ?? ''
  const some = likeness(`${template} ${own}`, template)
  expect(some).toBeGreaterThan(0)
  expect(some).toBeLessThan(1)
  expect(likeness(`${template} Please.`, template)).toBeGreaterThanOrEqual(muchAlike)
})

test('a few words, none, and other scripts are nothing to compare', () => {
  for (const words of ['', 'Please come', '你好', '\u{1F600}']) expect(likeness(words, words)).toBe(0)
})
