import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'

export type Deed = {
  action: string
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

export type AuditEntry = {
  id: number
  at: Date
  who: string
  action: string
  subject: string
  details: unknown
}

/** Answers the newest entries of the log (at most 100), before an entry when asked, of one subject when asked. */
export const readAuditLog = (db: Db, of: { subject?: string; before?: number }): Promise<AuditEntry[]> =>
  db
    .selectFrom('auditLog')
    .select(['id', 'at', 'who', 'action', 'subject', 'details'])
    .$if(of.subject !== undefined, (query) => query.where('subject', '=', of.subject ?? ''))
    .$if(of.before !== undefined, (query) => query.where('id', '<', of.before ?? 0))
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
