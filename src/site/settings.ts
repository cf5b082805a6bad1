import shipped from '../../scripts/seed/site.json' with { type: 'json' }
import * as v from 'valibot'
import { formKey, line, maybeEmail, maybeText, maybeUrl } from '#kernel/input.ts'
import { day } from '#kernel/limits.ts'
import { zoneOf } from '#kernel/times.ts'
import { countryCodes } from '#kernel/countries.ts'

/** What somebody new asks, and where it is answered. */
export type Question = { label: string; href: string }

/** The words of the home page that say what it is all about. */
export type HomeWords = {
  /** One plain sentence. */
  lead: string
  questions: Question[]
}

/** What a site knows about itself. */
export type SiteSettings = {
  name: string
  /** Who runs it: a person or an organisation. "" until the set-up has asked. */
  organiser: string
  /** Where to write to them: an e-mail address, shown on public pages. */
  contact: string
  /** Where they can be reached by post, shown on public pages. */
  address: string
  /** ISO 3166-1 alpha-2: what forms begin with. */
  country: string
  /** IANA zone: what forms begin with. */
  zone: string
  /** Where the source of the running software is: a web address, or "" when the site hands it out itself. */
  source: string
  /** The site's own words of the home page, by language; a language that is not there has the words it came with. */
  home: Record<string, HomeWords>
  /** The site shows the example week: said on every page, never indexed, never mailed. */
  example: boolean
  /** When the example was set aside: it can be brought back for some days. Null when it was not, or is gone for good. */
  exampleAside: string | null
  /** The set-up has been walked through. */
  setUp: boolean
}

export const plainSettings: SiteSettings = {
  name: 'A Bit Extra',
  organiser: '',
  contact: '',
  address: '',
  country: 'GB',
  zone: 'Europe/London',
  source: '',
  home: {},
  example: false,
  exampleAside: null,
  setUp: false,
}

const shippedHome: Record<string, HomeWords> = shipped.home

/** Answers the words of the home page: the site's own in a language, else those it came with. */
export const homeWords = (settings: Pick<SiteSettings, 'home'>, language: string): HomeWords =>
  settings.home[language] ?? shippedHome[language] ?? shipped.home.en

const questionLine = /^\[([^\]]{1,80})\]\(((?:\/(?![/\\])|https:\/\/)[^\s()]{0,500})\)$/

/** Answers questions as lines to write: "[Is it for us?](/new-to-this#is-it-for-us)". */
export const questionLines = (questions: readonly Question[]): string =>
  questions.map(({ label, href }) => `[${label}](${href})`).join('\n')

/** How long an example that was set aside can be brought back, days. */
export const asideDays = 7

/** Answers until when an example that was set aside can be brought back; null when there is none. */
export const asideUntil = (settings: Pick<SiteSettings, 'exampleAside'>): Date | null =>
  settings.exampleAside === null ? null : new Date(Date.parse(settings.exampleAside) + asideDays * day)

/** Texts of plain pages, each under its own address. */
export const pageNames = [
  'about',
  'accessibility',
  'for-offices',
  'privacy',
  'safety',
  'new-to-this',
  'start-a-group',
  'ten-minutes',
] as const
export type PageName = (typeof pageNames)[number]

const orNothing = (value: string | null): string => value ?? ''

export const settingsInput = v.object({
  name: line(80),
  organiser: line(120),
  contact: v.pipe(maybeEmail, v.transform(orNothing)),
  address: v.pipe(maybeText(400), v.transform(orNothing)),
  country: v.pipe(
    v.optional(v.string(), ''),
    v.transform((code) => code.trim().toUpperCase()),
    v.check((code) => countryCodes.includes(code), 'input.choose'),
  ),
  zone: v.pipe(
    v.optional(v.string(), ''),
    v.check((name) => zoneOf(name.trim()) !== null, 'site.settings.zone-wrong'),
    v.transform((name) => zoneOf(name.trim()) ?? ''),
  ),
  source: v.pipe(maybeUrl, v.transform(orNothing)),
  formKey,
})

/** The first step of the set-up asks for less. */
export const firstInput = v.object({
  name: line(80),
  organiser: line(120),
  contact: v.pipe(maybeEmail, v.transform(orNothing)),
})

export const textInput = v.object({
  name: v.picklist(pageNames, 'input.choose'),
  body: v.pipe(maybeText(50_000), v.transform(orNothing)),
})

const mostQuestions = 5
export const homeInput = v.object({
  lead: line(300),
  questions: v.pipe(
    maybeText(3000),
    v.transform((words) => (words ?? '').split('\n').filter((one) => one.trim() !== '')),
    v.maxLength(mostQuestions, 'site.home.too-many'),
    v.check((lines) => lines.every((one) => questionLine.test(one.trim())), 'site.home.question-wrong'),
    v.transform((lines) =>
      lines.map((one) => {
        const [, label = '', href = ''] = questionLine.exec(one.trim()) ?? []
        return { label, href }
      }),
    ),
  ),
})

export const redirectInput = v.object({
  path: v.pipe(
    line(500),
    v.regex(/^\/[^\s?#]*$/, 'site.redirects.path-wrong'),
    v.check((path) => path !== '/', 'site.redirects.path-wrong'),
  ),
  target: v.pipe(line(2000), v.regex(/^(\/(?![/\\])|https?:\/\/)[^\s]*$/, 'site.redirects.target-wrong')),
})
export const pathInput = v.object({ path: v.pipe(v.string(), v.maxLength(500)) })
