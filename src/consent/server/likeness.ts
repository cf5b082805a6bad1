import { sql } from 'kysely'
import type { Id } from '#consent/events.ts'
import { nearBits, rememberedDays } from '#consent/likeness.ts'
import { day } from '#kernel/limits.ts'
import type { Db, Trx } from '#platform/server/db.ts'

/** What a picture is known by: the hash of its bytes, and 64 bits of what it looks like. */
export type Fingerprint = { version: Id; sha256: Buffer | null; likeness: string | null }

/** Keeps what a picture is known by, as long as the picture is here. Idempotent. */
export async function keepFingerprint(trx: Trx, { version, sha256, likeness }: Fingerprint): Promise<void> {
  await trx
    .insertInto('versionHashes')
    .values({ version, sha256, likeness })
    .onConflict((conflict) => conflict.column('version').doUpdateSet({ sha256, likeness }))
    .execute()
}

/** Answers whether a picture is, or nearly is, one that was withdrawn and is still remembered. Answered to nobody outside (rule 25). */
export async function isAlike(db: Db, version: Id, now: Date): Promise<boolean> {
  const found = await sql<{ alike: boolean }>`
    select exists (
      select from version_hashes h join withdrawn_hashes w
        on w.sha256 = h.sha256 or bit_count(w.likeness # h.likeness) <= ${nearBits}
      where h.version = ${version} and w.ends > ${now}
    ) or exists (
      select from versions v join uploads u on u.id = v.upload join withdrawn_hashes w on w.sha256 = u.sha256
      where v.id = ${version} and w.ends > ${now}) as alike`.execute(db)
  return found.rows[0]?.alike ?? false
}

/** Remembers withdrawn pictures for a year, so that the same or nearly the same does not come back unseen. Idempotent. */
export async function rememberWithdrawn(trx: Trx, versions: readonly Id[], now: Date): Promise<void> {
  if (versions.length === 0) return
  const ends = new Date(now.getTime() + rememberedDays * day)
  await sql`
    insert into withdrawn_hashes (sha256, likeness, ends)
    select distinct coalesce(h.sha256, u.sha256), h.likeness, ${ends}::timestamptz
    from versions v join uploads u on u.id = v.upload left join version_hashes h on h.version = v.id
    where v.id = any(${[...versions]}::uuid[]) and (coalesce(h.sha256, u.sha256) is not null or h.likeness is not null)
    on conflict (sha256, likeness) do update set ends = excluded.ends`.execute(trx)
}

/** Forgets withdrawn pictures whose year is over. Idempotent. */
export async function forgetWithdrawn(db: Db, now: Date): Promise<number> {
  const gone = await db.deleteFrom('withdrawnHashes').where('ends', '<=', now).executeTakeFirst()
  return Number(gone.numDeletedRows)
}
