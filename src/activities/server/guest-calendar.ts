import ical, { ICalCalendarMethod, ICalEventBusyStatus, ICalEventStatus } from 'ical-generator'
import { mayGuest } from '#activities/rsvp.ts'
import { guestFacts, guestWord, type Guest } from '#activities/server/reads/rsvp.ts'
import { sayWhereTo } from '#activities/where.ts'
import { textIn } from '#kernel/messages.ts'
import { addDays, type Day } from '#kernel/times.ts'
import { readConfig } from '#platform/server/config.ts'
import { siteAddress } from '#platform/server/site-address.ts'

/** What a calendar needs to know of one guest's date. Days are whole days, the end included. */
export type Entry = {
  title: string
  where: string
  details: string
  url: string
  time: { starts: Date; ends: Date } | { from: Day; to: Day }
}

/** Answers what one guest's calendar may say: the exact place and how to join online only when their link may see them. */
export function entryOf(guest: Guest, now: Date): Entry {
  const { rsvp, activity, occurrence, monday } = guest
  const text = textIn(rsvp.language)
  const facts = guestFacts(guest, now)
  const url = `${siteAddress(readConfig())}/come/${guestWord(rsvp.id)}`
  const seen = mayGuest('see-place', facts)
  const online = rsvp.joining === 'online'
  const details = seen
    ? online
      ? [activity.joinUrl, activity.joinDetails]
      : [activity.placeDetails, activity.arrive]
    : []
  return {
    title: activity.title,
    where: sayWhereTo(rsvp.joining, activity, facts, { text, language: rsvp.language }),
    details: [...details, text('come.calendar.page', { url })].filter(Boolean).join('\n\n'),
    url,
    time: occurrence?.startLocal
      ? { starts: occurrence.starts, ends: occurrence.ends }
      : occurrence
        ? { from: occurrence.startDay, to: occurrence.endDay }
        : { from: monday, to: addDays(monday, 6) },
  }
}

const statusOf = (guest: Guest, now: Date): ICalEventStatus => {
  // Nobody can say here whether it happens.
  if (guest.off === 'not-shown') return ICalEventStatus.TENTATIVE
  const facts = guestFacts(guest, now)
  if (facts.off || ['cancelled', 'expired', 'not-accepted'].includes(facts.state)) {
    return ICalEventStatus.CANCELLED
  }
  return facts.state === 'going' ? ICalEventStatus.CONFIRMED : ICalEventStatus.TENTATIVE
}

/** Writes the guest's own calendar file (RFC 5545, times in UTC). One UID for ever; SEQUENCE rises with every change of the activity or of the guest's word; what will not happen, or not with them, is CANCELLED. */
export function guestCalendar(guest: Guest, now: Date): string {
  const { rsvp, activity } = guest
  const entry = entryOf(guest, now)
  const status = statusOf(guest, now)
  const off = status === ICalEventStatus.CANCELLED
  const calendar = ical({
    prodId: { company: 'A Bit Extra', product: 'guest', language: rsvp.language.toUpperCase() },
    method: off ? ICalCalendarMethod.CANCEL : ICalCalendarMethod.PUBLISH,
  })
  const whole = 'from' in entry.time
  const [start, end] =
    'from' in entry.time
      ? [new Date(`${entry.time.from}T00:00:00Z`), new Date(`${addDays(entry.time.to, 1)}T00:00:00Z`)]
      : [entry.time.starts, entry.time.ends]
  calendar.createEvent({
    id: `${rsvp.id}@${new URL(siteAddress(readConfig())).hostname}`,
    sequence: activity.sequence + rsvp.revision,
    stamp: new Date(Math.max(rsvp.updated.getTime(), activity.updated.getTime())),
    start,
    ...(end > start && { end }),
    allDay: whole,
    summary: entry.title,
    location: entry.where,
    description: entry.details,
    url: entry.url,
    status,
    ...(whole && { busystatus: ICalEventBusyStatus.FREE }),
  })
  return calendar.toString()
}

const packed = (moment: Date): string => moment.toISOString().replace(/[-:]|\.\d+/g, '')

/** Answers the addresses that open the date in Google's and Outlook's own calendar pages. */
export function calendarLinks(entry: Entry): { google: string; outlook: string } {
  const words = { title: entry.title.slice(0, 120), details: entry.details.slice(0, 800) }
  const time = entry.time
  const dates =
    'from' in time
      ? `${time.from.replaceAll('-', '')}/${addDays(time.to, 1).replaceAll('-', '')}`
      : `${packed(time.starts)}/${packed(time.ends)}`
  const google = new URLSearchParams({
    action: 'TEMPLATE',
    text: words.title,
    dates,
    details: words.details,
    location: entry.where,
  })
  const outlook = new URLSearchParams({
    path: '/calendar/action/compose',
    rru: 'addevent',
    subject: words.title,
    body: words.details,
    location: entry.where,
    ...('from' in time
      ? { startdt: time.from, enddt: addDays(time.to, 1), allday: 'true' }
      : { startdt: time.starts.toISOString(), enddt: time.ends.toISOString() }),
  })
  return {
    google: `https://calendar.google.com/calendar/render?${google}`,
    outlook: `https://outlook.live.com/calendar/0/deeplink/compose?${outlook}`,
  }
}
