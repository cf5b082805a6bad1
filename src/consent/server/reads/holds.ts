import type { Id } from '#consent/events.ts'
import { mayNameOpeners, mayOpenHold } from '#consent/may.ts'
import { hour } from '#kernel/limits.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'

/** A safeguarding hold as whoever answers concerns sees it. */
export type HoldView = {
  hold: Id
  until: Date
  openers: { account: Id; name: string }[]
  /** Whether the viewer is one of the two, and its time is not over. */
  mayOpen: boolean
  mayName: boolean
}

const openHold = (db: Db, surface: Id) =>
  db
    .selectFrom('holds')
    .select(['id', 'surface', 'openers', 'until'])
    .where('surface', '=', surface)
    .where('ended', 'is', null)
    .orderBy('created', 'desc')
    .limit(1)

/** Answers the hold that lies on a surface, for whoever answers concerns (the calling room has asked); null when there is none, or its time is over. */
export async function holdOn(db: Db, viewer: Viewer, surface: Id, now: Date): Promise<HoldView | null> {
  const row = await openHold(db, surface).where('until', '>', now).executeTakeFirst()
  if (!row) return null
  const { openers, until } = row
  const names = await db
    .selectFrom('accounts')
    .select(['id', 'name', 'email'])
    .where('id', 'in', ['00000000-0000-0000-0000-000000000000', ...openers])
    .execute()
  return {
    hold: row.id,
    until,
    openers: names.map(({ id, name, email }) => ({ account: id, name: name || email })),
    mayOpen: mayOpenHold(viewer, openers),
    mayName: mayNameOpeners(viewer, openers),
  }
}

/** Answers whether a hold lies on a surface whose time is not over: then nothing of it is erased, whoever asks. */
export const isHeld = async (db: Db, surface: Id, now: Date): Promise<boolean> =>
  (await openHold(db, surface).where('until', '>', now).executeTakeFirst()) !== undefined

/** Refuses while a hold lies on a surface whose time is not over: nothing that opens or changes anything of it is done meanwhile. */
export async function refuseHeld(db: Db, surface: Id, now: Date): Promise<void> {
  if (await isHeld(db, surface, now)) throw new Refusal('conflict', 'refusal.held')
}

/** Answers whether the viewer opened what is held within the last hour, which is written down: only then are its pictures shown to them. */
export async function hasOpened(db: Db, viewer: Viewer, surface: Id, now: Date): Promise<boolean> {
  const row = await openHold(db, surface).where('until', '>', now).executeTakeFirst()
  if (!row || !mayOpenHold(viewer, row.openers) || viewer.account === null) return false
  const opened = await db
    .selectFrom('consentEvents')
    .select('n')
    .where('surface', '=', surface)
    .where('kind', '=', 'opened')
    .where('byWhom', '=', viewer.account)
    .where('at', '>', new Date(now.getTime() - hour))
    .limit(1)
    .executeTakeFirst()
  return opened !== undefined
}
