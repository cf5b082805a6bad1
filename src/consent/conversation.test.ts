import { describe, expect, test } from 'vitest'
import {
  answeredIn,
  barrierOf,
  requirementsOf,
  scopeFor,
  turnOf,
  wayTo,
  type Conversation,
} from '#consent/conversation.ts'
import { nations, routes, type Circle, type Route } from '#kernel/permission-words.ts'
import { defaultPolicy } from '#organisations/policy.ts'

const somebody: Conversation = {
  person: 'p',
  label: 'S.K.',
  ageBand: 'adult',
  nextChange: null,
  ours: false,
  died: false,
  organisation: 'o',
  circle: 5,
  modes: ['face', 'body'],
  versions: ['v'],
  widest: { own: 6, attorney: 5, 'best-interests': 3, parents: 5, 'young-person': 5, 'other-adult': 6 },
  presumed: true,
  alone: true,
  parentToo: true,
  lacks: false,
  lacking: {},
  decision: null,
  holders: [],
  refused: false,
  forAll: false,
}
const turn = (address: string, over: Partial<Conversation> = {}) =>
  turnOf({ ...somebody, ...over }, answeredIn(new URLSearchParams(address)))
const young = { ageBand: '13-15', nextChange: '2028-05-01', presumed: false, alone: false } as const
const nearlyGrown = { ageBand: '16-17', nextChange: '2028-05-01' } as const

describe('the conversation about who decides', () => {
  test('asks one thing at a time', () => {
    expect(turn('')).toEqual({ step: 'who' })
    expect(turn('who=theirs')).toEqual({ step: 'age' })
    expect(turn('who=theirs&age=said')).toEqual({ step: 'decides' })
    expect(turn('who=theirs&age=said&decides=others')).toEqual({ step: 'by' })
  })

  test('does not ask who or how old somebody is whom an organisation has entered', () => {
    expect(turn('', { ours: true })).toEqual({ step: 'decides' })
  })

  test.each([
    ['an adult decides', 'decides=self', {}, 'own'],
    ['somebody who happens to be in it decides', 'who=other', {}, 'other-adult'],
    ['whoever has a paper decides', 'decides=others&by=paper', {}, 'attorney'],
    ['nobody has a paper', 'decides=others&by=nobody', {}, 'best-interests'],
    ['a relative without one cannot', 'decides=others&by=relative', {}, 'best-interests'],
    ['at 16 they decide', 'decides=self', nearlyGrown, 'young-person'],
    ['at 16 somebody may have a paper', 'decides=others&by=paper', nearlyGrown, 'attorney'],
    ['a child who understands it decides', 'decides=self', young, 'young-person'],
    ['for a child who does not, the parents do', 'decides=others', young, 'parents'],
    ['a child who happens to be in it', 'who=other&decides=others', young, 'parents'],
  ] as const)('%s', (_, address, over, route) => {
    const who = address.startsWith('who=') ? '' : 'who=theirs&'
    expect(turn(`${who}age=said&${address}`, over)).toEqual({ step: 'ready', route })
  })

  test('leads straight to a way that was chosen before', () => {
    for (const route of ['own', 'attorney', 'best-interests', 'other-adult'] as const)
      expect(turn(wayTo(route))).toEqual({ step: 'ready', route })
    for (const route of ['parents', 'young-person'] as const)
      expect(turn(wayTo(route), young)).toEqual({ step: 'ready', route })
  })

  test('asks nothing of somebody who has died', () => {
    expect(turn('who=died')).toEqual({ step: 'died' })
    expect(turn('who=theirs&age=said&decides=self', { died: true })).toEqual({ step: 'died' })
  })

  test('takes what it does not know for no answer', () => {
    expect(turn('who=R3&age=yes')).toEqual({ step: 'who' })
  })
})

describe('what a way needs', () => {
  test('is nothing but an answer where somebody decides themselves', () => {
    expect(requirementsOf(somebody, 'own')).toEqual([])
    expect(requirementsOf({ ...somebody, ...nearlyGrown }, 'young-person')).toEqual([])
  })

  test('is a parent’s yes for as long as the policy says, and no finding from 16', () => {
    const of = (over: Partial<Conversation>) =>
      requirementsOf({ ...somebody, ...over }, 'young-person').map(({ what }) => what)
    expect(of(young)).toEqual(['competence', 'parent'])
    expect(of({ ...nearlyGrown, alone: false })).toEqual(['parent'])
    expect(of({ ...nearlyGrown, alone: false, parentToo: false })).toEqual([])
  })

  test('is a record that they cannot decide wherever others do, and who saw the paper or decided', () => {
    const names = (route: 'attorney' | 'best-interests') =>
      requirementsOf(somebody, route).map(({ what, there }) => [what, there])
    expect(names('attorney')).toEqual([
      ['capacity', false],
      ['authority', false],
      ['sighted', false],
    ])
    expect(names('best-interests')).toEqual([
      ['capacity', false],
      ['decision', false],
      ['independent', false],
    ])
  })

  test('is there when the engine lacks it no more, and for nothing else', () => {
    const there = (lacking: Conversation['lacking']) =>
      requirementsOf({ ...somebody, lacking }, 'attorney').map((one) => one.there)
    expect(there({ attorney: ['capacity-record', 'authority'] })).toEqual([false, false, false])
    expect(there({ attorney: ['authority', 'assent'] })).toEqual([true, false, false])
    expect(there({ attorney: ['sighted'] })).toEqual([true, true, false])
    expect(there({ attorney: [], parents: ['holders'] })).toEqual([true, true, true])
  })

  test('is everybody who holds parental responsibility, and not there once one of them said no', () => {
    const parents = (over: Partial<Conversation>) =>
      requirementsOf({ ...somebody, ...young, ...over }, 'parents')[0]?.there
    expect(parents({ lacking: { parents: ['holders'] } })).toBe(false)
    expect(parents({ lacking: { parents: [] } })).toBe(true)
    expect(parents({ lacking: { parents: [] }, refused: true })).toBe(false)
    const own = { ...somebody, ...young, lacking: { 'young-person': [] }, refused: true }
    expect(requirementsOf(own, 'young-person').map(({ there }) => there)).toEqual([true, false])
  })
})

test('without an organisation only those who decide themselves can be shown', () => {
  const alone = { ...somebody, organisation: null, widest: { own: 6, 'other-adult': 6 } } as const
  expect(barrierOf(alone, 'own')).toBeNull()
  expect(barrierOf(alone, 'parents')).toBe('organisation')
  expect(barrierOf(somebody, 'best-interests')).toBe('narrow')
  expect(barrierOf({ ...somebody, widest: {} }, 'attorney')).toBe('policy')
})

test.each([
  ['england', { 'best-interests': 'narrow' }],
  ['wales', { 'best-interests': 'narrow' }],
  ['northern-ireland', { attorney: 'policy', 'best-interests': 'narrow' }],
  ['scotland', { 'best-interests': 'policy' }],
  ['ireland', { 'best-interests': 'policy' }],
] as const)(
  'in %s whoever asks is told which way of deciding is not used, or does not go so far',
  (nation, barriers) => {
    const { widest } = defaultPolicy(nation)
    const found = routes.flatMap((route) => {
      const barrier = barrierOf({ ...somebody, widest }, route)
      return barrier === null ? [] : [[route, barrier]]
    })
    expect(Object.fromEntries(found)).toEqual(barriers)
  },
)

test('what is asked for is as wide as it is shown, in the ways somebody is in it, and nothing besides', () => {
  expect(scopeFor({ ...somebody, modes: ['face', 'place'] }, 'parents')).toEqual({
    circle: 5,
    purposes: ['celebrate'],
    modes: ['face', 'place'],
    modifiers: ['place'],
  })
})

test('whether it may go beyond our control is asked of those only whom every policy lets say so, of what is public', () => {
  const widest = { own: 6, 'other-adult': 6, parents: 5, attorney: 5 } as const
  const asked = (route: Route, circle: Circle = 5) => scopeFor({ ...somebody, circle, widest }, route).circle
  expect([asked('own'), asked('other-adult')]).toEqual([6, 6])
  expect([asked('parents'), asked('attorney'), asked('best-interests')]).toEqual([5, 5, 5])
  expect([asked('own', 2), asked('own', 4)]).toEqual([2, 4])
  for (const nation of [...nations, null]) {
    const far = Object.entries(defaultPolicy(nation).widest).filter(([, circle]) => circle > 5)
    expect(far.map(([route]) => route)).toEqual(['own', 'other-adult'])
  }
})
