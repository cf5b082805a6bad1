import type { Db } from '#platform/server/db.ts'
import { hashToken } from '#platform/server/tokens.ts'

/** Whose link it is: one address that answers for one activity. */
export type HostLink = { activity: string; email: string }

/** Answers whom a mailed host's word belongs to, or null when it is forged, has ended, or the address answers for the activity no more. */
export async function hostByToken(db: Db, token: string, now: Date): Promise<HostLink | null> {
  const row = await db
    .selectFrom('hostLinks')
    .innerJoin('hosts', (on) =>
      on.onRef('hosts.activity', '=', 'hostLinks.activity').onRef('hosts.email', '=', 'hostLinks.email'),
    )
    .select(['hostLinks.activity', 'hostLinks.email'])
    .where('hostLinks.token', '=', hashToken(token))
    .where('hostLinks.expires', '>', now)
    .executeTakeFirst()
  return row ?? null
}
