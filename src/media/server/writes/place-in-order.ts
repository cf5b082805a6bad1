import { sql } from 'kysely'
import type { Trx } from '#platform/server/db.ts'

/** Makes room for a picture of an upload where it belongs, and answers its place: before those that were begun to be sent later, whichever came whole first; else behind all. The surface is locked by the caller. */
export async function placeInOrder(trx: Trx, surface: string, upload: string): Promise<number> {
  const { rows } = await sql<{ before: number | null; last: number | null }>`
    select min(v.position) filter (where later.created > mine.created) as before, max(v.position) as last
    from versions v
    join uploads later on later.id = v.upload
    join uploads mine on mine.id = ${upload}::uuid
    where v.surface = ${surface}::uuid`.execute(trx)
  const { before = null, last = null } = rows[0] ?? {}
  if (before === null) return (last ?? -1) + 1
  await trx
    .updateTable('versions')
    .set({ position: sql`position + 1` })
    .where('surface', '=', surface)
    .where('position', '>=', before)
    .execute()
  return before
}
