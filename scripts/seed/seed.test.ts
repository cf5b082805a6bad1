import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { isMessageKey, textIn, type MessageParams } from '#kernel/messages.ts'
import en from '../../messages/en.json' with { type: 'json' }

type Words = Record<string, string>
type Lists = Record<string, string[]>
type Kind = {
  code: string
  names: Words
  hint: Words
  drawing: string
  tenMinutes: Words
  titles: Words
  titlesPlain: Words
  defaultMinutes: number
  how: Record<string, Lists & { before: string[]; day: string[]; after: string[]; strangers?: string[] }>
}

const read = <T>(name: string): T => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8')) as T
const kinds = read<Kind[]>('kinds.json')
const kindCodes =
  'share-media taster cafe flash-mob blog showing group-meeting letter visit training broadcast conversation display talk other'.split(
    ' ',
  )
const verbTable: Record<string, string> = {
  show: 'showing',
  tell: 'conversation',
  visit: 'visit',
  invite: 'conversation',
  host: 'cafe',
  meet: 'group-meeting',
  train: 'training',
  discuss: 'conversation',
  engage: 'flash-mob',
  facilitate: 'taster',
  blog: 'blog',
  vlog: 'blog',
  tweet: 'share-media',
  post: 'share-media',
  write: 'letter',
  display: 'display',
  broadcast: 'broadcast',
  present: 'talk',
}

describe('kinds, verbs and audiences', () => {
  test('the fifteen kinds stand in their order, each with all its words', () => {
    expect(kinds.map((kind) => kind.code)).toEqual(kindCodes)
    for (const kind of kinds) {
      for (const words of [kind.names, kind.hint, kind.tenMinutes, kind.titles, kind.titlesPlain])
        expect(words['en'], kind.code).toMatch(/\S/)
      expect(kind.titles['en'], kind.code).toContain('{town}')
      expect(kind.titlesPlain['en'], kind.code).not.toContain('{')
      expect(kind.defaultMinutes, kind.code).toBeGreaterThan(0)
    }
  })

  test('every kind says how to host one in four to seven steps a part, with permission and the question', () => {
    for (const { code, how } of kinds) {
      const steps = how['en']
      if (!steps) throw new Error(`${code} has no steps`)
      for (const part of Object.values(steps)) {
        expect(part.length, code).toBeGreaterThanOrEqual(4)
        expect(part.length, code).toBeLessThanOrEqual(7)
      }
      const all = Object.values(steps).flat().join(' ').toLowerCase()
      expect(all, code).toMatch(/new to (you|it|them)/)
      expect(all, code).toMatch(
        /permission|said yes|agreed|ask before|ask the person|any no|do not film|allowed/,
      )
    }
    expect(
      kinds.find((kind) => kind.code === 'flash-mob')?.how['en']?.strangers?.length,
    ).toBeGreaterThanOrEqual(4)
  })

  test('the eighteen verbs lead to the kinds of the contract, each with its own ten minutes', () => {
    const verbs = read<{ verb: string; names: Words; kind: string; tenMinutes: Words }[]>('verbs.json')
    expect(Object.fromEntries(verbs.map(({ verb, kind }) => [verb, kind]))).toEqual(verbTable)
    expect(new Set(verbs.map((verb) => verb.tenMinutes['en'])).size).toBe(18)
  })

  test('the seventeen audiences stand in six plain groups', () => {
    const { groups, audiences } = read<{
      groups: { code: string; names: Words }[]
      audiences: { code: string; group: string; names: Words }[]
    }>('audiences.json')
    expect(groups).toHaveLength(6)
    expect(new Set(audiences.map((audience) => audience.code)).size).toBe(17)
    expect(new Set(audiences.map((audience) => audience.group))).toEqual(
      new Set(groups.map((group) => group.code)),
    )
  })
})

test('every ask is one question with its beginnings, and words that likeness is measured against', () => {
  type Prompts = { questions: string[]; starters: string[] }
  const asks =
    read<{ code: string; words: Words; easy: Words; template: Words; prompts: Record<string, Prompts> }[]>(
      'asks.json',
    )
  expect(asks.map((ask) => ask.code)).toContain('visit-us')
  for (const { code, words, easy, template, prompts } of asks) {
    for (const said of [words, easy]) expect(said['en'], code).toMatch(/^[A-Z][^?!]+\?$/)
    expect(template['en']?.split(' ').length, code).toBeGreaterThan(30)
    for (const part of Object.values(prompts['en'] ?? {})) expect(part.length, code).toBeGreaterThan(2)
  }
})

describe('weeks', () => {
  const weeks = read<
    {
      year: number
      monday: string
      sunday: string
      state: string
      example: boolean
      dayThemes: Lists | null
    }[]
  >('weeks.json')

  test('a week is seven days from a Monday', () => {
    for (const week of weeks) {
      const monday = new Date(`${week.monday}T00:00Z`)
      expect(monday.getUTCDay(), week.monday).toBe(1)
      expect(new Date(monday.getTime() + 6 * 86_400_000).toISOString().slice(0, 10)).toBe(week.sunday)
    }
  })

  test('only the example week is an example, with a theme for each of its days', () => {
    expect(weeks.map((week) => [week.year, week.example])).toEqual([
      [2016, false],
      [2022, false],
      [2027, true],
    ])
    expect(weeks[2]?.dayThemes?.['en']).toHaveLength(7)
  })
})

describe('mails', () => {
  const names = Object.keys(en)
    .filter((key) => key.startsWith('mail.') && key.endsWith('.subject'))
    .map((key) => key.slice(5, -8))
  const params: MessageParams = {
    title: 'Tea',
    count: 2,
    days: 2,
    minutes: 20,
    position: 3,
    hidden: 'yes',
    role: 'reviewer',
    seat: 'yes',
    joining: 'in-person',
    private: 'yes',
    as: 'duty',
    state: 'going',
    first: 'yes',
    named: 'yes',
    writes: 'yes',
    press: 'yes',
    why: 'address',
    again: 'yes',
  }
  const words =
    'siteName who words when where link publicLink listLink safetyLink stopLink reason changes links'
  for (const word of `${words} hostName guestName office until age weekName announcement`.split(' '))
    params[word] = `<${word}>`
  const sayIn = (key: string): string => {
    if (!isMessageKey(key)) throw new Error(`${key} is missing`)
    return textIn('en')(key, params)
  }

  test('every mail can be written with the known params', () => {
    expect(names.length).toBeGreaterThanOrEqual(29)
    for (const name of names) {
      expect(sayIn(`mail.${name}.subject`), name).toMatch(/^\S[^\n]*$/)
      expect(sayIn(`mail.${name}.text`), name).toMatch(/^Hello,\n\n/)
    }
  })

  test('every mail names the site, says why it came, and gives the way to stop it', () => {
    for (const name of names) {
      const text = sayIn(`mail.${name}.text`)
      expect(text, name).toContain('<siteName>')
      expect(text, name).toMatch(/You get this|It wasn’t me\?/)
      expect(text, name).toContain('<stopLink>')
      expect(text, name).not.toContain('!')
    }
  })
})

describe('who decides what', () => {
  type Answer = { answer: string; looksFor: string[]; source: string; checked: string }
  const doors = read<{ subject: string; nations: Record<string, Answer> }[]>('doors.json')
  const all = doors.flatMap(({ subject, nations }) =>
    Object.entries(nations).map(([nation, said]) => ({ where: `${subject} in ${nation}`, ...said })),
  )

  test('is said of every subject in all four nations, with somebody to look for', () => {
    for (const { subject, nations } of doors)
      expect(Object.keys(nations), subject).toEqual(['england', 'wales', 'scotland', 'northern-ireland'])
    for (const { where, looksFor } of all) expect(looksFor.length, where).toBeGreaterThan(0)
  })

  test('has a public address where it is written and the day on which it was last looked at', () => {
    for (const { where, source, checked } of all) {
      expect(source, where).toMatch(/^https:\/\/[a-z.-]+\.(uk|scot|wales|cymru|net|org|com)\//)
      expect(checked, where).toMatch(/^20\d\d-\d\d-\d\d$/)
    }
  })

  test('fits the form in which an organiser changes it', () => {
    for (const { where, answer } of all) expect(answer.length, where).toBeLessThanOrEqual(500)
  })
})
