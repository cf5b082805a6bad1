import type { MessageKey } from '#kernel/messages.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'

/** What can be done: every catalogue name `log.<this>`. What has no words there does not compile. */
export type Action = MessageKey extends infer Key
  ? Key extends `log.${infer Name}`
    ? Name extends 'other' | `about.${string}`
      ? never
      : Name
    : never
  : never

export type Deed = {
  action: Action
  /** "room:id" */
  subject: string
  /** Never an e-mail address or a guest's own words. */
  details?: Record<string, string | number | boolean | null>
  /** What was changed, field by field: before, after. */
  difference?: Record<string, [string, string]>
  /** Done with a mailed link instead of a sign-in. */
  byLink?: boolean
}

/** What somebody without a name is called on the desk: what stands before the @. */
const whoIs = ({ name, email }: Viewer): string => name || email?.split('@')[0] || 'somebody'

/** Writes down who did what, in the caller's transaction. */
export async function writeDown(db: Db, viewer: Viewer, deed: Deed): Promise<void> {
  await db
    .insertInto('auditLog')
    .values({
      account: viewer.account,
      who: deed.byLink ? 'link' : whoIs(viewer),
      action: deed.action,
      subject: deed.subject,
      details: JSON.stringify({ ...deed.details, ...(deed.difference && { difference: deed.difference }) }),
    })
    .execute()
}

export type AuditEntry = { at: Date; who: string; action: string; details: unknown }

/** Answers what was done to one subject, newest first (at most 100). Who may know it is for the caller to ask. */
export const deedsTo = (db: Db, subject: string): Promise<AuditEntry[]> =>
  db
    .selectFrom('auditLog')
    .select(['at', 'who', 'action', 'details'])
    .where('subject', '=', subject)
    .orderBy('id', 'desc')
    .limit(100)
    .execute()

/** Takes an erased account out of the log; what was done stays. */
export async function forgetWho(db: Db, account: string): Promise<void> {
  await db
    .updateTable('auditLog')
    .set({ account: null, who: 'somebody' })
    .where('account', '=', account)
    .execute()
  await db
    .updateTable('auditLog')
    .set({ subject: 'accounts:erased' })
    .where('subject', '=', `accounts:${account}`)
    .execute()
}
