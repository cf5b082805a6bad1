import {
  modes,
  purposes,
  type AgeBand,
  type Circle,
  type Mode,
  type Nation,
  type Purpose,
  type Route,
} from '#kernel/permission-words.ts'
import type { Day } from '#kernel/times.ts'
import { paperFrom } from '#organisations/policy.ts'

/** A form that exists on paper, entered once for a group of people. */
export type PaperForm = {
  id: string
  title: string
  /** Its own words. */
  says: string
  dated: Day
  /** What its words cover, as somebody read them. */
  circle: Circle
  purposes: readonly Purpose[]
  modes: readonly Mode[]
  namesThisSite: boolean
  namesSocialMedia: boolean
  ended: Date | null
  created: Date
  revision: number
}

/** Who put their name under it, without the name. */
export const signers = [
  'self',
  'parent',
  'all-parents',
  'attorney',
  'deputy',
  'guardian',
  'council',
  'decision-maker',
  'co-decision-maker',
  'representative',
] as const
export type Signer = (typeof signers)[number]
export const isSigner = (word: string): word is Signer => (signers as readonly string[]).includes(word)

const forChildren = ['self', 'parent', 'all-parents', 'council'] as const satisfies readonly Signer[]

/**
 * Who can sign by the law of a nation. Ireland: Assisted Decision-Making (Capacity) Act 2015, parts 4, 5 and 7, as the
 * Decision Support Service describes its arrangements (decisionsupportservice.ie); nobody is a deputy there. Scotland:
 * Adults with Incapacity (Scotland) Act 2000, parts 2 and 6. In neither does anybody decide in somebody's best interests.
 */
const inNation: Record<Nation, readonly Signer[]> = {
  england: [...forChildren, 'attorney', 'deputy', 'decision-maker'],
  wales: [...forChildren, 'attorney', 'deputy', 'decision-maker'],
  scotland: [...forChildren, 'attorney', 'guardian'],
  'northern-ireland': [...forChildren, 'attorney', 'deputy', 'guardian', 'decision-maker'],
  ireland: [...forChildren, 'attorney', 'co-decision-maker', 'representative'],
}

/** Answers who can have signed a form where the law of a nation holds, and besides whoever already stands on it; everybody where it is not known. */
export const signersIn = (nation: Nation | null, there: readonly string[] = []): readonly Signer[] => {
  const may: readonly Signer[] = nation === null ? signers : inNation[nation]
  return signers.filter((one) => may.includes(one) || there.includes(one))
}

export const paperRoutes = ['own', 'attorney', 'best-interests', 'parents', 'young-person'] as const
export type PaperRoute = Extract<Route, (typeof paperRoutes)[number]>

/** What one form says about one person. */
export type PaperAnswer = {
  supported: string
  answer: 'yes' | 'no'
  /** By which way it was decided; of a no it does not matter. */
  route: PaperRoute | null
  byWhom: Signer
  signed: Day
  ends: Day | null
}

/** The widest circle of a form that does not name this site: inside the organisation. */
const unnamedSite: Circle = 2
/** The widest circle of a form that does not name social media: the week's public pages. */
const unnamedSocialMedia: Circle = 5

/** Answers how wide a form really reaches here. Whoever signed one that does not name this site, or social media, did not say yes to it. */
export function reachOf(form: Pick<PaperForm, 'circle' | 'namesThisSite' | 'namesSocialMedia'>): Circle {
  const named = form.namesThisSite ? (form.namesSocialMedia ? 6 : unnamedSocialMedia) : unnamedSite
  return form.circle < named ? form.circle : named
}

/** What a form does not cover, for whoever taps its answers: this site, social media, wider circles, purposes, how somebody is in a picture. */
export type Gap =
  | { what: 'this-site' | 'social-media' | 'wider' }
  | { what: 'purposes'; purposes: readonly Purpose[] }
  | { what: 'modes'; modes: readonly Mode[] }

type Covers = Pick<PaperForm, 'circle' | 'purposes' | 'modes' | 'namesThisSite' | 'namesSocialMedia'>

/** Answers what a form does not cover. */
export function gapsOf(form: Covers): Gap[] {
  const otherPurposes = purposes.filter((purpose) => !form.purposes.includes(purpose))
  const otherModes = modes.filter((mode) => !form.modes.includes(mode))
  return [
    ...(form.namesThisSite ? [] : [{ what: 'this-site' as const }]),
    ...(form.namesSocialMedia ? [] : [{ what: 'social-media' as const }]),
    ...(form.circle < reachOf({ ...form, circle: 6 }) ? [{ what: 'wider' as const }] : []),
    ...(otherPurposes.length > 0 ? [{ what: 'purposes' as const, purposes: otherPurposes }] : []),
    ...(otherModes.length > 0 ? [{ what: 'modes' as const, modes: otherModes }] : []),
  ]
}

/** Answers by which way somebody of this age decided, by the law of a nation, when this is who signed; null when nobody can decide for them like that. A relative cannot consent for an adult. */
export function routeOf(byWhom: Signer, ageBand: AgeBand, nation: Nation | null): PaperRoute | null {
  const young = ageBand === 'under-13' || ageBand === '13-15'
  switch (byWhom) {
    case 'self':
      return ageBand === 'adult' ? 'own' : 'young-person'
    case 'parent':
    case 'all-parents':
    case 'council':
      return young ? 'parents' : null
    case 'attorney':
    case 'deputy':
    case 'guardian':
      return young || (paperFrom(nation) === 18 && ageBand !== 'adult') ? null : 'attorney'
    case 'co-decision-maker':
    case 'representative':
      // Each is for somebody of 18 or over.
      return ageBand === 'adult' ? 'attorney' : null
    case 'decision-maker':
      return young ? null : 'best-interests'
  }
}
