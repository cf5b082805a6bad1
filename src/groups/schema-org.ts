import type { Group } from '#groups/group.ts'

/** Says a group in the words of schema.org, for search engines. */
export const asSchemaOrg = (group: Group, about: { url: string; where: string; meets: string }) => ({
  '@context': 'https://schema.org',
  '@type': 'Organization',
  '@id': about.url,
  url: about.url,
  name: group.name,
  ...(about.meets !== '' && { description: about.meets }),
  location: {
    '@type': 'Place',
    name: about.where,
    address: {
      '@type': 'PostalAddress',
      ...(group.town !== '' && { addressLocality: group.town }),
      ...(group.region !== '' && { addressRegion: group.region }),
      addressCountry: group.country,
    },
  },
})
