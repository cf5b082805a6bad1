import { createCipheriv, createDecipheriv, randomBytes, randomUUID } from 'node:crypto'
import type { Id } from '#consent/events.ts'
import { mayReadEvidence } from '#consent/may.ts'
import { standingIn } from '#consent/server/hands.ts'
import { keyFor } from '#consent/server/keys.ts'
import { missing } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'

const ivBytes = 12
const tagBytes = 16

/** Answers words sealed with the site's secret (AES-256-GCM), bound to the entry they belong to. */
function seal(words: string, id: Id): Buffer {
  const iv = randomBytes(ivBytes)
  const cipher = createCipheriv('aes-256-gcm', keyFor('evidence'), iv).setAAD(Buffer.from(id))
  const body = Buffer.concat([cipher.update(words, 'utf8'), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), body])
}

function unseal(sealed: Buffer, id: Id): string {
  const decipher = createDecipheriv('aes-256-gcm', keyFor('evidence'), sealed.subarray(0, ivBytes))
    .setAAD(Buffer.from(id))
    .setAuthTag(sealed.subarray(ivBytes, ivBytes + tagBytes))
  return decipher.update(sealed.subarray(ivBytes + tagBytes), undefined, 'utf8') + decipher.final('utf8')
}

/** Keeps words about somebody in the evidence store, sealed; answers under which id. */
export async function keepEvidence(
  trx: Trx,
  viewer: Viewer,
  input: { person: Id; what: string; words: string },
  now: Date,
): Promise<Id> {
  const id = randomUUID()
  const { person, what, words } = input
  await trx
    .insertInto('evidence')
    .values({ id, person, what, sealed: seal(words, id), byAccount: viewer.account, created: now })
    .execute()
  return id
}

/** Answers words of the evidence store to whoever may read them, and writes down that they did and why; the only way they are read. Erased ones are empty. */
export const readEvidence = (
  db: Db,
  viewer: Viewer,
  input: { evidence: Id; why: string },
  now: Date,
): Promise<{ what: string; words: string; created: Date }> =>
  inTransaction(db, async (trx) => {
    const row = await trx
      .selectFrom('evidence as e')
      .innerJoin('peopleShown as p', 'p.id', 'e.person')
      .select(['e.id', 'e.what', 'e.sealed', 'e.created', 'e.erased', 'p.organisation'])
      .where('e.id', '=', input.evidence)
      .executeTakeFirst()
    if (!row || !mayReadEvidence(viewer, await standingIn(trx, viewer, row.organisation))) throw missing()
    await trx
      .insertInto('evidenceReads')
      .values({ evidence: row.id, account: viewer.account, why: input.why, at: now })
      .execute()
    const words = row.erased === null ? unseal(row.sealed, row.id) : ''
    return { what: row.what, words, created: row.created }
  })

/** Answers who read an entry of the evidence store, when and why, newest first, at most 100; for whoever may read it. */
export async function evidenceReads(db: Db, viewer: Viewer, evidence: Id) {
  const row = await db
    .selectFrom('evidence as e')
    .innerJoin('peopleShown as p', 'p.id', 'e.person')
    .select('p.organisation')
    .where('e.id', '=', evidence)
    .executeTakeFirst()
  if (!row || !mayReadEvidence(viewer, await standingIn(db, viewer, row.organisation))) throw missing()
  return db
    .selectFrom('evidenceReads')
    .select(['account', 'why', 'at'])
    .where('evidence', '=', evidence)
    .orderBy('id', 'desc')
    .limit(100)
    .execute()
}
