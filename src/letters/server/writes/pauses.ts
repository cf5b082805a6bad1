import type * as v from 'valibot'
import type { pauseInput } from '#letters/correction.ts'
import { mayKeepDirectory } from '#letters/may.ts'
import { bringForward, holdBack } from '#letters/server/writes/pause-turns.ts'
import { missing, Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { writeDown } from '#platform/server/audit.ts'
import { inTransaction, type Db } from '#platform/server/db.ts'

/** Writes down that nobody answers at a body for some days: letters to it wait, and those that wait already wait until after it. The same days again are kept once. */
export const addPause = (
  db: Db,
  viewer: Viewer,
  input: v.InferOutput<typeof pauseInput>,
  now: Date,
): Promise<{ done: 'added' }> =>
  inTransaction(db, async (trx) => {
    if (!mayKeepDirectory(viewer)) throw new Refusal('forbidden', 'refusal.forbidden')
    const { organisation, from: fromDay, to: toDay, reason } = input
    const body = await trx
      .selectFrom('directoryOrganisations')
      .select('id')
      .where('id', '=', organisation)
      .forUpdate()
      .executeTakeFirst()
    if (!body) throw new Refusal('invalid', 'input.choose', {}, 'organisation')
    const same = await trx
      .selectFrom('directoryPauses')
      .select('id')
      .where('organisation', '=', organisation)
      .where('fromDay', '=', fromDay)
      .where('toDay', '=', toDay)
      .executeTakeFirst()
    if (same) return { done: 'added' }
    await trx.insertInto('directoryPauses').values({ organisation, fromDay, toDay, reason }).execute()
    await holdBack(trx, organisation, now)
    await writeDown(trx, viewer, { action: 'directory.pause', subject: `directory:${organisation}` })
    return { done: 'added' }
  })

/** Takes a pause back: letters that wait for its end get the turn that they have without it. */
export const endPause = (
  db: Db,
  viewer: Viewer,
  { id }: { id: string },
  now: Date,
): Promise<{ done: 'ended' }> =>
  inTransaction(db, async (trx) => {
    if (!mayKeepDirectory(viewer)) throw new Refusal('forbidden', 'refusal.forbidden')
    const gone = await trx
      .deleteFrom('directoryPauses')
      .where('id', '=', id)
      .returning('organisation')
      .executeTakeFirst()
    if (!gone) throw missing()
    await bringForward(trx, gone.organisation, now)
    await writeDown(trx, viewer, {
      action: 'directory.pause-ended',
      subject: `directory:${gone.organisation}`,
    })
    return { done: 'ended' }
  })
