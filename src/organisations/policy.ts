import * as v from 'valibot'
import {
  circles,
  nations,
  purposes,
  routes,
  type Circle,
  type Nation,
  type Purpose,
  type Route,
} from '#kernel/permission-words.ts'

/** What an organisation allows, as one version of its policy. Ages in years, terms in days. */
export type Policy = {
  nation: Nation | null
  /** The widest circle of each way of deciding; a way that is not in it is not used. */
  widest: Partial<Record<Route, Circle>>
  /** Which purposes may be asked for at all. */
  purposes: readonly Purpose[]
  /** How long a permission lasts after the week has ended, at the longest. */
  days: Partial<Record<Route, number>> & { other: number }
  /** The Art. 9 condition in the organisation's own words; without it nobody is shown beyond the organisation. */
  condition: string
  /** The Art. 6 basis, likewise. */
  basis: string
  /** From which age a child is asked again; from which age somebody decides about themselves. */
  askedAgainAt: number
  decidesAt: number
  /** Whether a parent has to agree as well when somebody decides before that age. */
  parentToo: boolean
  /** Days until originals are purged. */
  originals: number
  /** Days a story waits where somebody must not be found. */
  delay: number
}

const strictest: Policy = {
  nation: null,
  widest: { own: 6, 'other-adult': 6, nobody: 5 },
  purposes: ['celebrate', 'teach'],
  days: { 'best-interests': 180, other: 365 },
  condition: '',
  basis: '',
  askedAgainAt: 13,
  decidesAt: 16,
  parentToo: true,
  originals: 60,
  delay: 14,
}

const withCapacityLaw: Policy = {
  ...strictest,
  widest: {
    own: 6,
    attorney: 5,
    'best-interests': 3,
    parents: 5,
    'young-person': 5,
    'other-adult': 6,
    nobody: 5,
  },
}

/** "Best interests" is not a test of the law of Scotland (Adults with Incapacity (Scotland) Act 2000) or Ireland (Assisted Decision-Making (Capacity) Act 2015). */
const withoutBestInterests: Policy = {
  ...withCapacityLaw,
  widest: { own: 6, attorney: 5, parents: 5, 'young-person': 5, 'other-adult': 6, nobody: 5 },
}

/** Powers of attorney of Northern Ireland are about property and money: the parts of the Mental Capacity Act (Northern Ireland) 2016 about welfare have not begun. */
const withoutAttorney: Policy = {
  ...withCapacityLaw,
  widest: { own: 6, 'best-interests': 3, parents: 5, 'young-person': 5, 'other-adult': 6, nobody: 5 },
}

/** From which age of the person somebody can decide for them by a paper: 16, and in Ireland 18 (Assisted Decision-Making (Capacity) Act 2015). */
export const paperFrom = (nation: Nation | null): 16 | 18 => (nation === 'ireland' ? 18 : 16)

/** What holds in a nation until an organisation has written its own, strict; for any other country only what people decide about themselves. Source: the rule book, docs/permission.md. */
export const defaultPolicy = (nation: Nation | null): Policy => {
  switch (nation) {
    case 'england':
    case 'wales':
      return { ...withCapacityLaw, nation }
    case 'northern-ireland':
      return { ...withoutAttorney, nation }
    case 'scotland':
      // Somebody of 12 is presumed to be able to decide about their own data (Data Protection Act 2018, s. 208).
      return { ...withoutBestInterests, nation, askedAgainAt: 12 }
    case 'ireland':
      // Guardians keep a say until 18 (Guardianship of Infants Act 1964).
      return { ...withoutBestInterests, nation, decidesAt: 18 }
    case null:
      return strictest
  }
}

/** What holds for somebody without an organisation, for whom the site itself answers: the strictest rules. All that it lets be decided, people decide about themselves, and their own yes is the basis; nobody else's is. */
export const sitePolicy: Policy = {
  ...strictest,
  basis: 'Consent (Article 6(1)(a)).',
  condition: 'Explicit consent (Article 9(2)(a)).',
}

/** Answers whether a policy says why the law allows pictures of people at all: an Art. 6 basis and an Art. 9 condition. */
export const saysWhy = ({ basis, condition }: Pick<Policy, 'basis' | 'condition'>): boolean =>
  basis.trim() !== '' && condition.trim() !== ''

/** The circle beyond which something decided in somebody's best interests needs the written condition: a named showing. */
export const withoutCondition: Circle = 3

/** How wide the law of a nation lets a policy become at all; a way that is not in it cannot be chosen there. */
export function ceilingOf(nation: Nation | null): Policy['widest'] {
  const all: Policy['widest'] = Object.fromEntries(routes.map((route) => [route, 6]))
  if (nation === 'scotland' || nation === 'ireland') {
    delete all['best-interests']
    return all
  }
  return { ...all, 'best-interests': 5 }
}

/** The widest circle of a way of deciding as the policy stands: without the written condition, best interests ends at a showing. Null: the way is not used. */
export function widestOf(policy: Policy, route: Route): Circle | null {
  const widest = policy.widest[route]
  if (widest === undefined) return null
  const held = route === 'best-interests' && policy.condition.trim() === '' && widest > withoutCondition
  return held ? withoutCondition : widest
}

/** How many days after the week a permission given in this way lasts, at the longest. */
export const daysOf = (policy: Policy, route: Route): number => policy.days[route] ?? policy.days.other

const words = (text: string): number => (text.trim() === '' ? 0 : 1)

/** Each rule as a figure, so that a larger one allows more; of the lead's own words only whether there are any. */
const figures = [
  ...routes.map((route) => ({
    rule: `widest-${route}` as const,
    of: ({ widest }: Policy) => widest[route] ?? -1,
  })),
  ...purposes.map((purpose) => ({
    rule: `purpose-${purpose}` as const,
    of: (policy: Policy) => Number(policy.purposes.includes(purpose)),
  })),
  { rule: 'days-other', of: ({ days }: Policy) => days.other },
  { rule: 'days-best-interests', of: (policy: Policy) => daysOf(policy, 'best-interests') },
  { rule: 'asked-again', of: ({ askedAgainAt }: Policy) => askedAgainAt },
  { rule: 'decides', of: ({ decidesAt }: Policy) => -decidesAt },
  { rule: 'parent-too', of: ({ parentToo }: Policy) => Number(!parentToo) },
  { rule: 'originals', of: ({ originals }: Policy) => originals },
  { rule: 'delay', of: ({ delay }: Policy) => -delay },
  { rule: 'basis', of: ({ basis }: Policy) => words(basis) },
  { rule: 'condition', of: ({ condition }: Policy) => words(condition) },
] as const

/** The rules of a policy, each by itself. */
export type Rule = (typeof figures)[number]['rule']
export const rules: readonly Rule[] = figures.map(({ rule }) => rule)

/** How a rule moved between two policies: less is allowed, more is, or only its words are others. */
export type Move = 'tighter' | 'looser' | 'reworded'
export type MovedRule = { rule: Rule; move: Move }

/** Answers which rules differ between a policy and the one before it, and which way each moved. */
export const movesOf = (policy: Policy, before: Policy): MovedRule[] =>
  figures.flatMap(({ rule, of }): MovedRule[] => {
    const change = of(policy) - of(before)
    if (change !== 0) return [{ rule, move: change < 0 ? 'tighter' : 'looser' }]
    const reworded = (rule === 'basis' || rule === 'condition') && policy[rule] !== before[rule]
    return reworded ? [{ rule, move: 'reworded' }] : []
  })

/** Answers whether a policy forbids anything that the other allows; then something may have to be hidden when it takes the other's place. */
export const tighterThan = (policy: Policy, other: Policy): boolean =>
  movesOf(policy, other).some(({ move }) => move === 'tighter')

const circle = v.picklist(circles)
const days = v.pipe(v.number(), v.integer(), v.minValue(1))
/** How a version is kept; what does not fit is no policy. */
const keptPolicy = v.object({
  nation: v.nullable(v.picklist(nations)),
  widest: v.partial(v.object(v.entriesFromList(routes, circle))),
  purposes: v.array(v.picklist(purposes)),
  days: v.object({ ...v.partial(v.object(v.entriesFromList(routes, days))).entries, other: days }),
  condition: v.string(),
  basis: v.string(),
  askedAgainAt: v.number(),
  decidesAt: v.number(),
  parentToo: v.boolean(),
  originals: days,
  delay: v.number(),
})

/** Answers a kept version as a policy, or null when it is none: the caller then takes the strictest. */
export function readPolicy(kept: unknown): Policy | null {
  const read = v.safeParse(keptPolicy, kept)
  return read.success ? (read.output as Policy) : null
}
