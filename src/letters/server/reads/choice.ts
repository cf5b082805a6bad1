import { leftAloneAmong } from '#letters/server/reads/do-not-write.ts'
import { officesBy, type Office } from '#letters/server/reads/offices.ts'
import type { Db } from '#platform/server/db.ts'
import { hashToken } from '#platform/server/tokens.ts'

export type Chosen = {
  /** In the order in which their letters follow. */
  offices: Office[]
  /** Those that asked not to be written to: they stand in `leftAlone` and not in `offices`. */
  leftAlone: Office[]
  /** How many are not in the directory any more. */
  gone: number
}

/** Answers the offices of a choice, without those that asked not to be written to, which are named beside them; null when there is no such choice, or it is forgotten. */
export async function chosenBy(db: Db, word: string | null, now: Date): Promise<Chosen | null> {
  if (word === null) return null
  const row = await db
    .selectFrom('officeChoices')
    .select('offices')
    .where('token', '=', hashToken(word))
    .where('until', '>', now)
    .executeTakeFirst()
  if (!row) return null
  const all = await officesBy(db, row.offices, now)
  const alone = await leftAloneAmong(db, all)
  return {
    offices: all.filter((one) => !alone.has(one)),
    leftAlone: all.filter((one) => alone.has(one)),
    gone: row.offices.length - all.length,
  }
}
