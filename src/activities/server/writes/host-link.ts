import { day } from '#kernel/limits.ts'
import { readConfig } from '#platform/server/config.ts'
import type { Trx } from '#platform/server/db.ts'
import { siteAddress } from '#platform/server/site-address.ts'
import { newToken } from '#platform/server/tokens.ts'

/** A mailed host's link works thirteen months, so that next year's can be made from it; every mail brings a fresh one. */
export const hostLinkLasts = 400 * day

/** Makes a fresh link for one host and answers its whole address; only its hash is kept. It works thirteen months, counted from the last meeting when that is still ahead. */
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
