import { madeBy, type Before } from '#letters/correction.ts'
import { mayCorrectDirectory } from '#letters/may.ts'
import { missing, Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { writeDown } from '#platform/server/audit.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'

/** Takes an accepted correction back: what it wrote is used no more, what it replaced or ended is as it was. Refuses when something was said of what it wrote since. Letters that went on keep the address they went to. */
export const undoCorrection = (
  db: Db,
  viewer: Viewer,
  { id }: { id: string },
  _now: Date,
): Promise<{ undone: true }> =>
  inTransaction(db, async (trx) => {
    if (!mayCorrectDirectory(viewer)) throw new Refusal('forbidden', 'refusal.forbidden')
    const row = await trx
      .selectFrom('directoryCorrections')
      .select(['state', 'outcome', 'contact', 'before'])
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst()
    if (!row) throw missing()
    if (row.state !== 'accepted') throw new Refusal('conflict', 'directory.undo-not')
    const before = (row.before ?? {}) as Before
    if (row.outcome === 'left') await holdAgain(trx, before)
    else if (row.outcome !== 'noted') await putBack(trx, id, { contact: row.contact, before })
    await trx.updateTable('directoryCorrections').set({ state: 'undone' }).where('id', '=', id).execute()
    await writeDown(trx, viewer, { action: 'directory.undone', subject: `directory-corrections:${id}` })
    return { undone: true }
  })

async function putBack(
  trx: Trx,
  id: string,
  { contact, before }: { contact: string | null; before: Before },
): Promise<void> {
  const taken = await trx
    .updateTable('directoryContacts')
    .set({ state: 'withdrawn' })
    .where('key', '=', madeBy(id))
    .where('state', '=', 'working')
    .returning('id')
    .executeTakeFirst()
  if (!taken) throw new Refusal('conflict', 'directory.undo-later')
  if (contact === null || before.contact === undefined) return
  await trx
    .updateTable('directoryContacts')
    .set({ state: before.contact })
    .where('id', '=', contact)
    .where('state', '=', 'replaced')
    .execute()
}

async function holdAgain(trx: Trx, { last, ended = {} }: Before): Promise<void> {
  for (const [membership, endDate] of Object.entries(ended)) {
    await trx
      .updateTable('directoryMemberships')
      .set({ endDate })
      .where('id', '=', membership)
      .where('endDate', '=', last ?? '')
      .execute()
  }
}
