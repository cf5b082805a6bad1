import { createHash, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { canonical } from '#consent/server/canonical.ts'
import { sealOf } from '#consent/server/keys.ts'
import type { Event, EventKind, Facts, Hand, Id } from '#consent/events.ts'
import type { Db, Trx } from '#platform/server/db.ts'

/** Something to be written into the log. */
export type Draft = { facts: Facts; by: Hand; id?: Id }
export type Written = Event & { id: Id }

/** Lets one transaction at a time write what concerns permission; until it ends. A chain has one end, so writes are serial anyway: taken first, there are no deadlocks. Lock rows of your own before, never after. */
export async function lockConsent(trx: Trx): Promise<void> {
  await sql`select pg_advisory_xact_lock(7302018)`.execute(trx)
}

type End = { n: number; hash: Buffer }
const noHash = Buffer.alloc(0)

async function endOfLog(trx: Trx): Promise<End> {
  const row = await trx
    .selectFrom('consentEvents')
    .select(['n', 'hash'])
    .orderBy('n', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ?? { n: 0, hash: noHash }
}

type Link = {
  n: number
  id: Id
  at: number
  kind: string
  by: Hand
  digest: Buffer
  previous: Buffer
}

const hashOf = ({ n, id, at, kind, by, digest, previous }: Link): Buffer =>
  createHash('sha256')
    .update(previous)
    .update(canonical([n, id, at, kind, by, digest.toString('base64')]))
    .digest()

/** Appends to the log in the caller's transaction, which holds the lock: each event carries the hash of the one before. */
export async function append(trx: Trx, drafts: readonly Draft[], now: Date): Promise<Written[]> {
  if (drafts.length === 0) return []
  let { n, hash } = await endOfLog(trx)
  const at = now.getTime()
  const written: Written[] = []
  const rows = drafts.map(({ facts: { kind, ...facts }, by, id = randomUUID() }) => {
    n += 1
    const previous = hash
    const digest = sealOf('log', canonical(facts))
    hash = hashOf({ n, id, at, kind, by, digest, previous })
    written.push({ n, id, at, by, kind, ...facts } as Written)
    return {
      n,
      id,
      at: now,
      kind,
      surface: 'surface' in facts ? facts.surface : null,
      person: 'person' in facts ? facts.person : null,
      organisation: kind === 'policy' && 'organisation' in facts ? facts.organisation : null,
      facts: JSON.stringify(facts),
      digest,
      byWhom: by,
      previous,
      hash,
    }
  })
  for (let from = 0; from < rows.length; from += 1000) {
    await trx
      .insertInto('consentEvents')
      .values(rows.slice(from, from + 1000))
      .execute()
  }
  return written
}

export type Row = { n: number; at: Date; kind: string; byWhom: string; facts: unknown }

/** Answers a row of the log as an event. */
export const eventOf = ({ n, at, kind, byWhom, facts }: Row): Event =>
  ({ n, at: at.getTime(), by: byWhom, kind: kind as EventKind, ...(facts as object) }) as Event

/** Answers the number of the first entry of the log that does not follow from the one before, or whose facts are not what was written; null when all is as it was written. Erased facts leave their digest. Reads in pieces of 5,000. */
export async function firstBroken(db: Db): Promise<number | null> {
  let previous: Buffer = noHash
  for (let last = 0; ;) {
    const rows = await db
      .selectFrom('consentEvents')
      .selectAll()
      .where('n', '>', last)
      .orderBy('n')
      .limit(5000)
      .execute()
    for (const row of rows) {
      const link = { ...row, at: row.at.getTime(), by: row.byWhom, previous }
      const sound = row.n === last + 1 && row.previous.equals(previous) && hashOf(link).equals(row.hash)
      const kept = row.facts === null || sealOf('log', canonical(row.facts)).equals(row.digest)
      if (!sound || !kept) return row.n
      previous = row.hash
      last = row.n
    }
    if (rows.length < 5000) return null
  }
}
