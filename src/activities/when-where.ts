import type { Mode } from '#activities/activity.ts'
import { mayGuest, type GuestFacts } from '#activities/rsvp.ts'
import type { Language, Text } from '#kernel/messages.ts'
import { addDays, instantOf, sayCountry, sayDay, sayDays, sayTime, sayZone } from '#kernel/times.ts'
import type { Day, Local } from '#kernel/times.ts'

export type WhenDate = { startDay: Day; endDay: Day; startLocal: Local | null; endLocal: Local | null }

/** Says when one date is: "Tuesday 19 October 2027, 10:00 to 12:00 (British Summer Time)". Without a date: some time in the week of that Monday. */
export function sayWhen(
  date: WhenDate | null,
  of: { zone: string | null; monday: Day },
  text: Text,
  language: Language,
): string {
  if (!date) return text('come.when.week', { days: sayDays(of.monday, addDays(of.monday, 6), language) })
  if (date.startLocal === null) {
    if (date.endDay === date.startDay) return sayDay(date.startDay, language, true)
    return text('come.when.days', {
      from: sayDay(date.startDay, language),
      to: sayDay(date.endDay, language, true),
    })
  }
  const zone = sayZone(instantOf(date.startLocal, of.zone ?? 'Etc/UTC'), of.zone ?? 'Etc/UTC', language)
  const from = sayTime(date.startLocal)
  const day = sayDay(date.startDay, language, true)
  if (date.endLocal === null || date.endLocal === date.startLocal) {
    return text('come.when.start', { day, from, zone })
  }
  if (date.endLocal.slice(0, 10) !== date.startDay) {
    const to = `${sayDay(date.endLocal.slice(0, 10), language)}, ${sayTime(date.endLocal)}`
    return text('come.when.over-night', { day, from, to, zone })
  }
  return text('come.when.time', { day, from, to: sayTime(date.endLocal), zone })
}

export type Place = {
  mode: Mode
  placeName: string | null
  address: string | null
  town: string | null
  country: string | null
  privatePlace: boolean
}

/** Says where in one line what anybody may know: a private place by its town only. */
export function sayWhere(place: Place, text: Text, language: Language): string {
  if (place.mode === 'nowhere') return text('come.where.nowhere')
  if (place.mode === 'online') return text('come.where.online')
  const parts = [
    ...(place.privatePlace ? [] : [place.placeName, place.address]),
    place.town,
    place.country && sayCountry(place.country, language),
  ]
  const room = parts.filter(Boolean).join(', ')
  return place.mode === 'hybrid' ? text('come.where.hybrid', { place: room }) : room
}

/** Says where to somebody who comes: the exact place or "online" when their link may see it, else what anybody may know. */
export function sayWhereTo(
  joining: 'in-person' | 'online',
  place: Place,
  facts: GuestFacts,
  say: { text: Text; language: Language },
): string {
  if (joining === 'online') return say.text('come.where.online')
  const seen = mayGuest('see-place', facts)
  return sayWhere(
    { ...place, mode: 'in-person', privatePlace: place.privatePlace && !seen },
    say.text,
    say.language,
  )
}
