import type { Hand, Id } from '#consent/events.ts'
import { day } from '#kernel/limits.ts'
import { missing } from '#kernel/refusal.ts'
import { readConfig } from '#platform/server/config.ts'
import type { Db, Trx } from '#platform/server/db.ts'
import { siteAddress } from '#platform/server/site-address.ts'
import { hashToken, newToken } from '#platform/server/tokens.ts'

/** How long a link to a person's page opens it, days: longer than any permission. */
export const linkDays = 800

export type Part = 'decide' | 'holder' | 'reads'
export type Link = { person: Id; surface: Id; part: Part; holder: string; expires: Date }

type NewLink = { person: Id; surface: Id; part: Part; holder: string; by: Hand }

/** Makes a link to hand over; only its hash is kept, and nobody is mailed. */
export async function newLink(
  trx: Trx,
  { person, surface, part, holder, by }: NewLink,
  now: Date,
): Promise<{ token: string; link: string }> {
  const { token, hash } = newToken()
  const expires = new Date(now.getTime() + linkDays * day)
  await trx
    .insertInto('consentLinks')
    .values({ token: hash, person, surface, part, holder, madeBy: by, created: now, expires })
    .execute()
  return { token, link: `${siteAddress(readConfig())}/consent/${token}` }
}

/** Answers what a link opens, or null when it is unknown or has ended. */
export async function linkOf(db: Db, token: string, now: Date): Promise<Link | null> {
  if (!/^[\w-]{32}$/.test(token)) return null
  const row = await db
    .selectFrom('consentLinks')
    .select(['person', 'surface', 'part', 'holder', 'expires'])
    .where('token', '=', hashToken(token))
    .where('expires', '>', now)
    .executeTakeFirst()
  return row ?? null
}

/** Answers what a link opens; one that opens nothing looks like any other address where nothing is. */
export async function linkOrMissing(db: Db, token: string, now: Date): Promise<Link> {
  const link = await linkOf(db, token, now)
  if (!link) throw missing()
  return link
}
