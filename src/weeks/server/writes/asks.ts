import type * as v from 'valibot'
import { missing } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { writeDown } from '#platform/server/audit.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { onceOnly } from '#platform/server/form-keys.ts'
import { askValues, type changedAsk, type newAsk } from '#weeks/lists.ts'
import { asksOf } from '#weeks/server/reads.ts'
import {
  differenceOf,
  openLists,
  placeOfNew,
  refuseStale,
  subjectOf,
  withWords,
} from '#weeks/server/writes/lists.ts'
import type { Ask } from '#weeks/week.ts'

type Added = v.InferOutput<typeof newAsk> & { language: string }
type Changed = v.InferOutput<typeof changedAsk> & { language: string }

/** Adds what letters of a week can ask for, last of all, and answers its code. The same form pressed twice adds one. */
export const addAsk = (db: Db, viewer: Viewer, input: Added, _now: Date): Promise<string> =>
  inTransaction(db, (trx) =>
    onceOnly(trx, 'weeks.ask', input.formKey, async () => {
      const { week, name, words } = input
      await openLists(trx, viewer, week)
      const place = await placeOfNew(trx, 'asks', input)
      await trx
        .insertInto('asks')
        .values({ week, ...place, ...columnsOf(input, null) })
        .execute()
      await writeDown(trx, viewer, {
        action: 'asks.added',
        subject: subjectOf('asks', week, place.code),
        difference: differenceOf({}, { name, words }),
      })
      return place.code
    }),
  )

/** Changes an ask in one language, and how it is answered; never its code. Refuses a form that is older than what stands there. Answers its code. */
export const changeAsk = (db: Db, viewer: Viewer, input: Changed, _now: Date): Promise<string> =>
  inTransaction(db, async (trx) => {
    const { week, code, language } = input
    await openLists(trx, viewer, week)
    const before = await askOf(trx, week, code)
    refuseStale(before, input.revision)
    await trx
      .updateTable('asks')
      .set({ ...columnsOf(input, before), revision: before.revision + 1 })
      .where('week', '=', week)
      .where('code', '=', code)
      .execute()
    await writeDown(trx, viewer, {
      action: 'asks.changed',
      subject: subjectOf('asks', week, code),
      difference: differenceOf(
        askValues(before, language),
        askValues(await askOf(trx, week, code), language),
      ),
    })
    return code
  })

async function askOf(trx: Trx, week: number, code: string): Promise<Ask> {
  const ask = (await asksOf(trx, week)).find((one) => one.code === code)
  if (!ask) throw missing()
  return ask
}

const columnsOf = (input: Added | Changed, before: Ask | null) => ({
  names: withWords(before?.names, input.language, input.name),
  words: withWords(before?.words, input.language, input.words),
  easy: withWords(before?.easy, input.language, input.easy),
  answer: input.answer,
  prompts: withWords(before?.prompts, input.language, {
    starters: input.starters,
    questions: input.questions,
  }),
  sharedWords: withWords(before?.template, input.language, input.template),
})
