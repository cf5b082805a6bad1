import { sql } from 'kysely'
import type { Id } from '#consent/events.ts'
import { mayOpenAfterReview } from '#consent/may.ts'
import { ledgerPosition, type Position } from '#consent/server/ledger.ts'
import { readCopy } from '#consent/server/ledger-copy.ts'
import { ledgersThere, onlyLedger, readLedger } from '#consent/server/ledger-file.ts'
import { joinLedgers } from '#consent/server/ledger-join.ts'
import { missing } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'
import type { Store } from '#platform/server/storage.ts'

/** A ledger that lies in the data folder. */
export type LedgerThere = { name: string; entries: number; newest: Date | null; brokenAt: number | null }
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
  const read = await readLedger(name)
  const last = read?.sound.at(-1)
  return {
    name,
    entries: read?.sound.length ?? 0,
    newest: last ? new Date(last.entry.at) : null,
    brokenAt: read?.brokenAt ?? null,
  }
}

/** What the copy in the store is good for. */
export type CopyLook = {
  /** "helps": with it the ledger is whole again, at one press. */
  is: 'none' | 'damaged' | 'helps' | 'not-enough'
  entries: number
  newest: Date | null
  /** How many lines can be read neither in the file nor in the copy, and how many of those the database has not had. */
  lost: number
  unknown: number
}

/** Answers what the copy in the store is good for while everything is closed, without changing anything; for organisers. */
export async function lookAtCopy(db: Db, viewer: Viewer, store: Store): Promise<CopyLook> {
  if (!mayOpenAfterReview(viewer)) throw missing()
  const position = await ledgerPosition(db)
  const ledger = position.ledger ?? onlyLedger()
  const [copy, file] =
    ledger === null ? [null, null] : await Promise.all([readCopy(store, ledger), readLedger(ledger)])
  const { lost, unknown, whole } = joinLedgers(copy, file, position)
  const last = copy?.sound.at(-1)
  const is = (): CopyLook['is'] => {
    if (copy === null) return 'none'
    if (copy.brokenAt !== null) return 'damaged'
    return whole ? 'helps' : 'not-enough'
  }
  return {
    is: is(),
    entries: copy?.sound.length ?? 0,
    newest: last ? new Date(last.entry.at) : null,
    lost,
    unknown,
  }
}
