import type { Text } from '#kernel/messages.ts'
import type { Nation } from '#kernel/permission-words.ts'
import { sayCountry } from '#kernel/times.ts'

/** Says whose law counts: the nation, or the country. */
export const sayPlace = (
  organisation: { nation: Nation | null; country: string },
  language: string,
  text: Text,
): string =>
  organisation.nation === null
    ? sayCountry(organisation.country, language)
    : text(`organisations.place.${organisation.nation}`)
