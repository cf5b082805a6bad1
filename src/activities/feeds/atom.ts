import type { FeedEntry, FeedHead } from '#activities/feeds/entry.ts'
import { townOf } from '#activities/view.ts'
import { sayWhen } from '#activities/when.ts'
import { sayWhere } from '#activities/where.ts'
import { escapeMarkup } from '#kernel/markup.ts'
import { textIn } from '#kernel/messages.ts'

/** Instants in whole seconds. */
const instant = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`

function entryOf(entry: FeedEntry, head: FeedHead): string {
  const { view } = entry
  const language = head.language
  const text = textIn(language)
  const url = `${head.site}/activities/${view.slug}`
  const when = sayWhen(view, { text, language, monday: entry.week.from })
  const words = [when, sayWhere(townOf(view), { text, language }), view.summary].filter(Boolean)
  const title =
    view.status === 'cancelled' ? text('activities.card.cancelled-title', { title: view.title }) : view.title
  return [
    '<entry>',
    `<id>urn:uuid:${entry.id}</id>`,
    `<title>${escapeMarkup(title)}</title>`,
    `<link rel="alternate" type="text/html" href="${escapeMarkup(url)}"/>`,
    `<link rel="related" type="text/calendar" href="${escapeMarkup(`${url}.ics`)}"/>`,
    `<published>${instant(entry.published)}</published>`,
    `<updated>${instant(entry.updated)}</updated>`,
    ...(entry.hostName === '' ? [] : [`<author><name>${escapeMarkup(entry.hostName)}</name></author>`]),
    `<category term="${escapeMarkup(view.kind)}"/>`,
    `<summary>${escapeMarkup(words.join(' · '))}</summary>`,
    '</entry>',
  ].join('')
}

/** Links of a feed that has pages, as whole addresses. */
export type FeedLinks = { self: string; next: string | null; previous: string | null }

/** Writes one page of an Atom feed (RFC 4287, paged by RFC 5005); valid when empty. `since` stands for the time of the last change when there is nothing yet. */
export function atomOf(entries: readonly FeedEntry[], head: FeedHead, links: FeedLinks, since: Date): string {
  const updated = new Date(Math.max(since.getTime(), ...entries.map((entry) => entry.updated.getTime())))
  const link = (rel: string, href: string | null, type: string): string =>
    href === null ? '' : `<link rel="${rel}" type="${type}" href="${escapeMarkup(href)}"/>`
  const feed = 'application/atom+xml'
  return [
    '<?xml version="1.0" encoding="utf-8"?>\n',
    `<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${escapeMarkup(head.language)}">`,
    `<id>${escapeMarkup(links.self)}</id>`,
    `<title>${escapeMarkup(head.title)}</title>`,
    `<updated>${instant(updated)}</updated>`,
    `<author><name>${escapeMarkup(textIn(head.language)('site.name'))}</name></author>`,
    link('self', links.self, feed),
    link('alternate', head.page, 'text/html'),
    link('next', links.next, feed),
    link('previous', links.previous, feed),
    ...entries.map((entry) => entryOf(entry, head)),
    '</feed>\n',
  ].join('')
}
