import { describe, expect, test } from 'vitest'
import {
  after,
  askedForm,
  currentOf,
  saidOn,
  screenOf,
  sentencesOf,
  stepsOf,
  voiceOf,
} from '#consent/asking.ts'
import type { PersonPage } from '#consent/standing.ts'
import { textIn } from '#kernel/messages.ts'
import { circles } from '#kernel/permission-words.ts'

type Asked = PersonPage['asked'][number]
const asked = (state: Asked['state'], permission = state as string): Asked => ({
  permission,
  state,
  route: 'own',
  circle: 5,
  widest: 5,
  allowed: null,
  narrowed: null,
  purposes: ['celebrate'],
  modifiers: [],
  modes: ['face'],
  ends: new Date('2028-10-24'),
  form: null,
})
const voices = ['you', 'for', 'parent', 'with'] as const

describe('the person’s page', () => {
  test('has three screens for the person, and one more for those who decide for them', () => {
    expect(stepsOf('you')).toEqual(['see', 'who', 'ask'])
    expect(stepsOf('parent')).toEqual(['see', 'who', 'shows', 'ask'])
    expect(stepsOf('for')).toEqual(['see', 'who', 'shows', 'ask'])
  })

  test('asks a supporter nothing', () => {
    expect(screenOf('ask', 'with', null)).not.toBe('ask')
    expect(after('who', 'with')).toBe('done')
  })

  test('begins with the picture, and after an answer with what was said', () => {
    expect(screenOf(null, 'you', null)).toBe('see')
    expect(screenOf(null, 'you', 'yes')).toBe('done')
    expect(screenOf('see', 'you', 'yes')).toBe('see')
  })

  test('shows nothing more after a no', () => {
    for (const screen of ['see', 'who', 'ask', null]) expect(screenOf(screen, 'you', 'no')).toBe('done')
    expect(screenOf('copy', 'you', 'no')).toBe('copy')
  })

  test('speaks to whoever holds the link', () => {
    expect(voiceOf('decide', 'own')).toBe('you')
    expect(voiceOf('decide', 'other-adult')).toBe('you')
    expect(voiceOf('decide', 'attorney')).toBe('for')
    expect(voiceOf('holder', 'parents')).toBe('parent')
    expect(voiceOf('reads', 'own')).toBe('with')
  })

  test('asks the newest question that is open', () => {
    expect(currentOf([asked('withdrawn'), asked('requested'), asked('declined')])?.state).toBe('requested')
    expect(currentOf([asked('withdrawn'), asked('declined')])?.state).toBe('declined')
    expect(currentOf([])).toBeUndefined()
  })

  test('tells a parent their own answer, not that of all', () => {
    expect(saidOn({ part: 'holder', answered: 'yes' }, asked('requested'))).toBe('yes')
    expect(saidOn({ part: 'holder', answered: null }, asked('given'))).toBeNull()
    expect(saidOn({ part: 'decide', answered: null }, asked('no-answer'))).toBe('not-sure')
    expect(saidOn({ part: 'holder', answered: 'yes' }, asked('no-answer'))).toBe('not-sure')
    // Asked again, at an age or after a move: nobody has answered that yet.
    expect(saidOn({ part: 'decide', answered: null }, asked('suspended'))).toBeNull()
  })
})

describe('rule 34', () => {
  test('the form of every voice and circle is made of sentences, and other words are another form', () => {
    const seen = new Set<string>()
    for (const voice of voices) {
      for (const circle of circles) {
        for (const beyond of [null, 'asked', 'wanted'] as const) {
          const form = askedForm({ voice, circle, beyond, label: 'S.K.', until: '24 October 2028' }, 'en')
          expect(form.words.every(({ words }) => words.length > 1 && !words.includes('{'))).toBe(true)
          seen.add(JSON.stringify(form))
        }
      }
    }
    expect(seen.size).toBe(voices.length * circles.length * 3)
  })
})

test('whoever opens the page of something that is shown already reads that people can see it, not that somebody would like to show it', () => {
  const text = textIn('en')
  for (const voice of ['you', 'for', 'parent', 'with'] as const) {
    const about = { voice, circle: 5 as const, beyond: null, label: 'T.W.', until: '' }
    expect(sentencesOf({ ...about, shown: true }, text).see[0]).toContain('can see it now')
    expect(sentencesOf(about, text).see[0]).not.toContain('can see it now')
  }
})

test('no sentence of a page ends in what somebody is called, which may end in a full stop itself', () => {
  const text = textIn('en')
  for (const voice of ['for', 'parent', 'with'] as const)
    for (const circle of [0, 1, 2, 3, 4, 5, 6] as const)
      for (const words of Object.values(
        sentencesOf({ voice, circle, beyond: 'wanted', label: 'T.W.', until: '1 May 2028' }, text),
      ).flat())
        expect(words).not.toContain('..')
})
