import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { textIn, type Language } from '#kernel/messages.ts'
import { missing } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'
import { mayChangeSite } from '#site/may.ts'
import { asWords, proseOf, withAnchors, withoutTitle } from '#site/prose.ts'
import { projectFile } from '#platform/server/project-files.ts'
import { plainSettings, type PageName, type SiteSettings } from '#site/settings.ts'

const word = (name: 'name' | 'organiser' | 'contact' | 'address' | 'country' | 'zone' | 'source') =>
  v.optional(v.fallback(v.string(), plainSettings[name]), plainSettings[name])
const flag = v.optional(v.fallback(v.boolean(), false), false)

const ownHome = v.record(
  v.string(),
  v.object({
    lead: v.string(),
    questions: v.array(v.object({ label: v.string(), href: v.string() })),
  }),
)

const kept = v.object({
  name: word('name'),
  organiser: word('organiser'),
  contact: word('contact'),
  address: word('address'),
  country: word('country'),
  zone: word('zone'),
  source: word('source'),
  home: v.optional(v.fallback(ownHome, {}), {}),
  example: flag,
  exampleAside: v.optional(v.fallback(v.nullable(v.pipe(v.string(), v.isoTimestamp())), null), null),
  setUp: flag,
})

/** Answers what the site knows about itself; what nobody has set yet is as it was shipped. */
export async function siteSettings(db: Db): Promise<SiteSettings> {
  const rows = await db.selectFrom('settings').select(['name', 'value']).execute()
  return v.parse(kept, Object.fromEntries(rows.map((row) => [row.name, row.value])))
}

/** Answers the text of a plain page (CommonMark): the site's own, else the shipped one, else null. */
export async function pageText(db: Db, name: PageName, language: string): Promise<string | null> {
  const row = await db
    .selectFrom('texts')
    .select('body')
    .where('name', '=', name)
    .where('language', '=', language)
    .executeTakeFirst()
  return row?.body ?? shippedText(name, language)
}

/** Answers a plain page ready to show: its title and safe HTML, with the site's name, organiser and contact filled in; null when there is no text in that language. */
export async function plainPage(
  db: Db,
  name: PageName,
  language: Language,
): Promise<{ title: string; html: string } | null> {
  const words = await pageText(db, name, language)
  if (words === null) return null
  const text = textIn(language)
  const settings = await siteSettings(db)
  const known: Record<string, string> = {
    siteName: asWords(settings.name),
    organiserName: asWords(settings.organiser) || text('site.unset.organiser'),
    contact: settings.contact === '' ? text('site.unset.contact') : `<${settings.contact}>`,
    address: asWords(settings.address.replaceAll('\n', ', ')),
  }
  const filled = words.replace(/\{(\w+)\}/g, (whole, key: string) => known[key] ?? whole)
  const { title, rest } = withoutTitle(filled)
  return { title: title ?? settings.name, html: withAnchors(proseOf(rest)) }
}

const shipped = new Map<string, string | null>()

/** Answers the text of a plain page as it was shipped; null when there is none in that language. */
export function shippedText(name: PageName, language: string): string | null {
  const file = join(projectFile('scripts/seed/pages'), `${name}.${language}.md`)
  let text = shipped.get(file)
  if (text === undefined) {
    text = existsSync(file) ? readFileSync(file, 'utf8') : null
    shipped.set(file, text)
  }
  return text
}

export type OwnText = { name: string; changed: Date }

/** Answers which plain pages have a text of the site's own in a language; looks like nothing is there to whoever may not change them. */
export async function ownTexts(db: Db, viewer: Viewer, language: string): Promise<OwnText[]> {
  if (!mayChangeSite(viewer)) throw missing()
  return db
    .selectFrom('texts')
    .select(['name', 'changed'])
    .where('language', '=', language)
    .orderBy('name')
    .execute()
}

/** Answers where an address that is gone leads now; null when it leads nowhere. */
export async function redirectFor(db: Db, path: string): Promise<string | null> {
  const row = await db.selectFrom('redirects').select('target').where('path', '=', path).executeTakeFirst()
  return row?.target ?? null
}

/** Answers the addresses that lead elsewhere (at most 500); looks like nothing is there to whoever may not change them. */
export async function listRedirects(db: Db, viewer: Viewer): Promise<{ path: string; target: string }[]> {
  if (!mayChangeSite(viewer)) throw missing()
  return db.selectFrom('redirects').select(['path', 'target']).orderBy('path').limit(500).execute()
}
