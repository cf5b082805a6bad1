import type { Circle, Mode, Purpose, Route } from '#kernel/permission-words.ts'
import type { Day } from '#kernel/times.ts'

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
] as const
export type Signer = (typeof signers)[number]

export const paperRoutes = ['own', 'attorney', 'best-interests', 'parents', 'young-person'] as const
export type PaperRoute = Extract<Route, (typeof paperRoutes)[number]>

/** What one form says about one person. */
export type PaperAnswer = {
  supported: string
  answer: 'yes' | 'no'
  route: PaperRoute
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
