import { missing } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { writeDown } from '#platform/server/audit.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { onceOnly } from '#platform/server/form-keys.ts'
import type { ListName } from '#weeks/lists.ts'
import { differenceOf, openLists, placeOfNew, refuseStale, subjectOf } from '#weeks/server/writes/lists.ts'

type Entry = { code: string; revision: number }
type Form = { week: number; name: string; language: string }
type Added = { formKey: string; newCode: string | null }
type Changed = { code: string; revision: number }

/** What one list of a week has of its own: where its entries are read, which columns a form becomes, and how both are said. */
export type EntryList<Row extends Entry, Input extends Form> = {
  list: ListName
  read: (db: Db, week: number) => Promise<readonly Row[]>
  /** Words of other languages stay as they were before. */
  columns: (input: Input, before: Row | null) => object
  /** An entry as its form shows it. */
  values: (row: Row, language: string) => Record<string, string>
  /** What the log says of one that is new. */
  said: (input: Input) => Record<string, string>
  refuse?: (trx: Trx, input: Input) => Promise<void>
}

/** Makes the use case that adds an entry to a list, last of those offered, and answers its code. The same form pressed twice adds one. */
export const adding =
  <Row extends Entry, Input extends Form>(of: EntryList<Row, Input>) =>
  (db: Db, viewer: Viewer, input: Input & Added, _now: Date): Promise<string> =>
    inTransaction(db, (trx) =>
      onceOnly(trx, `weeks.${of.list}`, input.formKey, async () => {
        const { list } = of
        const { week } = input
        await openLists(trx, viewer, week)
        await of.refuse?.(trx, input)
        const place = await placeOfNew(trx, list, input)
        const row = { week, ...place, ...of.columns(input, null) }
        // Every list is written alike; which columns it has, its own file says.
        await trx
          .insertInto(list as 'audiences')
          .values(row as { week: number; code: string; position: number; names: string; cluster: string })
          .execute()
        await writeDown(trx, viewer, {
          action: `${list}.added`,
          subject: subjectOf(list, week, place.code),
          difference: differenceOf({}, of.said(input)),
        })
        return place.code
      }),
    )

/** Makes the use case that changes what is said of an entry in one language, and its columns; never its code. Refuses a form that is older than what stands there. Answers its code. */
export const changing =
  <Row extends Entry, Input extends Form>(of: EntryList<Row, Input>) =>
  (db: Db, viewer: Viewer, input: Input & Changed, _now: Date): Promise<string> =>
    inTransaction(db, async (trx) => {
      const { list, values } = of
      const { week, code, language } = input
      await openLists(trx, viewer, week)
      await of.refuse?.(trx, input)
      const before = await entryIn(trx, of, { week, code })
      refuseStale(before, input.revision)
      await trx
        .updateTable(list as 'audiences')
        .set({ ...of.columns(input, before), revision: before.revision + 1 })
        .where('week', '=', week)
        .where('code', '=', code)
        .execute()
      const after = await entryIn(trx, of, { week, code })
      await writeDown(trx, viewer, {
        action: `${list}.changed`,
        subject: subjectOf(list, week, code),
        difference: differenceOf(values(before, language), values(after, language)),
      })
      return code
    })

async function entryIn<Row extends Entry>(
  trx: Trx,
  { read }: Pick<EntryList<Row, never>, 'read'>,
  { week, code }: { week: number; code: string },
): Promise<Row> {
  const entry = (await read(trx, week)).find((one) => one.code === code)
  if (!entry) throw missing()
  return entry
}
