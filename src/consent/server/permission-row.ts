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
  /** Of a form on paper: a digest of all that it says about the person. */
  paperSays?: Buffer
}

/** Keeps the row that others read of a permission that was asked for; how it stands follows from the log. */
export async function keepPermission(trx: Trx, asked: NewPermission, now: Date): Promise<void> {
  const { permission, person, about, route, scope, starts, ends, by, paper, paperSays } = asked
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
      paperSays: paperSays ?? null,
      created: now,
      changed: now,
    })
    .execute()
}
