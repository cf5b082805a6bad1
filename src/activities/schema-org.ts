import type { ActivityView } from '#activities/view.ts'
import type { Moment, Span } from '#activities/when.ts'

const dateOf = (moment: Moment): string | null =>
  moment === null ? null : 'day' in moment ? moment.day : moment.utc

const modes = {
  'in-person': 'OfflineEventAttendanceMode',
  online: 'OnlineEventAttendanceMode',
  hybrid: 'MixedEventAttendanceMode',
  nowhere: 'OfflineEventAttendanceMode',
} as const

function locationOf({ place, online }: ActivityView, url: string) {
  const virtual = online ? [{ '@type': 'VirtualLocation', url }] : []
  if (!place) return virtual
  const point =
    place.exact && place.lat !== null
      ? { geo: { '@type': 'GeoCoordinates', latitude: place.lat, longitude: place.lon } }
      : {}
  const real = {
    '@type': 'Place',
    name: place.name ?? place.town ?? place.country,
    address: { '@type': 'PostalAddress', addressLocality: place.town, addressCountry: place.country },
    ...point,
  }
  return [real, ...virtual]
}

/** Says an activity in the words of schema.org, for search engines; `week` stands in when it has no day. */
export function asSchemaOrg(view: ActivityView, about: { url: string; hostName: string; week: Span }) {
  return {
    '@context': 'https://schema.org',
    '@type': 'Event',
    '@id': about.url,
    url: about.url,
    name: view.title,
    description: view.summary === '' ? view.title : view.summary,
    startDate: dateOf(view.start) ?? about.week.from,
    endDate: dateOf(view.end) ?? (view.start === null ? about.week.to : dateOf(view.start)),
    eventStatus: `https://schema.org/${view.status === 'cancelled' ? 'EventCancelled' : 'EventScheduled'}`,
    eventAttendanceMode: `https://schema.org/${modes[view.mode]}`,
    location: locationOf(view, about.url),
    inLanguage: view.languages,
    ...(about.hostName !== '' && { organizer: { '@type': 'Person', name: about.hostName } }),
    ...(view.occurrences.length > 1 && {
      subEvent: view.occurrences.map((date) => ({
        '@type': 'Event',
        name: view.title,
        startDate: dateOf(date.start),
        endDate: dateOf(date.end) ?? dateOf(date.start),
        eventStatus: `https://schema.org/${date.status === 'cancelled' ? 'EventCancelled' : 'EventScheduled'}`,
        location: locationOf(view, about.url),
      })),
    }),
  }
}
