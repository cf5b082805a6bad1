import { openSurface } from '#consent/server/writes/taking-down.ts'
import type { Trx } from '#platform/server/db.ts'

/** Takes a story off the wall again that its teller had taken off, and a restore brought back; it is a draft, as it was, and nobody is mailed. What is not on the wall stays as it is. Runs twice. */
export async function takeOffAgain(trx: Trx, id: string, now: Date): Promise<void> {
  const row = await trx
    .updateTable('stories')
    .set((on) => ({ state: 'draft', updated: now, revision: on('revision', '+', 1) }))
    .where('id', '=', id)
    .where('state', '=', 'published')
    .where('setAside', 'is', null)
    .returning('id')
    .executeTakeFirst()
  if (!row) return
  await trx
    .insertInto('storyChanges')
    .values({ story: id, at: now, byTeller: true, fromState: 'published', toState: 'draft' })
    .execute()
  await openSurface(trx, id, false)
}
