import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { whoInput } from '#stories/who.ts'

const version = '24585615-17a8-40cb-8d72-01638fbcfc2f'
const sam = 'supported:d99e1b8a-3a3c-4fa7-969e-a0d13bee4300'
const jo = 'person:e2a34708-4fe5-4d43-980b-b7a61041718e'

const read = (typed: Record<string, string | string[]>) =>
  v.safeParse(whoInput, { version, formKey: '', ...typed })
const people = (typed: Record<string, string | string[]>) => {
  const { success, output } = read(typed)
  if (!success) throw new Error('It should have been read')
  return output.people
}
const wrong = (typed: Record<string, string | string[]>) =>
  (read(typed).issues ?? []).map(({ path, message }) => [path?.[0]?.key, message])

describe('who is in a picture, as the form says it', () => {
  test('what is said for all counts for everybody who was tapped', () => {
    expect(people({ in: [sam, jo], how: ['face', 'place'], seen: 'yes' })).toEqual([
      { who: { supported: sam.slice(10) }, modes: ['face', 'place'], seen: 'yes', names: [] },
      { who: { person: jo.slice(7) }, modes: ['face', 'place'], seen: 'yes', names: [] },
    ])
  })

  test('what is said of one of them counts for that one', () => {
    const own = {
      [`${jo}.own`]: 'yes',
      [`${jo}.how`]: 'body',
      [`${jo}.seen`]: 'no',
      [`${jo}.names`]: 'Jo, Josie',
    }
    const [first, second] = people({ in: [sam, jo], how: 'face', seen: 'yes', ...own })
    expect(first).toMatchObject({ modes: ['face'], seen: 'yes' })
    expect(second).toMatchObject({ modes: ['body'], seen: 'no', names: ['Jo', 'Josie'] })
  })

  test('somebody tapped twice is one person, and what is no tile is nobody', () => {
    expect(people({ in: [sam, sam, 'person:me', ''] })).toHaveLength(1)
  })

  test('nobody tapped is asked about, at the tiles', () => {
    expect(wrong({})).toEqual([['people', 'stories.who.nobody-said']])
  })

  test('where nobody can be recognised it is said whom it is about, or that it is nobody in particular', () => {
    expect(wrong({ nobody: 'yes' })).toEqual([['about', 'stories.who.nobody-about']])
    expect(wrong({ nobody: 'yes', about: 'people' })).toEqual([['about', 'stories.who.nobody-about']])
    expect(people({ nobody: 'yes', about: 'thing' })).toEqual([])
    expect(people({ nobody: 'yes', in: sam })).toHaveLength(1)
    expect(people({ nobody: 'yes', about: 'people', 'new.0.label': 'S.K.' })).toHaveLength(1)
    expect(wrong({ nobody: 'yes', about: 'thing', in: sam })).toEqual([
      ['about', 'stories.who.nobody-or-thing'],
    ])
    expect(wrong({ about: 'thing' })).toEqual([['people', 'stories.who.nobody-said']])
  })

  test('somebody new is called by initials; what looks like a name is asked about', () => {
    expect(people({ 'new.0.label': 'S.K.', 'new.0.age': 'adult' })[0]?.who).toEqual({
      label: 'S.K.',
      ageBand: 'adult',
      nextChange: null,
    })
    expect(wrong({ 'new.1.label': 'Samantha' })).toEqual([['new.1.label', 'organisations.people.name']])
    expect(people({ 'new.1.label': 'Samantha', 'new.1.sure': 'yes' })).toHaveLength(1)
  })

  test('of somebody under 18 the month of the next change is needed, whatever digits it is written in', () => {
    const child = { 'new.0.label': 'T.', 'new.0.age': '13-15' }
    expect(wrong(child)).toEqual([['new.0.year', 'organisations.people.month']])
    expect(people({ ...child, 'new.0.month': '5', 'new.0.year': '٢٠٢٨' })[0]?.who).toMatchObject({
      nextChange: '2028-05-01',
    })
  })

  test('somebody nobody knows, and nobody to be recognised, cannot both be', () => {
    expect(wrong({ nobody: 'yes', strangers: '2' })).toEqual([['strangers', 'stories.who.nobody-strangers']])
    const output = read({ strangers: '3' }).output as v.InferOutput<typeof whoInput>
    expect(output.strangers).toBe(3)
  })
})
