import { anybody, type Role, type Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'

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
