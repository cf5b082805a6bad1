import { bringInStep, previewStep, takeBackStep } from '#letters/server/import/steps.ts'
import { addressWaiting } from '#letters/server/writes/address-waiting.ts'
import { day } from '#kernel/limits.ts'
import { inTransaction } from '#platform/server/db.ts'
import { idIn, type Task } from '#platform/server/queue.ts'

/** Reads a file that was given and keeps its preview. */
export const readDirectory: Task = (db, payload) => previewStep(db, idIn(payload, 'import'))

/** Brings in what was pressed; letters that waited for an address go on. */
export const bringDirectoryIn: Task = async (db, payload, now) => {
  await bringInStep(db, idIn(payload, 'import'), now)
  await inTransaction(db, (trx) => addressWaiting(trx, now))
}

/** Takes an import back. */
export const takeDirectoryBack: Task = async (db, payload, now) => {
  await takeBackStep(db, idIn(payload, 'import'), now)
}

/** Forgets files that were looked at and never brought in, after 30 days. */
export const forgetDirectoryFiles: Task = async (db, _payload, now) => {
  await db
    .deleteFrom('directoryImports')
    .where('created', '<', new Date(now.getTime() - 30 * day))
    .where('state', 'in', ['reading', 'failed', 'previewed'])
    .execute()
}
