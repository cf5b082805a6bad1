import type { Said } from '#consent/standing.ts'
import { whys, type Why } from '#consent/why.ts'

/** The one thing to do next, and where: `wait` needs somebody else, `faceless` leads to a story without a face. */
export type NextStep =
  | 'who'
  | 'seen'
  | 'words'
  | 'show'
  | 'ask'
  | 'again'
  | 'needs'
  | 'wait'
  | 'name'
  | 'faceless'

const steps: Record<Why, NextStep> = {
  draft: 'show',
  purged: 'faceless',
  whole: 'wait',
  hold: 'wait',
  'taken-down': 'wait',
  'second-person': 'wait',
  'asked-before': 'show',
  'who-is-in-it': 'who',
  words: 'words',
  'not-over': 'wait',
  later: 'wait',
  policy: 'faceless',
  'nobody-circle': 'faceless',
  'somebody-objected': 'faceless',
  'not-asked': 'ask',
  'no-answer': 'again',
  'one-no': 'faceless',
  'not-sure': 'wait',
  'asked-again': 'ask',
  moved: 'ask',
  declined: 'faceless',
  withdrawn: 'faceless',
  expired: 'ask',
  objection: 'faceless',
  'lawful-basis': 'wait',
  'do-not-show': 'faceless',
  'not-locatable': 'faceless',
  died: 'faceless',
  forgotten: 'faceless',
  wider: 'ask',
  'not-seen': 'ask',
  term: 'ask',
  'age-month': 'ask',
  'asked-at-age': 'ask',
  'route-policy': 'faceless',
  'name-and-face': 'name',
  'route-age': 'ask',
  'capacity-lost': 'ask',
  'capacity-record': 'needs',
  'capacity-narrow': 'needs',
  authority: 'needs',
  'authority-narrow': 'needs',
  sighted: 'needs',
  'best-interests-record': 'needs',
  decider: 'needs',
  consulted: 'needs',
  independent: 'needs',
  disagreed: 'needs',
  assent: 'seen',
  'yes-unseen': 'seen',
  'assent-unchecked': 'wait',
  holders: 'needs',
  'holders-all': 'needs',
  competent: 'ask',
  competence: 'needs',
  'parent-too': 'needs',
}

/** What comes first when several things are missing: what the poster can do, before what needs somebody else. */
const order: readonly NextStep[] = [
  'faceless',
  'who',
  'ask',
  'needs',
  'seen',
  'name',
  'words',
  'show',
  'again',
  'wait',
]

const whyOf = ({ key }: Said): Why | undefined => whys.find((why) => key === `consent.why.${why}`)

/** Answers the one thing to do next about what is missing; null when nothing is. */
export function nextStepOf(missing: readonly Said[]): NextStep | null {
  const wanted = new Set(missing.flatMap((one) => whyOf(one) ?? []).map((why) => steps[why]))
  return order.find((step) => wanted.has(step)) ?? null
}
