import { anybody, type Role, type Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'
import { authOf, linkName } from '#accounts/server/auth.ts'

/** Answers whose request this is, with their roles as they are now. Without a session cookie nothing is asked of anybody. Writes nothing. */
export async function viewerOf(db: Db, headers: Headers): Promise<Viewer> {
  if (!headers.get('cookie')?.includes('session_token=')) return anybody
  const found = await authOf(db).api.getSession({ headers })
  return found ? viewerFor(db, found.user.id) : anybody
}

/** Answers an account as a viewer; nobody in particular when there is no such account. One that will be erased has no roles any more. */
export async function viewerFor(db: Db, account: string): Promise<Viewer> {
  const rows = await db
    .selectFrom('accounts')
    .leftJoin('roles', (on) =>
      on.onRef('roles.account', '=', 'accounts.id').on('accounts.erasing', 'is', null),
    )
    .select(['accounts.id', 'accounts.email', 'accounts.name'])
    .select(['roles.role', 'roles.group', 'roles.organisation'])
    .where('accounts.id', '=', account)
    .execute()
  const first = rows[0]
  if (!first) return anybody
  const roles = rows.filter((row) => row.role !== null) as Role[]
  return {
    account: first.id,
    email: first.email,
    name: first.name,
    roles: roles.map(({ role, group, organisation }) => ({ role, group, organisation })),
  }
}

/** Answers whether a mailed sign-in word would still work. Uses nothing up. */
export async function linkWorks(db: Db, token: string, now: Date): Promise<boolean> {
  const row = await db
    .selectFrom('verifications')
    .select('id')
    .where('identifier', '=', linkName(token))
    .where('expires', '>', now)
    .executeTakeFirst()
  return row !== undefined
}
