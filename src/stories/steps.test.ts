import { describe, expect, test } from 'vitest'
import { stepsOf, type ToldPicture } from '#stories/steps.ts'
import { storyStates } from '#stories/story.ts'

const picture = (over: Partial<ToldPicture> = {}): ToldPicture => ({
  id: '00000000-0000-4000-8000-000000000001',
  number: 1,
  words: '',
  caption: '',
  width: 4,
  height: 3,
  widths: [320],
  avif: false,
  ready: true,
  described: true,
  said: true,
  asked: true,
  shown: false,
  ...over,
})
const now = (over: Partial<Parameters<typeof stepsOf>[0]>): string | undefined =>
  stepsOf({ state: 'draft', pictures: [], people: [], ...over }).find(({ how }) => how === 'now')?.name

describe('the next step of a story', () => {
  test('without photographs is to send it, then others read it', () => {
    expect(stepsOf({ state: 'draft', pictures: [], people: [] })).toEqual([
      { name: 'send', how: 'now', count: 0 },
      { name: 'read', how: 'later', count: 0 },
    ])
    expect(stepsOf({ state: 'waiting', pictures: [], people: [] }).map(({ how }) => how)).toEqual([
      'done',
      'waits',
    ])
  })

  test('with photographs is the first thing that any of them lacks', () => {
    const asked = [{ light: 'amber' as const }]
    expect(now({ pictures: [picture({ described: false, said: false })] })).toBe('words')
    expect(now({ pictures: [picture(), picture({ said: false })] })).toBe('who')
    expect(now({ pictures: [picture({ asked: false })], people: asked })).toBe('ask')
    expect(now({ pictures: [picture({ asked: false })], people: [{ light: 'green' }] })).toBe('show')
    expect(now({ pictures: [picture()] })).toBe('send')
  })

  test('is one at the most, whatever the state', () => {
    for (const state of storyStates) {
      const steps = stepsOf({ state, pictures: [picture({ said: false, described: false })], people: [] })
      expect(steps.filter(({ how }) => how === 'now').length).toBeLessThanOrEqual(1)
    }
  })
})
