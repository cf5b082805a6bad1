import type * as v from 'valibot'
import { kindValues, type newKind } from '#weeks/lists.ts'
import { kindsOf } from '#weeks/server/reads.ts'
import { adding, changing, type EntryList } from '#weeks/server/writes/entries.ts'
import { withWords } from '#weeks/server/writes/lists.ts'
import type { HowTo, Kind } from '#weeks/week.ts'

type Input = Omit<v.InferOutput<typeof newKind>, 'newCode'> & { language: string }

const kinds: EntryList<Kind, Input> = {
  list: 'kinds',
  read: kindsOf,
  values: kindValues,
  said: ({ name, hint }) => ({ name, hint }),
  columns: (input, before) => {
    const { language } = input
    const how: HowTo = {
      before: input.before,
      day: input.day,
      after: input.after,
      ...(input.strangers.length > 0 && { strangers: input.strangers }),
    }
    return {
      names: withWords(before?.names, language, input.name),
      hints: withWords(before?.hints, language, input.hint),
      tenMinutes: withWords(before?.tenMinutes, language, input.tenMinutes),
      titles: withWords(before?.titles, language, titlesOf(input)),
      how: withWords(before?.how, language, how),
      drawing: input.drawing,
      defaultMinutes: input.minutes,
    }
  },
}

/** A title that nobody wrote is the name. */
const titlesOf = ({ withTown, plain, name }: Input) => ({
  withTown: withTown || `${name}, {town}`,
  plain: plain || name,
})

/** Adds a kind of activity to a week, at the end of those that are offered. */
export const addKind = adding(kinds)

/** Changes what is said of a kind in one language, its drawing and its length. */
export const changeKind = changing(kinds)
