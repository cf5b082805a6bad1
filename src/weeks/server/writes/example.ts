import { sql } from 'kysely'
import pg from 'pg'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'

/** What an invented week said of itself. */
const invented = sql`jsonb_build_object('state', state, 'theme', theme, 'dayThemes', to_jsonb(day_themes),
  'hashtag', hashtag, 'announcement', announcement)`
const nothingInvented = { theme: null, dayThemes: [], hashtag: null, announcement: null }

/** Hides the example weeks and keeps what they said. One in which real people have put something becomes the organisers' own: a draft with nothing invented in it. Idempotent. */
export async function setExampleWeeksAside(trx: Trx, own: readonly number[]): Promise<void> {
  await trx
    .updateTable('weeks')
    .set({ setAside: invented, state: 'draft' })
    .where('example', '=', true)
    .where('setAside', 'is', null)
    .execute()
  if (own.length === 0) return
  await trx
    .updateTable('weeks')
    .set({ example: false, ...nothingInvented })
    .where('setAside', 'is not', null)
    .where('year', 'in', own)
    .execute()
}

/** Makes the example weeks again what they were; answers whether there was one. One that the organisers have made their own since stays theirs. Idempotent. */
export async function bringExampleWeeksBack(trx: Trx): Promise<boolean> {
  const { rows } =
    await sql`update weeks set example = true, state = set_aside ->> 'state', theme = set_aside ->> 'theme',
      day_themes = array(select jsonb_array_elements_text(set_aside -> 'dayThemes')), hashtag = set_aside ->> 'hashtag',
      announcement = set_aside ->> 'announcement', set_aside = null
    where set_aside is not null returning year`.execute(trx)
  return rows.length > 0
}

/** Removes the example weeks with their lists for good; what other rooms keep in them must be gone before. A week that real people use after all becomes the organisers' own draft. Idempotent. */
export async function removeExampleWeeks(db: Db): Promise<void> {
  await inTransaction(db, async (trx) => {
    await trx.updateTable('weeks').set({ setAside: null }).where('example', '=', false).execute()
    await sql`savepoint example_weeks`.execute(trx)
    try {
      await trx.deleteFrom('weeks').where('example', '=', true).execute()
    } catch (error) {
      if (!(error instanceof pg.DatabaseError) || error.code !== stillUsed) throw error
      await sql`rollback to savepoint example_weeks`.execute(trx)
      await trx
        .updateTable('weeks')
        .set({ example: false, setAside: null, state: 'draft', ...nothingInvented })
        .where('example', '=', true)
        .execute()
    }
  })
}

/** PostgreSQL's code for a row that another one still refers to. */
const stillUsed = '23503'
