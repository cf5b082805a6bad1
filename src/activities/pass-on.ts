import type { ActivityView } from '#activities/view.ts'
import type { Span } from '#activities/when.ts'
import { addDays } from '#kernel/times.ts'

const compact = (iso: string): string => iso.replace(/[-:]/g, '')
const withQuery = (address: string, query: Record<string, string>): string =>
  `${address}?${new URLSearchParams(query)}`

/** What a calendar elsewhere is told. */
export type CalendarWords = { title: string; details: string; location: string }

type Whole = { whole: boolean; start: string; end: string }
function timesOf({ start, end }: Pick<ActivityView, 'start' | 'end'>, week: Span): Whole {
  if (start !== null && 'utc' in start) {
    const last = end !== null && 'utc' in end ? end.utc : start.utc
    return { whole: false, start: start.utc, end: last }
  }
  const first = start?.day ?? week.from
  const last = start === null ? week.to : end !== null && 'day' in end ? end.day : first
  return { whole: true, start: first, end: addDays(last, 1) }
}

/** Answers the address that puts it into a Google calendar. */
export function googleLink(view: ActivityView, week: Span, words: CalendarWords): string {
  const { start, end } = timesOf(view, week)
  return withQuery('https://calendar.google.com/calendar/render', {
    action: 'TEMPLATE',
    text: words.title,
    dates: `${compact(start)}/${compact(end)}`,
    details: words.details,
    location: words.location,
  })
}

/** Answers the address that puts it into an Outlook calendar. */
export function outlookLink(view: ActivityView, week: Span, words: CalendarWords): string {
  const { whole, start, end } = timesOf(view, week)
  return withQuery('https://outlook.live.com/calendar/0/action/compose', {
    subject: words.title,
    startdt: start,
    enddt: end,
    body: words.details,
    location: words.location,
    ...(whole && { allday: 'true' }),
  })
}

/** Answers the addresses by which a page is passed on: plain links, nobody's script. */
export function passOnLinks(words: string, url: string) {
  const both = `${words} ${url}`
  return [
    { to: 'mail', href: `mailto:?subject=${encodeURIComponent(words)}&body=${encodeURIComponent(both)}` },
    { to: 'whatsapp', href: withQuery('https://wa.me/', { text: both }) },
    { to: 'facebook', href: withQuery('https://www.facebook.com/sharer/sharer.php', { u: url }) },
    { to: 'linkedin', href: withQuery('https://www.linkedin.com/sharing/share-offsite/', { url }) },
    { to: 'bluesky', href: withQuery('https://bsky.app/intent/compose', { text: both }) },
    { to: 'mastodon', href: `https://share.joinmastodon.org/#text=${encodeURIComponent(both)}` },
  ] as const
}
