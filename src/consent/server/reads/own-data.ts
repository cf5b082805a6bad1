import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'

/** What permission keeps about an account: what it posted and said, recorded, objected to, whose family it made a link for, and which evidence it read. Of other people only that they were concerned. */
export type OwnConsentData = Record<
  'posted' | 'said' | 'checked' | 'recorded' | 'objected' | 'families' | 'read',
  unknown[]
>

/** Answers what permission keeps about the viewer (the newest 1,000 of each); nothing for whoever has no account. */
export async function ownConsentData(db: Db, viewer: Viewer): Promise<OwnConsentData> {
  const { account } = viewer
  if (account === null)
    return { posted: [], said: [], checked: [], recorded: [], objected: [], families: [], read: [] }
  const posted = db
    .selectFrom('placements')
    .select(['surface', 'version', 'circle', 'state', 'changed'])
    .where('postedBy', '=', account)
    .orderBy('changed', 'desc')
    .limit(1000)
    .execute()
  const said = db
    .selectFrom('sayings')
    .select(['surface', 'version', 'said'])
    .where('saidBy', '=', account)
    .orderBy('said', 'desc')
    .limit(1000)
    .execute()
  const checked = db
    .selectFrom('sayings')
    .select(['surface', 'version', 'checked'])
    .where('checkedBy', '=', account)
    .orderBy('checked', 'desc')
    .limit(1000)
    .execute()
  const recorded = db
    .selectFrom('records')
    .select(['kind', 'created'])
    .where('byAccount', '=', account)
    .orderBy('created', 'desc')
    .limit(1000)
    .execute()
  const objected = db
    .selectFrom('objections')
    .select(['surface', 'at', 'seen'])
    .where('byAccount', '=', account)
    .orderBy('at', 'desc')
    .limit(1000)
    .execute()
  const families = db
    .selectFrom('stewards')
    .select(['called', 'created'])
    .where('namedBy', '=', account)
    .orderBy('created', 'desc')
    .limit(1000)
    .execute()
  const read = db
    .selectFrom('evidenceReads')
    .select(['why', 'at'])
    .where('account', '=', account)
    .orderBy('id', 'desc')
    .limit(1000)
    .execute()
  const all = await Promise.all([posted, said, checked, recorded, objected, families, read])
  const [a, b, c, d, e, f, g] = all
  return { posted: a, said: b, checked: c, recorded: d, objected: e, families: f, read: g }
}
