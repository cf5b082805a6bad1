import type { Rate } from '#platform/server/rates.ts'

/** A hall full of people who write shares one connection: so many letters in an hour. */
const lettersHere = 120

/** Answers how often something may be done over one connection, `each` times for every letter of a hall full of people who write. */
export const rateHere = (name: string, of: string, each = 1): Rate => ({
  name,
  of,
  most: each * lettersHere,
  minutes: 60,
  says: 'letters.too-often-here',
})
