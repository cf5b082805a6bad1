import { organiserLink } from '#accounts/server/writes/sign-in.ts'
import type { Db } from '#platform/server/db.ts'

const firstOrganiser = 'organiser@example.org'

/** Answers a one-time link for the organiser who was first, or for a new one when there is none yet. */
export async function firstOrganiserLink(db: Db): Promise<string> {
  const first = await db
    .selectFrom('roles')
    .innerJoin('accounts', 'accounts.id', 'roles.account')
    .where('roles.role', '=', 'organiser')
    .where('accounts.erasing', 'is', null)
    .select('accounts.email')
    .orderBy('roles.created')
    .limit(1)
    .executeTakeFirst()
  return organiserLink(db, first?.email ?? firstOrganiser, new Date())
}

/** Says how an organiser signs in: by a link on this machine; on a site the world can see, the command that makes one. */
export async function organiserLine(db: Db, forThisMachine: boolean): Promise<string> {
  if (!forThisMachine) return 'To sign in as an organiser: npm run organiser -- your@e-mail'
  return `To sign in as an organiser, once, within 30 minutes: ${await firstOrganiserLink(db)}`
}
