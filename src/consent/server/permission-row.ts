import type { About, Hand, Id, Scope } from '#consent/events.ts'
import type { Route } from '#kernel/permission-words.ts'
import type { Trx } from '#platform/server/db.ts'

export type NewPermission = {
  permission: Id
  person: Id
  about: About
  route: Route
  scope: Scope
  starts: number
  ends: number
  by: Hand
  paper: Id | null
}

/** Keeps the row that others read of a permission that was asked for; how it stands follows from the log. */
export async function keepPermission(trx: Trx, asked: NewPermission, now: Date): Promise<void> {
  const { permission, person, about, route, scope, starts, ends, by, paper } = asked
  await trx
    .insertInto('permissions')
    .values({
      id: permission,
      person,
      surface: about.surface,
      version: about.version,
      kind: about.kind,
      organisation: about.organisation,
      route,
      circle: scope.circle,
      purposes: [...scope.purposes],
      modifiers: [...scope.modifiers],
      modes: [...scope.modes],
      starts: new Date(starts),
      ends: new Date(ends),
      state: 'requested',
      askedBy: by,
      paper,
      created: now,
      changed: now,
    })
    .execute()
}
