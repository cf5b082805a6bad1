import ical, { ICalCalendarMethod, ICalEventBusyStatus, ICalEventStatus } from 'ical-generator'
import type { CalendarEntry } from '#activities/calendar-links.ts'
import { mayGuest } from '#activities/rsvp.ts'
import { guestFacts, guestWord, type Guest } from '#activities/server/reads/rsvp.ts'
import { sayWhereTo } from '#activities/where.ts'
import { textIn } from '#kernel/messages.ts'
import { addDays } from '#kernel/times.ts'
import { readConfig } from '#platform/server/config.ts'
import { siteAddress } from '#platform/server/site-address.ts'

/** One guest's date, with the address of their own page. */
export type Entry = CalendarEntry & { url: string }

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
