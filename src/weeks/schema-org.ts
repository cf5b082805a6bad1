import type { Week } from '#weeks/week.ts'

/** Says a week in the words of schema.org, for search engines: the same seven days everywhere on Earth. */
export const asSchemaOrg = (week: Week, about: { url: string; organiser: string; everywhere: string }) => ({
  '@context': 'https://schema.org',
  '@type': 'EventSeries',
  '@id': about.url,
  url: about.url,
  name: week.name,
  description: week.theme ?? week.name,
  startDate: week.monday,
  endDate: week.sunday,
  eventStatus: 'https://schema.org/EventScheduled',
  eventAttendanceMode: 'https://schema.org/MixedEventAttendanceMode',
  location: [
    { '@type': 'Place', name: about.everywhere },
    { '@type': 'VirtualLocation', url: about.url },
  ],
  ...(week.hashtag !== null && { keywords: `#${week.hashtag}` }),
  ...(about.organiser !== '' && { organizer: { '@type': 'Organization', name: about.organiser } }),
})
