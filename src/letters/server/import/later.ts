import { slugOf } from '#kernel/words.ts'
import type { Db } from '#platform/server/db.ts'

export type Later = { id: string; source: string; retrieved: string }

/** Answers what has to be taken back before an import: the last one of the same source that was brought in after it and changed something, since its rows hold on to those before; null when there is none. */
export async function laterImport(db: Db, { id }: { id: string }): Promise<Later | null> {
  const own = await db
    .selectFrom('directoryImports')
    .select(['source', 'done'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (!own || own.done === null) return null
  const { source, done } = own
  const rows = await db
    .selectFrom('directoryImports as i')
    .select(['i.id', 'i.source', 'i.retrieved'])
    .where('i.state', 'in', ['doing', 'done', 'undoing'])
    .where('i.id', '<>', id)
    .where((on) => on.or([on('i.done', '>', done), on('i.done', 'is', null)]))
    .where((on) =>
      on.exists(on.selectFrom('directoryChanges as c').select('c.key').whereRef('c.import', '=', 'i.id')),
    )
    .orderBy('i.done', (order) => order.desc().nullsFirst())
    .limit(500)
    .execute()
  return rows.find((one) => schemeOf(one.source) === schemeOf(source)) ?? null
}

/** Answers what stands before the keys of a source, so that sources do not change one another's rows. */
export const schemeOf = (source: string): string => slugOf(source) || source
