import type * as v from 'valibot'
import { Refusal } from '#kernel/refusal.ts'
import { verbValues, type newVerb } from '#weeks/lists.ts'
import { kindsOf, verbsOf } from '#weeks/server/reads.ts'
import { adding, changing, type EntryList } from '#weeks/server/writes/entries.ts'
import { withWords } from '#weeks/server/writes/lists.ts'
import type { Verb } from '#weeks/week.ts'

type Input = Omit<v.InferOutput<typeof newVerb>, 'newCode'> & { language: string }

const verbs: EntryList<Verb, Input> = {
  list: 'verbs',
  read: verbsOf,
  values: verbValues,
  said: ({ name, kind }) => ({ name, kind }),
  columns: (input, before) => ({
    kind: input.kind,
    names: withWords(before?.names, input.language, input.name),
    tenMinutes: withWords(before?.tenMinutes, input.language, input.tenMinutes),
    onHome: input.onHome,
  }),
  refuse: async (trx, { week, kind }) => {
    if (!(await kindsOf(trx, week)).some((one) => one.code === kind))
      throw new Refusal('invalid', 'input.choose', {}, 'kind')
  },
}

/** Adds a verb to the call of a week, last of all. */
export const addVerb = adding(verbs)

/** Changes a verb's words in one language, the kind it leads to, and whether it stands on the home page. */
export const changeVerb = changing(verbs)
