import { day } from '#kernel/limits.ts'
import { readConfig } from '#platform/server/config.ts'
import type { Trx } from '#platform/server/db.ts'
import { siteAddress } from '#platform/server/site-address.ts'
import { newToken } from '#platform/server/tokens.ts'

/** A mailed host's link works this long; every mail brings a fresh one. */
export const hostLinkLasts = 90 * day

/** Makes a fresh link for one host and answers its whole address; only its hash is kept. It works at least 90 days, and as long after a meeting that is still ahead. */
export async function newHostLink(
  trx: Trx,
  host: { activity: string; email: string; lastEnd: Date },
  now: Date,
): Promise<string> {
  const { token, hash } = newToken()
  const from = Math.max(now.getTime(), host.lastEnd.getTime())
  await trx
    .insertInto('hostLinks')
    .values({
      token: hash,
      activity: host.activity,
      email: host.email,
      created: now,
      expires: new Date(from + hostLinkLasts),
    })
    .execute()
  return `${siteAddress(readConfig())}/edit/${token}`
}
