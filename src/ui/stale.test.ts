import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mergeForms, openedWith, shownForm } from '#ui/stale.ts'

const before = {
  title: 'Coffee',
  description: '',
  arrive: '',
  access: ['step-free', 'quiet'],
  day: '',
  time: '',
}
const opened = openedWith(before)

describe('a form that two people had open', () => {
  it('takes what only somebody else changed, and keeps what only this person changed', () => {
    const theirs = { ...before, description: 'We hum.', arrive: 'Blue door' }
    const yours = { ...before, title: 'Tea' }
    expect(mergeForms({ opened, theirs, yours })).toEqual({
      values: { ...theirs, title: 'Tea' },
      meanwhile: { differ: [], taken: ['description', 'arrive'] },
    })
  })

  it('names what both changed, with this person’s words in the field', () => {
    const { values, meanwhile } = mergeForms({
      opened,
      theirs: { ...before, title: 'Cocoa' },
      yours: { ...before, title: 'Tea' },
    })
    expect(values['title']).toBe('Tea')
    expect(meanwhile).toEqual({ differ: [{ field: 'title', theirs: 'Cocoa', yours: 'Tea' }], taken: [] })
  })

  it('names nothing when both wrote the same, and keeps what somebody cleared on purpose', () => {
    const theirs = { ...before, title: 'Tea', description: 'We hum.' }
    const yours = { ...before, title: 'Tea', access: '' }
    expect(mergeForms({ opened, theirs, yours })).toEqual({
      values: { ...theirs, access: '' },
      meanwhile: { differ: [], taken: ['description'] },
    })
  })

  it('moves fields together that only make sense with one another', () => {
    const theirs = { ...before, day: '2027-10-20' }
    const yours = { ...before, time: '10:00' }
    const { values, meanwhile } = mergeForms({ opened, theirs, yours, together: [['day', 'time']] })
    expect([values['day'], values['time']]).toEqual(['', '10:00'])
    expect(meanwhile.differ.map(({ field }) => field)).toEqual(['day', 'time'])
  })

  it('sees no change in line ends, spaces at the end or the order of boxes', () => {
    const long = { ...before, description: 'one\ntwo' }
    const yours = { ...long, description: 'one\r\ntwo ', access: ['quiet', 'step-free'] }
    expect(mergeForms({ opened: openedWith(long), theirs: { ...long, title: 'Tea' }, yours })).toMatchObject({
      values: { title: 'Tea' },
      meanwhile: { differ: [], taken: ['title'] },
    })
  })

  it('shows every difference between words when it does not say what it was opened with', () => {
    const { values, meanwhile } = mergeForms({
      opened: 'not this form',
      theirs: { ...before, arrive: 'Blue door', title: 'Cocoa' },
      yours: before,
    })
    expect([values['arrive'], values['title']]).toEqual(['Blue door', 'Coffee'])
    expect(meanwhile.differ).toContainEqual({ field: 'title', theirs: 'Cocoa', yours: 'Coffee' })
  })

  it('never loses a word of somebody else’s that this person did not touch', () => {
    const words = fc.record({ a: fc.string(), b: fc.string(), c: fc.string() })
    fc.assert(
      fc.property(words, words, words, (first, theirs, typed) => {
        const yours = { ...typed, b: first.b }
        const { values } = mergeForms({ opened: openedWith(first), theirs, yours })
        expect(values['b']).toBe(theirs.b)
        expect([typed.a, theirs.a]).toContain(values['a'])
      }),
    )
  })
})

describe('what a form is shown with', () => {
  const kept = { values: { ...before, capacity: 3 }, revision: 2 }

  it('is what is kept, as long as nothing came back', () => {
    expect(shownForm(kept, null)).toEqual({
      values: { ...before, capacity: '3' },
      revision: '2',
      opened: openedWith({ ...before, capacity: '3' }),
      meanwhile: null,
    })
  })

  it('is what was typed after a mistake, still standing on what it was opened with', () => {
    const back = { values: { title: '', revision: '1', opened }, stale: false }
    expect(shownForm(kept, back)).toMatchObject({ values: { title: '', access: '' }, revision: '1', opened })
  })

  it('stands on what is kept now after somebody else’s change', () => {
    const back = { values: { ...before, title: 'Tea', capacity: '3', revision: '1', opened }, stale: true }
    expect(shownForm({ ...kept, values: { ...kept.values, arrive: 'Blue door' } }, back)).toMatchObject({
      values: { title: 'Tea', arrive: 'Blue door' },
      revision: '2',
      opened: openedWith({ ...before, capacity: '3', arrive: 'Blue door' }),
    })
  })
})
