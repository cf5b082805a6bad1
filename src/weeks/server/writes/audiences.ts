import type * as v from 'valibot'
import { audienceValues, type newAudience } from '#weeks/lists.ts'
import { audiencesOf } from '#weeks/server/reads.ts'
import { adding, changing, type EntryList } from '#weeks/server/writes/entries.ts'
import { withWords } from '#weeks/server/writes/lists.ts'
import type { Audience } from '#weeks/week.ts'

type Input = Omit<v.InferOutput<typeof newAudience>, 'newCode'> & { language: string }

const audiences: EntryList<Audience, Input> = {
  list: 'audiences',
  read: audiencesOf,
  values: audienceValues,
  said: ({ name, cluster }) => ({ name, cluster }),
  columns: ({ language, name, cluster }, before) => ({
    cluster,
    names: withWords(before?.names, language, name),
  }),
}

/** Adds somebody to reach to a week, last in their plain group. */
export const addAudience = adding(audiences)

/** Changes what somebody to reach is called in one language, and their plain group. */
export const changeAudience = changing(audiences)
