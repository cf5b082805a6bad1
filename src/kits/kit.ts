import type { Language } from '#kernel/messages.ts'

type Shape = {
  /** Printed or shown as it is, or a picture to post. */
  as: 'pdf' | 'png'
  /** The drawing beside the words or above them, the drawing alone, or the words as a page of text. */
  layout: 'upright' | 'lying' | 'alone' | 'note'
  /** Millimetres on paper, pixels of a picture. */
  width: number
  height: number
}

/** What there is to print, show and post, by the name in its address. */
export const kitShapes = {
  'poster-a4': { as: 'pdf', layout: 'upright', width: 210, height: 297 },
  'poster-a3': { as: 'pdf', layout: 'upright', width: 297, height: 420 },
  'flyer-a5': { as: 'pdf', layout: 'upright', width: 148, height: 210 },
  'press-note': { as: 'pdf', layout: 'note', width: 210, height: 297 },
  slide: { as: 'pdf', layout: 'lying', width: 320, height: 180 },
  'card-wide': { as: 'png', layout: 'lying', width: 1200, height: 630 },
  'card-square': { as: 'png', layout: 'upright', width: 1080, height: 1080 },
  'card-tall': { as: 'png', layout: 'upright', width: 1080, height: 1920 },
  signature: { as: 'png', layout: 'alone', width: 320, height: 200 },
} as const satisfies Record<string, Shape>
export type KitItem = keyof typeof kitShapes
export const kitItems = Object.keys(kitShapes) as KitItem[]

/** Answers which part of a kit an address means: "poster-a4.pdf", "card-wide.png"; null when it means none. */
export function kitItem(file: string): KitItem | null {
  const [, name = '', kind] = /^([a-z0-9-]+)\.(pdf|png)$/.exec(file) ?? []
  return kitItems.find((item) => item === name && kitShapes[item].as === kind) ?? null
}

/** What a kit says: an activity, a group or a week in a few lines. Everything in it is public. */
export type Kit = {
  slug: string
  title: string
  /** Empty where there is none. */
  when: string
  where: string
  summary: string
  /** Access facts in words, at most eight. */
  access: string[]
  /** Its own page. */
  address: string
  week: string
  hashtag: string | null
  host: string
  drawing: string
  drawn: string
  language: Language
  cancelled: boolean
  example: boolean
  /** The day on which its page said this. */
  day: string
}

/** Answers some words one after the other, each with one full stop between: what ends with one, as names do ("Sam B."), gets no second. */
export const inSentences = (...all: readonly string[]): string =>
  all
    .filter(Boolean)
    .map((words, at, said) => (at === said.length - 1 || /[.!?…。！？]$/u.test(words) ? words : `${words}.`))
    .join(' ')

/** What stands under a card for those who do not see it: the same words as in it. */
export const altOf = ({ title, when, where, week }: Kit): string => inSentences(title, when, where, week)

/** How large a title is set, as a share of the usual: a long one has to fit as well. */
export function titleScale(title: string): number {
  const length = [...new Intl.Segmenter().segment(title)].length
  if (length <= 22) return 1
  if (length <= 50) return 0.85
  if (length <= 80) return 0.68
  return 0.54
}
