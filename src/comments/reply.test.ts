import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { many } from '../../test/consent/runs.ts'
import {
  backTo,
  bringsLinks,
  isSeen,
  isWatched,
  mayMove,
  replyForm,
  replyStates,
  watchedForm,
  whyWaits,
  type ReplyState,
} from '#comments/reply.ts'

type Step = { by: 'desk' | 'writer'; to: ReplyState } | { story: boolean }
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    by: fc.constantFrom('desk' as const, 'writer' as const),
    to: fc.constantFrom(...replyStates),
  }),
  fc.record({ story: fc.boolean() }),
)

test('rule 26: a reply is never seen wider than its story, whatever was done to either in any order', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      let state: ReplyState = 'waiting'
      let story = true
      for (const one of steps) {
        if ('story' in one) story = one.story
        else if (mayMove(one.by, state, one.to)) state = one.to
        const seen = isSeen(state, story)
        expect(seen && !story).toBe(false)
        expect(seen).toBe(story && state === 'shown')
      }
    }),
    many,
  )
})

test('rule 26: what the desk hid or declined is never seen again by its writer’s own hand', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('hidden' as const, 'declined' as const),
      fc.array(fc.constantFrom(...replyStates), { maxLength: 20 }),
      (first, wishes) => {
        let [state, before]: [ReplyState, ReplyState] = [first, first]
        for (const wish of wishes) {
          const to: ReplyState = state === 'withdrawn' ? backTo(before) : wish
          if (!mayMove('writer', state, to)) continue
          // A correction of what was declined is read again; that is the desk's to show.
          if (state === 'waiting' && to === 'shown') continue
          if (to === 'withdrawn') before = state
          state = to
          expect(state).not.toBe('shown')
        }
      },
    ),
    many,
  )
})

describe('a reply waits for a person', () => {
  const known = { known: true, watched: false, named: false, links: false }
  test('unless a person has let one of this account be seen, and nothing speaks against it', () => {
    expect(whyWaits(known)).toBeNull()
    expect(whyWaits({ ...known, known: false })).toBe('first')
    expect(whyWaits({ ...known, watched: true })).toBe('watched')
    expect(whyWaits({ ...known, links: true, watched: true, named: true })).toBe('named')
    expect(whyWaits({ ...known, links: true })).toBe('links')
  })

  test('when a watched word stands in it, in any case and with any accents, and not when it is a part of another', () => {
    expect(isWatched('What a HÁTEFUL thing', ['hateful'])).toBe(true)
    expect(isWatched('buy-now, cheap', ['buy now'])).toBe(true)
    expect(isWatched('Scunthorpe', ['thorp'])).toBe(false)
    expect(isWatched('anything', [])).toBe(false)
  })

  test('when it brings three addresses', () => {
    expect(bringsLinks('https://a.example and www.b.example')).toBe(false)
    expect(bringsLinks('https://a.example http://b.example <a href=x>')).toBe(true)
  })
})

describe('what is typed', () => {
  const reply = { formKey: 'k', words: ' Lovely.\u0000\u202E ', name: 'Ann', email: '', website: '' }
  const read = (over: object) => v.safeParse(replyForm, { ...reply, ...over })

  test('is cleaned, and a website may be written without https', () => {
    expect(read({}).output).toMatchObject({ words: 'Lovely.', email: null, website: null })
    expect(read({ website: 'example.org/me' }).output).toMatchObject({
      website: 'https://example.org/me',
    })
  })

  test.each([
    { words: ' \u200B ' },
    { words: 'x'.repeat(2001) },
    { name: '' },
    { name: 'x'.repeat(81) },
    { email: 'not an address' },
    { website: 'javascript:alert(1)' },
    { website: 'https://user:word@example.org' },
    { website: 'localhost' },
    { website: `https://example.org/${'x'.repeat(300)}` },
    { words: ['one', 'two'] },
  ])('is refused at its field: %j', (over) => {
    const found = read(over)
    expect(found.success).toBe(false)
    expect(found.issues?.map((issue) => issue.path?.[0]?.key)).toEqual(Object.keys(over))
  })

  test('watched words are folded, each once', () => {
    const { words } = v.parse(watchedForm, { words: 'Crème, creme\n\nTwo words; two  WORDS' })
    expect(words).toEqual(['creme', 'two words'])
    expect(v.safeParse(watchedForm, { words: 'x'.repeat(61) }).success).toBe(false)
  })
})
