import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8')
const sets = [...css.matchAll(/(?:@media (?<when>[^{]+?) \{\s*)?:root \{(?<body>[^}]*)\}/g)]

const tokensOf = (body: string) =>
  Object.fromEntries(
    [...body.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value]),
  )

const [light = {}, dark = {}, more = {}, moreDark = {}] = sets.map((set) =>
  tokensOf(set.groups?.['body'] ?? ''),
)

const themes: [string, Record<string, string | undefined>][] = [
  ['light', light],
  ['dark', { ...light, ...dark }],
  ['more contrast', { ...light, ...more }],
  ['more contrast, dark', { ...light, ...dark, ...more, ...moreDark }],
]

const channel = (part: number) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)

function luminance(colour: string) {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => channel(parseInt(colour.slice(at, at + 2), 16) / 255))
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(one: string, other: string) {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b)
  return (high + 0.05) / (low + 0.05)
}

/** [words, ground, ratio]: 7 for words, 3 for the edge of a control. */
const pairs: [string, string, number][] = [
  ...['ink', 'ink-soft', 'press', 'press-deep', 'live', 'done', 'danger'].map(
    (words): [string, string, number] => [words, 'paper', 7],
  ),
  ...['ink', 'ink-soft', 'press', 'live'].map((words): [string, string, number] => [words, 'paper-deep', 7]),
  ['ink', 'live-paper', 7],
  ['live', 'live-paper', 7],
  ['ink', 'done-paper', 7],
  ['done', 'done-paper', 7],
  ['ink', 'warn-paper', 7],
  ['press', 'live-paper', 7],
  ['press', 'done-paper', 7],
  ['press', 'warn-paper', 7],
  ['on-extra', 'extra', 7],
  ['on-press', 'press', 7],
  ['on-danger', 'danger', 7],
  ['edge', 'paper', 3],
  ['bar', 'paper', 3],
  ['bar', 'paper-deep', 3],
  ['pin-words', 'pin', 7],
  ['pin', 'land', 3],
  ['pin', 'sea', 3],
]

it('measures black on white as 21', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21)
})

describe.each(themes)('in the %s colours', (_, tokens) => {
  it.each(pairs)('%s on %s is at least %d to 1', (words, ground, least) => {
    expect(contrast(tokens[words] ?? '', tokens[ground] ?? '')).toBeGreaterThanOrEqual(least)
  })
})
