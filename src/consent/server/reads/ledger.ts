import { sql } from 'kysely'
import type { Id } from '#consent/events.ts'
import { mayOpenAfterReview } from '#consent/may.ts'
import { ledgerPosition, type Position } from '#consent/server/ledger.ts'
import { ledgersThere, readLedger } from '#consent/server/ledger-file.ts'
import { missing } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'

/** A ledger that lies in the data folder. */
export type LedgerThere = { name: string; entries: number; newest: Date | null; broken: boolean }
export type LedgerLook = {
  why: Position['why']
  closed: boolean
  /** How many entries this database has taken in. */
  taken: number
  there: LedgerThere[]
  /** What was live, newest first, at most 100; and how many there are. */
  surfaces: Id[]
  live: number
}

/** Answers whether no activity and no story is shown, because the ledger was missing, broken or behind. */
export const permissionClosed = async (db: Db): Promise<boolean> => {
  // Asked for every page: written out it need not be put together each time.
  const { rows } = await sql<{ closed: boolean }>`select closed from ledger_position`.execute(db)
  return rows[0]?.closed ?? true
}

/** Answers why everything is closed, which ledgers lie in the data folder, and what would be shown again; for organisers. */
export async function lookAtLedger(db: Db, viewer: Viewer): Promise<LedgerLook> {
  if (!mayOpenAfterReview(viewer)) throw missing()
  const { why, closed, n } = await ledgerPosition(db)
  const there = await Promise.all(ledgersThere().slice(0, 20).map(look))
  const rows = await db
    .selectFrom('placements')
    .select((on) => ['surface', on.fn.max('changed').as('changed')])
    .where('state', '=', 'live')
    .groupBy('surface')
    .orderBy('changed', 'desc')
    .execute()
  const surfaces = rows.map(({ surface }) => surface)
  return { why, closed, taken: n, there, surfaces: surfaces.slice(0, 100), live: surfaces.length }
}

async function look(name: string): Promise<LedgerThere> {
  const kept = await readLedger(name)
  if (kept === null || kept === 'broken') return { name, entries: 0, newest: null, broken: kept === 'broken' }
  const last = kept.at(-1)
  return { name, entries: last?.n ?? 0, newest: last ? new Date(last.entry.at) : null, broken: false }
}
