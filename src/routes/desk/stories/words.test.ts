import { expect, test } from 'vitest'
import { textIn } from '#kernel/messages.ts'
import { storyFields, type StoryDifference } from '#stories/story.ts'
import { sayStoryDifference } from './words.ts'

const say = { text: textIn('en'), language: 'en', kinds: { cafe: 'Café' } }

test('a reviewer reads what changed in a story in words', () => {
  const difference = {
    toldHow: ['writing', 'voice'],
    kind: [null, 'cafe'],
    country: ['GB', 'DK'],
    drawing: [3, 4],
    title: ['A day', 'A good day'],
  } as const
  const said = sayStoryDifference(structuredClone(difference) as never, say)
  expect(said.map(({ field, before, after }) => `${field} ${before} → ${after}`)).toEqual([
    'How was it told? In writing → By voice',
    'What sort of thing was it? nothing → Café',
    'Country United Kingdom → Denmark',
    'A drawing to go with it Drawing 3 → Drawing 4',
    'A title A day → A good day',
  ])
})

test('what changed in the words of a photograph is said by its number', () => {
  const said = sayStoryDifference({ 'words-2': ['A cup', 'A drum'], 'caption-2': ['', 'Lunch'] }, say)
  expect(said.map(({ field, before, after }) => `${field}: ${before} → ${after}`)).toEqual([
    'What photograph 2 shows: A cup → A drum',
    'Words under photograph 2: nothing → Lunch',
  ])
})

test.each(storyFields)('the field %s has a name in words', (name) => {
  const difference: StoryDifference = {}
  difference[name] = ['a', 'b']
  expect(sayStoryDifference(difference, say)[0]?.field).toMatch(/^[A-Z]/)
})
