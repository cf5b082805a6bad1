import type * as v from 'valibot'
import { missing } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { writeDown } from '#platform/server/audit.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { onceOnly } from '#platform/server/form-keys.ts'
import { kindValues, type changedKind, type newKind } from '#weeks/lists.ts'
import { kindsOf } from '#weeks/server/reads.ts'
import {
  differenceOf,
  openLists,
  placeOfNew,
  refuseStale,
  subjectOf,
  withWords,
} from '#weeks/server/writes/lists.ts'
import type { HowTo, Kind } from '#weeks/week.ts'

type Added = v.InferOutput<typeof newKind> & { language: string }
type Changed = v.InferOutput<typeof changedKind> & { language: string }

/** Adds a kind of activity to a week, at the end of those that are offered, and answers its code. The same form pressed twice adds one. */
export const addKind = (db: Db, viewer: Viewer, input: Added, _now: Date): Promise<string> =>
  inTransaction(db, (trx) =>
    onceOnly(trx, 'weeks.kind', input.formKey, async () => {
      const { week } = input
      await openLists(trx, viewer, week)
      const place = await placeOfNew(trx, 'kinds', input)
      await trx
        .insertInto('kinds')
        .values({ week, ...place, ...columnsOf(input, null) })
        .execute()
      await writeDown(trx, viewer, {
        action: 'kinds.added',
        subject: subjectOf('kinds', week, place.code),
        difference: differenceOf({}, { name: input.name, hint: input.hint }),
      })
      return place.code
    }),
  )

/** Changes what is said of a kind in one language, its drawing and its length; never its code. Refuses a form that is older than what stands there. Answers its code. */
export const changeKind = (db: Db, viewer: Viewer, input: Changed, _now: Date): Promise<string> =>
  inTransaction(db, async (trx) => {
    const { week, code, language } = input
    await openLists(trx, viewer, week)
    const before = await kindOf(trx, week, code)
    refuseStale(before, input.revision)
    await trx
      .updateTable('kinds')
      .set({ ...columnsOf(input, before), revision: before.revision + 1 })
      .where('week', '=', week)
      .where('code', '=', code)
      .execute()
    const after = await kindOf(trx, week, code)
    await writeDown(trx, viewer, {
      action: 'kinds.changed',
      subject: subjectOf('kinds', week, code),
      difference: differenceOf(kindValues(before, language), kindValues(after, language)),
    })
    return code
  })

async function kindOf(trx: Trx, week: number, code: string): Promise<Kind> {
  const kind = (await kindsOf(trx, week)).find((one) => one.code === code)
  if (!kind) throw missing()
  return kind
}

function columnsOf(input: Added | Changed, before: Kind | null) {
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
}

/** A title that nobody wrote is the name. */
const titlesOf = ({ withTown, plain, name }: Added | Changed) => ({
  withTown: withTown || `${name}, {town}`,
  plain: plain || name,
})
