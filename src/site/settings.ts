import * as v from 'valibot'
import { formKey, line, maybeEmail, maybeText, maybeUrl } from '#kernel/input.ts'
import { zoneOf } from '#kernel/times.ts'
import { countryCodes } from '#site/countries.ts'

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
  /** The site shows the example week: said on every page, never indexed, never mailed. */
  example: boolean
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
  example: false,
  setUp: false,
}

/** Texts of plain pages, each under its own address. */
export const pageNames = [
  'about',
  'accessibility',
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

export const redirectInput = v.object({
  path: v.pipe(
    line(500),
    v.regex(/^\/[^\s?#]*$/, 'site.redirects.path-wrong'),
    v.check((path) => path !== '/', 'site.redirects.path-wrong'),
  ),
  target: v.pipe(line(2000), v.regex(/^(\/(?![/\\])|https?:\/\/)[^\s]*$/, 'site.redirects.target-wrong')),
})
export const pathInput = v.object({ path: v.pipe(v.string(), v.maxLength(500)) })
export const sureInput = v.object({
  sure: v.pipe(v.optional(v.string(), ''), v.literal('yes', 'weeks.announce.tick')),
})
