import { restoreBackup, type Restored, type RestoreWish } from '#platform/server/backup/restore.ts'
import { connect, inTransaction, type Db } from '#platform/server/db.ts'
import { askAnew, closeUntilReplayed, replayLedger } from '#consent/server/replay.ts'
import { followLedger } from '#desk/server/following.ts'

export type Replay = (db: Db, now: Date) => Promise<{ replayed: number; closed: boolean }>
/** How far what was withdrawn since is in force again; closed means that no activity and no story is shown. */
export type Replayed = { replayed: number; closed: boolean; failed: string | null }

const replayAll: Replay = (db, now) => replayLedger(db, now, followLedger)
const close = (db: Db): Promise<void> => inTransaction(db, closeUntilReplayed)

/** Restores a backup with everything closed, and opens it once the ledger has been replayed. */
export async function bringBack(
  wish: Omit<RestoreWish, 'before'>,
  replay: Replay = replayAll,
): Promise<Restored & Replayed> {
  const restored = await restoreBackup({ ...wish, before: close })
  wish.say('Replaying what was withdrawn…')
  return { ...restored, ...(await replayInto(wish.url, wish.now, replay)) }
}

/** Replays the ledger; what goes wrong leaves everything closed. */
export async function replayInto(url: string, now: Date, replay: Replay = replayAll): Promise<Replayed> {
  const db = connect(url, 2)
  try {
    await askAnew(db)
    return { ...(await replay(db, now)), failed: null }
  } catch (error) {
    await close(db)
    return { replayed: 0, closed: true, failed: error instanceof Error ? error.message : String(error) }
  } finally {
    await db.destroy()
  }
}
