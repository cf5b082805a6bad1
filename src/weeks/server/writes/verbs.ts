import type * as v from 'valibot'
import { missing, Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { writeDown } from '#platform/server/audit.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { onceOnly } from '#platform/server/form-keys.ts'
import { verbValues, type changedVerb, type newVerb } from '#weeks/lists.ts'
import { kindsOf, verbsOf } from '#weeks/server/reads.ts'
import {
  differenceOf,
  openLists,
  placeOfNew,
  refuseStale,
  subjectOf,
  withWords,
} from '#weeks/server/writes/lists.ts'
import type { Verb } from '#weeks/week.ts'

type Added = v.InferOutput<typeof newVerb> & { language: string }
type Changed = v.InferOutput<typeof changedVerb> & { language: string }

/** Adds a verb to the call of a week, last of all, and answers its code. The same form pressed twice adds one. */
export const addVerb = (db: Db, viewer: Viewer, input: Added, _now: Date): Promise<string> =>
  inTransaction(db, (trx) =>
    onceOnly(trx, 'weeks.verb', input.formKey, async () => {
      const { week } = input
      await openLists(trx, viewer, week)
      await refuseKind(trx, input)
      const place = await placeOfNew(trx, 'verbs', input)
      await trx
        .insertInto('verbs')
        .values({ week, ...place, ...columnsOf(input, null) })
        .execute()
      await writeDown(trx, viewer, {
        action: 'verbs.added',
        subject: subjectOf('verbs', week, place.code),
        difference: differenceOf({}, { name: input.name, kind: input.kind }),
      })
      return place.code
    }),
  )

/** Changes a verb's words in one language, the kind it leads to, and whether it stands on the home page; never its code. Refuses a form that is older than what stands there. Answers its code. */
export const changeVerb = (db: Db, viewer: Viewer, input: Changed, _now: Date): Promise<string> =>
  inTransaction(db, async (trx) => {
    const { week, code, language } = input
    await openLists(trx, viewer, week)
    await refuseKind(trx, input)
    const before = await verbOf(trx, week, code)
    refuseStale(before, input.revision)
    await trx
      .updateTable('verbs')
      .set({ ...columnsOf(input, before), revision: before.revision + 1 })
      .where('week', '=', week)
      .where('code', '=', code)
      .execute()
    await writeDown(trx, viewer, {
      action: 'verbs.changed',
      subject: subjectOf('verbs', week, code),
      difference: differenceOf(
        verbValues(before, language),
        verbValues(await verbOf(trx, week, code), language),
      ),
    })
    return code
  })

async function refuseKind(trx: Trx, input: { week: number; kind: string }): Promise<void> {
  const kinds = await kindsOf(trx, input.week)
  if (!kinds.some((kind) => kind.code === input.kind))
    throw new Refusal('invalid', 'input.choose', {}, 'kind')
}

const columnsOf = (input: Added | Changed, before: Verb | null) => ({
  kind: input.kind,
  names: withWords(before?.names, input.language, input.name),
  tenMinutes: withWords(before?.tenMinutes, input.language, input.tenMinutes),
  onHome: input.onHome,
})

async function verbOf(trx: Trx, week: number, code: string): Promise<Verb> {
  const verb = (await verbsOf(trx, week)).find((one) => one.code === code)
  if (!verb) throw missing()
  return verb
}
