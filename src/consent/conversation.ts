import type { Id } from '#consent/events.ts'
import { holdsByPaper, type HolderSort } from '#consent/holder.ts'
import type { Instant } from '#consent/ranges.ts'
import { modifierOf } from '#consent/permission-scope.ts'
import type { Why } from '#consent/why.ts'
import type { AgeBand, Circle, Mode, Modifier, Route } from '#kernel/permission-words.ts'
import type { Day } from '#kernel/times.ts'

/** All that decides how somebody can be asked about what they are in. */
export type Conversation = {
  person: Id
  label: string
  ageBand: AgeBand
  nextChange: Day | null
  /** Entered by an organisation as somebody it supports; their age is kept there. */
  ours: boolean
  died: boolean
  /** Who answers for it; null: the strictest rules. */
  organisation: Id | null
  /** To whom it is to be shown. */
  circle: Circle
  modes: readonly Mode[]
  versions: readonly (Id | null)[]
  /** How far each way of deciding goes under the policies in force now; a way that is not in it is not used. */
  widest: Partial<Record<Route, Circle>>
  /** Old enough, by the policies in force now, not to have to be found competent; and to decide without a parent. */
  presumed: boolean
  alone: boolean
  parentToo: boolean
  /** It is written down, and holds now, that they cannot decide this. */
  lacks: boolean
  /** What each way of deciding lacks now, as it is judged itself. */
  lacking: Partial<Record<Route, readonly Why[]>>
  decision: {
    record: Id
    circle: Circle | null
    decider: string
    consulted: number
    review: Instant
    reviewed: boolean
    /** Somebody independent looked, and would not decide it so. */
    disagreed: boolean
  } | null
  holders: readonly {
    holder: Id
    label: string
    as: HolderSort
    /** They said no to what is asked here, in whichever way it was asked. */
    no: boolean
    /** The ways of deciding in which they said yes: a yes to one is none to another. */
    yes: readonly Route[]
  }[]
  /** One of several said no to what is asked here: it counts, also of somebody who is not on the list any more. */
  refused: boolean
  /** Something that is asked, or was said yes to, is about all stories: a record for one of them does not count for it. */
  forAll: boolean
}

/** The answers so far, as they stand in the address. */
export type Answered = {
  who: 'theirs' | 'other' | 'died' | null
  age: 'said' | null
  decides: 'self' | 'others' | null
  by: 'paper' | 'nobody' | 'relative' | null
}

const oneIn = <Word extends string>(words: readonly Word[], word: string | null): Word | null =>
  words.find((one) => one === word) ?? null

/** Reads the answers so far out of an address. */
export const answeredIn = (search: URLSearchParams): Answered => ({
  who: oneIn(['theirs', 'other', 'died'], search.get('who')),
  age: oneIn(['said'], search.get('age')),
  decides: oneIn(['self', 'others'], search.get('decides')),
  by: oneIn(['paper', 'nobody', 'relative'], search.get('by')),
})

/** One question a page; `route` is how it is decided, once that is known. */
export type Turn =
  | { step: 'who' | 'age' | 'decides' | 'by' }
  | { step: 'died' }
  | { step: 'ready'; route: Exclude<Route, 'nobody'> }

/** Answers what is asked next, or by which of the ways somebody is asked. */
export function turnOf(one: Conversation, answered: Answered): Turn {
  if (one.died || answered.who === 'died') return { step: 'died' }
  if (!one.ours && answered.who === null) return { step: 'who' }
  if (!one.ours && answered.age === null) return { step: 'age' }
  if (answered.who === 'other' && one.ageBand === 'adult') return { step: 'ready', route: 'other-adult' }
  if (answered.decides === null) return { step: 'decides' }
  const young = one.ageBand === 'under-13' || one.ageBand === '13-15'
  if (answered.decides === 'self') {
    return { step: 'ready', route: one.ageBand === 'adult' ? 'own' : 'young-person' }
  }
  if (young) return { step: 'ready', route: 'parents' }
  if (answered.by === null) return { step: 'by' }
  return { step: 'ready', route: answered.by === 'paper' ? 'attorney' : 'best-interests' }
}

/** Answers how somebody gets straight to a way of deciding that was chosen before, as the answers stand in the address. */
export const wayTo = (route: Route): string => {
  const decided: Partial<Record<Route, string>> = {
    parents: '&decides=others',
    attorney: '&decides=others&by=paper',
    'best-interests': '&decides=others&by=nobody',
  }
  const who = route === 'other-adult' ? 'other' : 'theirs'
  return `who=${who}&age=said${decided[route] ?? '&decides=self'}`
}

/** Answers what one of several has said where it is decided in one way. */
export const holderSaid = (
  { yes, no }: Conversation['holders'][number],
  route: Route | null,
): 'yes' | 'no' | null => {
  if (no) return 'no'
  return route !== null && yes.includes(route) ? 'yes' : null
}

/** What a way of deciding needs beside the answer itself, each with whether it is there. `who` says who can see to it. */
export type Requirement = {
  what:
    | 'capacity'
    | 'authority'
    | 'sighted'
    | 'decision'
    | 'independent'
    | 'competence'
    | 'holders'
    | 'all'
    | 'parent'
  there: boolean
  who: 'recorder' | 'poster' | 'second'
}

/** By what is missing it is told that something a way needs is not there. */
const whysOf: Record<Requirement['what'], readonly Why[]> = {
  capacity: ['capacity-record', 'capacity-narrow'],
  authority: ['authority', 'authority-narrow'],
  sighted: ['sighted', 'disagreed'],
  decision: ['best-interests-record', 'decider', 'consulted'],
  independent: ['independent', 'disagreed'],
  competence: ['competence'],
  holders: ['holders', 'one-no'],
  all: ['holders-all'],
  parent: ['parent-too', 'one-no'],
}

/** Answers what a way of deciding needs; whether each is there is what the light says, too. */
export function requirementsOf(one: Conversation, route: Route): Requirement[] {
  const lacking = one.lacking[route]
  const need = (what: Requirement['what'], who: Requirement['who'] = 'recorder') => ({
    what,
    there:
      lacking !== undefined &&
      !lacking.some((why) => whysOf[what].includes(why)) &&
      !(one.refused && who === 'poster'),
    who,
  })
  /** Nobody has seen a paper that is not written down. */
  const seen = (written: boolean): Requirement => {
    const found = need('sighted', 'second')
    return { ...found, there: found.there && written }
  }
  const orders = one.holders.some(({ as }) => holdsByPaper(as)) ? [seen(true)] : []
  switch (route) {
    case 'attorney':
      return [need('capacity'), need('authority'), seen(need('authority').there)]
    case 'best-interests':
      return [
        need('capacity'),
        need('decision'),
        ...(one.circle >= 5 ? [need('independent')] : []),
        ...(one.ageBand === '16-17' ? [need('holders', 'poster'), ...orders] : []),
      ]
    case 'parents':
      return [need('holders', 'poster'), need('all'), ...orders]
    case 'young-person': {
      const parent = one.parentToo && !one.alone
      return [
        ...(one.presumed ? [] : [need('competence')]),
        ...(parent ? [need('parent', 'poster'), ...orders] : []),
      ]
    }
    case 'own':
    case 'other-adult':
    case 'nobody':
      return []
  }
}

/** What is done, in this order, before somebody with a paper can let something be seen. */
const paperSteps = ['capacity', 'authority', 'sighted'] as const
export type PaperStep = (typeof paperSteps)[number]

/** Answers what is still to be done before the yes of somebody with a paper counts, in order. */
export function stillNeeded(one: Conversation): PaperStep[] {
  const needs = requirementsOf(one, 'attorney')
  return paperSteps.filter((step) => needs.some(({ what, there }) => what === step && !there))
}

/** Whether a way of deciding can ever let it be shown where it is to be shown; else why not. */
export function barrierOf(one: Conversation, route: Route): 'organisation' | 'policy' | 'narrow' | null {
  const widest = one.widest[route]
  if (widest === undefined) return one.organisation === null ? 'organisation' : 'policy'
  return widest < one.circle ? 'narrow' : null
}

/** Answers what is asked for: to celebrate, as wide as it is placed, in the ways somebody is in it, and nothing besides. Of what is for the week's pages it is asked besides, as a question of its own, whether it may go beyond, where every policy lets this way of deciding go so far. */
export const scopeFor = (
  one: Conversation,
  route: Route,
): { circle: Circle; purposes: ['celebrate']; modes: Mode[]; modifiers: Modifier[] } => ({
  circle: one.circle === 5 && one.widest[route] === 6 ? 6 : one.circle,
  purposes: ['celebrate'],
  modes: [...one.modes],
  modifiers: [...new Set(one.modes.flatMap((mode) => modifierOf[mode] ?? []))],
})
