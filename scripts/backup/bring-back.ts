import { restoreBackup, type Restored, type RestoreWish } from '#platform/server/backup/restore.ts'
import { connect, inTransaction, type Db } from '#platform/server/db.ts'
import { closeUntilReplayed } from '#consent/server/replay.ts'
import { type Mended, replayAgain } from '#consent/server/writes/opening.ts'
import { followLedger } from '#desk/server/following.ts'
import { theSite } from '#kernel/viewer.ts'
import type { Store } from '#platform/server/storage.ts'

export type Replay = (db: Db, now: Date) => Promise<{ replayed: number; closed: boolean } & Partial<Mended>>
/** How far what was withdrawn since is in force again, and what was done for it; closed means that no activity and no story is shown. */
export type Replayed = Awaited<ReturnType<Replay>> & { failed: string | null }

/** What the button at the desk does: a file that is gone or damaged is made whole from its copy in the store. */
export const replayWith =
  (store: Store): Replay =>
  (db, now) =>
    replayAgain(store, followLedger)(db, theSite, {}, now)
const close = (db: Db): Promise<void> => inTransaction(db, closeUntilReplayed)

/** Restores a backup with everything closed, and opens it once the ledger has been replayed. */
export async function bringBack(
  wish: Omit<RestoreWish, 'before'>,
  replay: Replay = replayWith(wish.store),
): Promise<Restored & Replayed> {
  const restored = await restoreBackup({ ...wish, before: close })
  wish.say('Replaying what was withdrawn…')
  return { ...restored, ...(await replayInto(wish.url, wish.now, replay)) }
}

/** Replays the ledger; what goes wrong leaves everything closed. */
export async function replayInto(url: string, now: Date, replay: Replay): Promise<Replayed> {
  const db = connect(url, 2)
  try {
    return { ...(await replay(db, now)), failed: null }
  } catch (error) {
    await close(db)
    return { replayed: 0, closed: true, failed: error instanceof Error ? error.message : String(error) }
  } finally {
    await db.destroy()
  }
}
