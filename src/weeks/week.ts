import * as v from 'valibot'
import { email, formKey, line, maybeLine, maybeText, ticked, maybeWhole } from '#kernel/input.ts'
import {
  addDays,
  dayBeginsSomewhere,
  dayEndsEverywhere,
  dayOf,
  daysBetween,
  type Day,
  realDay,
  weekdayOf,
} from '#kernel/times.ts'

export type WeekStep = 'draft' | 'announced' | 'closed'

/** One edition: seven local days, the same everywhere. */
export type Week = {
  year: number
  monday: Day
  sunday: Day
  name: string
  theme: string | null
  /** Monday's first; empty when the days have none. */
  dayThemes: string[]
  hashtag: string | null
  /** CommonMark. */
  announcement: string | null
  announced: Date | null
  state: WeekStep
  policy: WeekPolicy
  source: string | null
  /** CommonMark: what is known of a past week. */
  known: string | null
  example: boolean
}

/** What is agreed for a week, in words (CommonMark). */
export type WeekPolicy = { words?: string }

/** Words in several languages: {"en": "Café"}. */
export type Words = Record<string, string>
export type HowTo = { before: string[]; day: string[]; after: string[]; strangers?: string[] }

export type Titles = { withTown: string; plain: string }

export type Kind = {
  code: string
  names: Words
  hints: Words
  tenMinutes: Words
  /** Titles to start from, by language; `{town}` stands for the town. */
  titles: Record<string, Titles>
  how: Record<string, HowTo>
  drawing: string
  defaultMinutes: number
  /** No longer offered; what was said of it before keeps it. */
  retired: boolean
  revision: number
}

export type Verb = {
  code: string
  kind: string
  names: Words
  tenMinutes: Words
  /** Stands on the home page, for those with ten minutes. */
  onHome: boolean
  retired: boolean
  revision: number
}

/** How an ask can be answered. */
export const askAnswers = ['yes-no', 'date'] as const
export type AskAnswer = (typeof askAnswers)[number]
export type AskPrompts = { starters: string[]; questions: string[] }

/** What people are asked to write for: one question that is answered by yes, no or a date. */
export type Ask = {
  code: string
  names: Words
  words: Words
  easy: Words
  answer: AskAnswer
  /** What helps to begin, by language; never put into a letter by itself. */
  prompts: Record<string, AskPrompts>
  /** What likeness is measured against; shown to nobody. */
  template: Words
  retired: boolean
  revision: number
}

/** The six plain groups that whom-to-reach is asked by. */
export const clusters = [
  'colleagues',
  'friends-family',
  'managers-boards',
  'representatives',
  'followed',
  'anyone',
] as const
export type Cluster = (typeof clusters)[number]
export type Audience = {
  code: string
  cluster: Cluster
  names: Words
  retired: boolean
  revision: number
}

/** Where a week stands now: without a date, so many days before, on somewhere on Earth, or over everywhere. */
export type WeekState =
  | { state: 'not-announced' }
  | { state: 'before'; days: number }
  | { state: 'on' }
  | { state: 'over' }

type Span = Pick<Week, 'monday'>

/** Answers when the first place on Earth begins the week's Monday (UTC+14). */
export const opens = (week: Span): Date => dayBeginsSomewhere(week.monday)

/** Answers when the last place on Earth ends the week's Sunday (UTC−12). */
export const closes = (week: Span): Date => dayEndsEverywhere(addDays(week.monday, 6))

/** Answers where a week stands; no week at all, or a draft, has not been announced. */
export function weekState(week: Pick<Week, 'monday' | 'state'> | null, now: Date): WeekState {
  if (!week || week.state === 'draft') return { state: 'not-announced' }
  if (now < opens(week)) {
    const today = now.toISOString().slice(0, 10)
    return { state: 'before', days: daysBetween(today, week.monday) }
  }
  return now < closes(week) && week.state === 'announced' ? { state: 'on' } : { state: 'over' }
}

/** Answers whether it is one of the week's seven days now by the clock of a zone. */
export const isOnIn = (week: Span, zone: string, now: Date): boolean => {
  const today = dayOf(now, zone)
  return today >= week.monday && today <= addDays(week.monday, 6)
}

/** Answers whether it is one of the week's seven days now by every clock on Earth: its Monday has begun at UTC−12, and its Sunday has not ended at UTC+14. */
export const isOnEverywhere = (week: Span, now: Date): boolean =>
  now >= dayEndsEverywhere(addDays(week.monday, -1)) && now < dayBeginsSomewhere(addDays(week.monday, 7))

/** How far outside its seven days something can still belong to a week, days. */
export const edgeDays = 30

/** Answers whether a day can belong to a week: its seven days and thirty either side. */
export const belongs = (week: Span, day: Day): boolean => {
  const from = daysBetween(week.monday, day)
  return from >= -edgeDays && from <= 6 + edgeDays
}

/** Answers whether a week is only an archive: it was closed, or its soft edge is over, too. */
export const isArchive = (week: Pick<Week, 'monday' | 'state'>, now: Date): boolean =>
  week.state === 'closed' || now >= dayEndsEverywhere(addDays(week.monday, 6 + edgeDays))

/** Answers the seven days of a week, Monday first. */
export const daysOf = (week: Span): Day[] => Array.from({ length: 7 }, (_, day) => addDays(week.monday, day))

/** Answers where a past week is known from: its words, and its address when one is among them, written as a link or as it stands; null when nobody says. */
export function sourceOf(words: string | null): { words: string; href: string | null } | null {
  if (words === null || words.trim() === '') return null
  const [, title, target] = /^\s*\[([^\]]+)\]\((https?:\/\/[^\s)]+)\)\s*$/.exec(words) ?? []
  if (title !== undefined && target !== undefined) return { words: title, href: target }
  const href = /https?:\/\/\S+/.exec(words)?.[0] ?? null
  const rest = href === null ? words : words.replace(href, '').trim().replace(/[,:]$/, '')
  return { words: rest === '' ? (href ?? words) : rest, href }
}

/** Answers the drawing of each kind, by its code. */
export const drawingsOf = (kinds: readonly Pick<Kind, 'code' | 'drawing'>[]): Record<string, string> =>
  Object.fromEntries(kinds.map((kind) => [kind.code, kind.drawing]))

/** Answers what something is called in a language, or in English when it has no words in that one. */
export const nameOf = (thing: { names: Words }, language: string): string => wordsOf(thing.names, language)

/** Answers the words of a language, or the English ones. */
export const wordsOf = (words: Words, language: string): string => words[language] ?? words['en'] ?? ''

const monday = v.pipe(
  v.optional(v.string(), ''),
  v.minLength(1, 'input.needed'),
  v.check(realDay, 'input.day'),
  v.check((day) => !realDay(day) || weekdayOf(day) === 0, 'weeks.form.not-monday'),
  v.check((day) => Number(day.slice(0, 4)) >= 1980 && Number(day.slice(0, 4)) <= 2200, 'input.range'),
)

/** One form makes a week or changes it. */
export const weekInput = v.object({
  year: v.pipe(
    maybeWhole(1980, 2200),
    v.check((year) => year !== null, 'input.needed'),
    v.transform((year) => year ?? 0),
  ),
  monday,
  name: line(120),
  theme: maybeLine(120),
  dayThemes: v.pipe(
    v.optional(v.string(), ''),
    v.maxLength(1000, 'input.too-long'),
    v.transform((words) =>
      words
        .split('\n')
        .map((one) => one.trim())
        .filter(Boolean),
    ),
    v.check((themes) => themes.length === 0 || themes.length === 7, 'weeks.form.seven-themes'),
  ),
  hashtag: v.pipe(
    maybeLine(60),
    v.transform((tag) => tag?.replace(/^#+/, '') ?? null),
    v.check((tag) => tag === null || /^[\p{L}\p{N}_]+$/u.test(tag), 'weeks.form.hashtag-wrong'),
  ),
  announcement: maybeText(5000),
  policy: maybeText(5000),
  from: maybeWhole(1980, 2200),
  formKey,
})
/** The set-up asks for two of them; the edition is called by the year of its Monday. */
export const setUpWeekInput = v.pipe(
  v.object({ monday, name: line(120), from: maybeWhole(1980, 2200), formKey }),
  v.transform((input) => ({
    ...input,
    year: Number(input.monday.slice(0, 4)),
    theme: null,
    dayThemes: [],
    hashtag: null,
    announcement: null,
    policy: null,
  })),
)
export const announceInput = v.object({
  year: v.pipe(v.string(), v.transform(Number), v.integer('input.number')),
  sure: v.pipe(ticked, v.literal(true, 'weeks.announce.tick')),
})
export const yearInput = v.object({
  year: v.pipe(v.string(), v.transform(Number), v.integer('input.number')),
})
export const wishInput = v.object({ email, formKey })
export const wishToken = v.object({ token: v.pipe(v.string(), v.maxLength(200)) })
