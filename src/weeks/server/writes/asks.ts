import type * as v from 'valibot'
import { askValues, type newAsk } from '#weeks/lists.ts'
import { asksOf } from '#weeks/server/reads.ts'
import { adding, changing, type EntryList } from '#weeks/server/writes/entries.ts'
import { withWords } from '#weeks/server/writes/lists.ts'
import type { Ask } from '#weeks/week.ts'

type Input = Omit<v.InferOutput<typeof newAsk>, 'newCode'> & { language: string }

const asks: EntryList<Ask, Input> = {
  list: 'asks',
  read: asksOf,
  values: askValues,
  said: ({ name, words }) => ({ name, words }),
  columns: (input, before) => ({
    names: withWords(before?.names, input.language, input.name),
    words: withWords(before?.words, input.language, input.words),
    easy: withWords(before?.easy, input.language, input.easy),
    answer: input.answer,
    prompts: withWords(before?.prompts, input.language, {
      starters: input.starters,
      questions: input.questions,
    }),
    sharedWords: withWords(before?.template, input.language, input.template),
  }),
}

/** Adds what letters of a week can ask for, last of all. */
export const addAsk = adding(asks)

/** Changes an ask in one language, and how it is answered. */
export const changeAsk = changing(asks)
