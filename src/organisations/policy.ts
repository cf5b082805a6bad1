import type { Circle, Nation, Purpose, Route } from '#kernel/permission-words.ts'

/** What an organisation allows, as one version of its policy. Ages in years, terms in days. */
export type Policy = {
  nation: Nation | null
  /** The widest circle of each way of deciding; a way that is not in it is not used. */
  widest: Partial<Record<Route, Circle>>
  /** Which purposes may be asked for at all. */
  purposes: readonly Purpose[]
  /** How long a permission lasts after the week has ended, at the longest. */
  days: Partial<Record<Route, number>> & { other: number }
  /** The Art. 9 condition in the organisation's own words; without it nothing decided in somebody's best interests goes beyond a showing. */
  condition: string
  /** The Art. 6 basis, likewise. */
  basis: string
  /** From which age a child is asked again; from which age somebody decides about themselves. */
  askedAgainAt: number
  decidesAt: number
  /** Whether a parent has to agree as well when somebody under 16 decides. */
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

/** What holds in a nation until an organisation has written its own, strict; for any other country only what people decide about themselves. Source: the rule book, docs/permission.md. */
export const defaultPolicy = (nation: Nation | null): Policy => {
  switch (nation) {
    case 'england':
    case 'wales':
    case 'northern-ireland':
      return { ...withCapacityLaw, nation }
    case 'scotland':
      // Somebody of 12 is presumed to be able to decide about their own data (Data Protection Act 2018, s. 208).
      return { ...withoutBestInterests, nation, askedAgainAt: 12 }
    case 'ireland':
      return { ...withoutBestInterests, nation }
    case null:
      return strictest
  }
}
