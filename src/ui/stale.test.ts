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
    expect(meanwhile.differ).toMatchObject([
      { field: 'day', one: true },
      { field: 'time', one: true },
    ])
    const late = mergeForms({
      opened,
      theirs,
      yours: { ...yours, day: '2027-10-21' },
      together: [['day', 'time']],
    })
    expect(late.meanwhile.differ.map(({ one }) => one)).toEqual([undefined, true])
  })

  it('joins a list tick by tick: each is as whoever touched it left it', () => {
    const theirs = { ...before, access: ['quiet', 'relaxed', 'parking'] }
    const yours = { ...before, access: ['step-free', 'relaxed', 'captions'] }
    const { values, meanwhile } = mergeForms({ opened, theirs, yours })
    expect(values['access']).toEqual(['parking', 'relaxed', 'captions'])
    expect(meanwhile).toEqual({ differ: [], taken: ['access'] })
  })

  it('joins a list that one of them emptied, or that began empty', () => {
    const theirs = { ...before, access: [] }
    const yours = { ...before, access: ['step-free', 'quiet', 'captions'] }
    expect(mergeForms({ opened, theirs, yours }).values['access']).toEqual(['captions'])
    const empty = openedWith({ ...before, access: [] })
    const both = { theirs: { ...before, access: ['quiet'] }, yours: { ...before, access: 'captions' } }
    expect(mergeForms({ opened: empty, ...both }).values['access']).toEqual(['quiet', 'captions'])
  })

  it('joins a list of lines that stands with other fields, as long as those stay as they were', () => {
    const kept = { day: '2027-10-19', dates: ['2027-10-20', '2027-10-21'] }
    const three = {
      opened: openedWith(kept),
      theirs: { ...kept, dates: ['2027-10-21'] },
      together: [['day', 'dates']],
    }
    const yours = { ...kept, dates: '2027-10-20\r\n2027-10-21\r\n2027-10-22' }
    expect(mergeForms({ ...three, yours })).toEqual({
      values: { ...kept, dates: ['2027-10-21', '2027-10-22'] },
      meanwhile: { differ: [], taken: ['dates'] },
    })
    const moved = mergeForms({ ...three, yours: { ...yours, day: '2027-10-18' } })
    expect(moved.values['dates']).toBe(yours.dates)
    expect(moved.meanwhile.differ.map(({ field }) => field)).toEqual(['day', 'dates'])
  })

  it('never loses a tick that only one of them set, nor keeps one that only one of them took away', () => {
    const all = ['a', 'b', 'c', 'd', 'e']
    const ticks = fc.subarray(all)
    fc.assert(
      fc.property(ticks, ticks, ticks, (first, other, own) => {
        const { values, meanwhile } = mergeForms({
          opened: openedWith({ list: first }),
          theirs: { list: other },
          yours: { list: own },
        })
        const joined = all.filter((tick) => [values['list']].flat().includes(tick))
        const moved = (list: string[], tick: string) => list.includes(tick) !== first.includes(tick)
        expect(joined).toEqual(
          all.filter((tick) => first.includes(tick) !== (moved(other, tick) || moved(own, tick))),
        )
        expect(meanwhile.differ).toEqual([])
      }),
    )
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
