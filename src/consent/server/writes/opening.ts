import { randomUUID } from 'node:crypto'
import { mayLookAgain, mayOpenAfterReview } from '#consent/may.ts'
import type { Id } from '#consent/events.ts'
import type { Entry } from '#consent/ledgered.ts'
import type { OpenInput } from '#consent/permission.ts'
import { ledgerPosition } from '#consent/server/ledger.ts'
import {
  beginLedger,
  chained,
  entriesHere,
  layAside,
  ledgersThere,
  onlyLedger,
  readLedger,
  replaceLedger,
} from '#consent/server/ledger-file.ts'
import { bringLedgers, copiedEntries, copyOnly, readCopy } from '#consent/server/ledger-copy.ts'
import { joinLedgers } from '#consent/server/ledger-join.ts'
import { happened } from '#consent/server/happened.ts'
import { lockConsent, type Draft } from '#consent/server/log.ts'
import { askAnew, replayLedger, type Follow, type Replay } from '#consent/server/replay.ts'
import { missing } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { writeDown } from '#platform/server/audit.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import type { Store } from '#platform/server/storage.ts'

/** Makes the use case that opens again what was closed because the ledger was missing, broken or behind: an organiser has looked, and answers for it by name. One by one: everything that was live waits for a second person; else it is shown as it stands here. A new ledger begins with all that any file or copy still says, which comes into force before anything opens. Idempotent. */
export const openAfterReview =
  (store: Store, follow: Follow) =>
  async (db: Db, viewer: Viewer, input: OpenInput, now: Date): Promise<void> => {
    if (!mayOpenAfterReview(viewer)) throw missing()
    // Read before the log is locked: hiding waits for no store.
    const copied = await copiedEntries(store)
    const begun = await inTransaction(db, (trx) => beginAnew(trx, { viewer, input, copied }, now))
    if (begun === null) return
    await replayLedger(db, now, follow)
    await copyOnly(store, begun)
  }

type Opening = { viewer: Viewer; input: OpenInput; copied: readonly Entry[] }

/** Answers the name of the new ledger; null when nothing is closed, or nothing has ever been said: then all is open. */
async function beginAnew(trx: Trx, { viewer, input, copied }: Opening, now: Date): Promise<Id | null> {
  await lockConsent(trx)
  if (!(await ledgerPosition(trx)).closed) return null
  const all = [...copied, ...(await entriesHere())]
  const entries = [...new Map(all.map((entry) => [entry.id, entry])).values()]
  const [ledger, before, said] = [randomUUID(), ledgersThere(), entries.length > 0]
  if (said) await beginLedger(ledger, chained(entries, { n: 0, hash: '' }))
  for (const one of before) await layAside(one)
  // It stays closed, and the replay that opens takes in every line.
  const from = said
    ? ({ ledger, why: 'restored' } as const)
    : ({ ledger: null, why: '', closed: false } as const)
  await trx
    .updateTable('ledgerPosition')
    .set({ ...from, n: 0, hash: '' })
    .execute()
  if (input.how === 'one-by-one') await stopAll(trx, now)
  await writeDown(trx, viewer, {
    action: 'consent.opened-after-review',
    subject: 'consent:ledger',
    details: { how: input.how, reason: input.reason },
  })
  return said ? ledger : null
}

/** Stops everything that was live, until somebody who did not post it has looked at it. */
async function stopAll(trx: Trx, now: Date): Promise<void> {
  const rows = await trx
    .selectFrom('placements')
    .select('surface')
    .distinct()
    .where('state', '=', 'live')
    .execute()
  const surfaces = rows.map(({ surface }) => surface)
  const drafts = surfaces.map((surface: Id): Draft => ({
    facts: { kind: 'stopped', stop: randomUUID(), surface, placement: null, why: 'hidden', own: false },
    by: 'site',
  }))
  await happened(trx, { surfaces, people: [], drafts }, now)
}

/** What was done to have a whole ledger: how many were brought from the store, and how many lines of a damaged file could be read beside how many there are with its copy; null: none was mended. */
export type Mended = { brought: number; mended: { readable: number; lines: number } | null }

/** Makes the use case by which organisers, or the command, look for the ledger again: what is gone from the data folder is brought from the store, a damaged file is put aside for its copy and all that can be read of both, what it says comes into force, and all is open again when it can be trusted. Idempotent. */
export const replayAgain =
  (store: Store, follow: Follow) =>
  async (db: Db, viewer: Viewer, _input: object, now: Date): Promise<Replay & Mended> => {
    if (!mayLookAgain(viewer)) throw missing()
    const brought = await bringLedgers(store)
    // Nobody may have noticed yet that it is damaged.
    if (!(await ledgerPosition(db)).closed) await replayLedger(db, now, follow)
    const mended = await mendFromCopy(store, db, viewer)
    await askAnew(db)
    return { ...(await replayLedger(db, now, follow)), brought, mended }
  }

/** Puts the copy, and every line that only the file still says, into the place of a file that says less; what cannot be made whole so stays as it is. Hides before it opens: nothing is open after it. */
async function mendFromCopy(store: Store, db: Db, viewer: Viewer): Promise<Mended['mended']> {
  const ledger = (await ledgerPosition(db)).ledger ?? onlyLedger()
  const copy = ledger === null ? null : await readCopy(store, ledger)
  if (ledger === null || copy === null) return null
  return inTransaction(db, async (trx) => {
    await lockConsent(trx)
    const position = await ledgerPosition(trx)
    const file = await readLedger(ledger)
    if (!position.closed || file === null) return null
    const { kept, whole } = joinLedgers(copy, file, position)
    if (!whole || (file.brokenAt === null && kept.length === file.sound.length)) return null
    const mended = { readable: file.sound.length, lines: kept.length }
    await writeDown(trx, viewer, {
      action: 'consent.ledger-mended',
      subject: 'consent:ledger',
      details: mended,
    })
    await replaceLedger(ledger, kept)
    return mended
  })
}
