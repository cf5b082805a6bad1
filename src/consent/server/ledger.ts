import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { appendToFile, onlyLedger } from '#consent/server/ledger-file.ts'
import type { Written } from '#consent/server/log.ts'
import { toLedger } from '#consent/ledgered.ts'
import type { Db, Trx } from '#platform/server/db.ts'

export type Position = {
  ledger: string | null
  n: number
  hash: string
  closed: boolean
  why: '' | 'restored' | 'missing' | 'broken' | 'behind'
}

/** Answers how far the ledger has been taken into this database. */
export async function ledgerPosition(db: Db): Promise<Position> {
  const row = await db
    .selectFrom('ledgerPosition')
    .select(['ledger', 'n', 'hash', 'closed', 'why'])
    .executeTakeFirstOrThrow()
  return row
}

/** Whether what was restored may be seen, for the one visible-condition of each room: not before the ledger is whole or an organiser has said how to go on. Of no row, so that a question asks it once and its plan stays. */
export const ledgerOpen = sql<boolean>`not (select closed from ledger_position)`

/** Keeps outside the database what narrows, on the disk before the transaction ends; the caller holds the lock of the log. A ledger that is not where it ended closes everything, and is written on: hiding never fails. How far it was taken in stays as it was while it cannot be trusted, so that what is lost of it is missed. */
export async function keepInLedger(trx: Trx, written: readonly Written[]): Promise<void> {
  const entries = toLedger(written)
  if (entries.length === 0) return
  const position = await ledgerPosition(trx)
  // What is not trusted yet is written on, not begun beside.
  const ledger = position.ledger ?? (position.closed ? onlyLedger() : null) ?? randomUUID()
  const { end, found } = await appendToFile(ledger, entries, position)
  const why = position.closed ? position.why : wrongWith(position, found)
  await trx
    .updateTable('ledgerPosition')
    .set(
      why === '' ? { ledger, n: end.n, hash: end.hash, closed: false, why } : { ledger, closed: true, why },
    )
    .execute()
}

/** What is in the file beyond the position was written by transactions that did not end; it hides more, never less. */
function wrongWith(position: Position, found: { n: number; hash: string } | null): Position['why'] {
  if (position.n === 0) return ''
  if (found === null) return 'missing'
  if (found.n < position.n) return 'behind'
  return found.n === position.n && found.hash !== position.hash ? 'broken' : ''
}
