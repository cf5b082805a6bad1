import { plainWords } from '#kernel/words.ts'
import type { Db } from '#platform/server/db.ts'
import { keyedHash } from '#platform/server/tokens.ts'

export type Reached = {
  address: string[] | null
  email: string | null
  post: string | null
  organisation: string | null
}

/** The hashes under which an office's addresses are known when it asked not to be written to. */
export const addressHashes = (office: Pick<Reached, 'address' | 'email'>): string[] =>
  [office.email, office.address === null ? null : plainWords(office.address.join(' '))].map((one) =>
    keyedHash(`do-not-write:${one ?? ''}`),
  )

/** Answers those of the offices that asked not to be written to: at one of their addresses, or as a whole. */
export async function leftAloneAmong<Of extends Reached>(db: Db, offices: readonly Of[]): Promise<Set<Of>> {
  if (offices.length === 0) return new Set()
  const hashes = new Map(offices.map((one) => [one, addressHashes(one)]))
  const rows = await db
    .selectFrom('doNotWrite')
    .select(['address', 'post', 'organisation'])
    .where((on) =>
      on.or([
        on('address', 'in', [...hashes.values()].flat()),
        on('post', 'in', [noId, ...offices.flatMap((one) => one.post ?? [])]),
        on('organisation', 'in', [noId, ...offices.flatMap((one) => one.organisation ?? [])]),
      ]),
    )
    .execute()
  const addresses = new Set(rows.map((row) => row.address))
  const posts = new Set(rows.map((row) => row.post))
  const bodies = new Set(rows.map((row) => row.organisation))
  return new Set(
    offices.filter(
      (one) =>
        hashes.get(one)?.some((hash) => addresses.has(hash)) ||
        (one.post !== null && posts.has(one.post)) ||
        // A body that asked for itself has not asked for the posts in it.
        (one.post === null && one.organisation !== null && bodies.has(one.organisation)),
    ),
  )
}

/** Answers whether any office at all asked not to be written to. */
export const anyLeftAlone = async (db: Db): Promise<boolean> =>
  (await db.selectFrom('doNotWrite').select('address').limit(1).executeTakeFirst()) !== undefined

/** Answers whether an office asked not to be written to. */
export const isLeftAlone = async (db: Db, office: Reached): Promise<boolean> =>
  (await leftAloneAmong(db, [office])).size > 0

const noId = '00000000-0000-0000-0000-000000000000'
