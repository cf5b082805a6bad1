import type { ActivityState, Mode } from '#activities/activity.ts'
import { mayRestoreActivity, mayReviewActivity, mayReviewSome } from '#activities/may.ts'
import { missing, Refusal } from '#kernel/refusal.ts'
import { reviews, type Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'

/** An activity that waits for a person, as the queue shows it. */
export type WaitingActivity = {
  id: string
  revision: number
  slug: string
  title: string
  kind: string
  state: ActivityState
  town: string | null
  country: string | null
  hostName: string
  /** Since when it waits. */
  since: Date
  /** How many edits nobody has looked at. */
  edits: number
  example: boolean
}

const waiting = (db: Db, viewer: Viewer) => {
  const led = viewer.roles.flatMap((role) => (role.role === 'group-lead' && role.group ? [role.group] : []))
  return db
    .selectFrom('activities as a')
    .where((on) =>
      on.or([
        on('a.state', '=', 'waiting'),
        on.and([
          on('a.state', 'in', ['published', 'by-link']),
          on.exists(
            on
              .selectFrom('activityChanges as c')
              .select('c.id')
              .whereRef('c.activity', '=', 'a.id')
              .where('c.read', '=', false),
          ),
        ]),
      ]),
    )
    .$if(!reviews(viewer), (query) => query.where('a.group', 'in', led))
}

/** Answers the activities that wait for a person, oldest first, at most two hundred; leads get those of their groups. */
export async function waitingActivities(db: Db, viewer: Viewer): Promise<WaitingActivity[]> {
  if (!mayReviewSome(viewer)) throw new Refusal('forbidden', 'refusal.forbidden')
  const rows = await waiting(db, viewer)
    .select([
      'a.id',
      'a.revision',
      'a.slug',
      'a.title',
      'a.kind',
      'a.state',
      'a.town',
      'a.country',
      'a.hostName',
    ])
    .select(['a.updated as since', 'a.example'])
    .select((on) =>
      on
        .selectFrom('activityChanges as c')
        .select((of) => of.fn.countAll<number>().as('count'))
        .whereRef('c.activity', '=', 'a.id')
        .where('c.read', '=', false)
        .as('edits'),
    )
    .orderBy('a.updated')
    .orderBy('a.id')
    .limit(200)
    .execute()
  return rows.map((row) => ({ ...row, state: row.state as ActivityState, edits: row.edits ?? 0 }))
}

/** Answers how many activities wait and since when the oldest does. */
export async function countWaitingActivities(
  db: Db,
  viewer: Viewer,
): Promise<{ count: number; oldest: Date | null }> {
  if (!mayReviewSome(viewer)) return { count: 0, oldest: null }
  const row = await waiting(db, viewer)
    .select((on) => [on.fn.countAll<number>().as('count'), on.fn.min('a.updated').as('oldest')])
    .executeTakeFirstOrThrow()
  return { count: row.count, oldest: row.oldest }
}

export type ActivityStep = {
  at: Date
  who: string | null
  byHost: boolean
  from: string | null
  to: string | null
  reason: string | null
  diff: Record<string, [unknown, unknown]>
  read: boolean
}

export type ActivityInReview = Awaited<ReturnType<typeof activityForReview>>

/** Answers everything a reviewer decides by: the whole activity with its private place, its dates, who answers for it, and what happened to it. Looks like nothing is there to everybody else. */
export async function activityForReview(db: Db, viewer: Viewer, id: string) {
  if (!/^[0-9a-f-]{36}$/.test(id)) throw missing()
  const row = await db
    .selectFrom('activities')
    .innerJoin('weeks', 'weeks.year', 'activities.week')
    .selectAll('activities')
    .select('weeks.monday')
    .where('activities.id', '=', id)
    .where('activities.setAside', 'is', null)
    .executeTakeFirst()
  if (!row || !mayReviewActivity(viewer, row)) throw missing()
  const dates = await db
    .selectFrom('occurrences')
    .select(['startDay', 'endDay', 'startLocal', 'endLocal', 'starts', 'ends', 'status', 'moved'])
    .where('activity', '=', id)
    .orderBy('starts')
    .execute()
  const hosts = await db
    .selectFrom('hosts')
    .select(['email', 'name', 'part', 'confirmed'])
    .where('activity', '=', id)
    .orderBy('created')
    .execute()
  const { search: _search, ...whole } = row
  return {
    ...whole,
    state: row.state as ActivityState,
    mode: row.mode as Mode,
    dates,
    hosts,
    steps: await stepsOf(db, id),
    mayRestore: row.state === 'withdrawn' && (await mayBringBack(db, viewer, id)),
  }
}

/** Answers whether the viewer may bring back an activity that was taken away: it was not its own host who took it away, nor the viewer. */
export async function mayBringBack(db: Db, viewer: Viewer, id: string): Promise<boolean> {
  const last = await db
    .selectFrom('activityChanges')
    .select(['account', 'byHost'])
    .where('activity', '=', id)
    .where('toState', '=', 'withdrawn')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return !last?.byHost && mayRestoreActivity(viewer, last?.account ?? null)
}

async function stepsOf(db: Db, id: string): Promise<ActivityStep[]> {
  const rows = await db
    .selectFrom('activityChanges as c')
    .leftJoin('accounts as w', 'w.id', 'c.account')
    .select([
      'c.at',
      'w.name as who',
      'c.byHost',
      'c.fromState as from',
      'c.toState as to',
      'c.reason',
      'c.diff',
      'c.read',
    ])
    .where('c.activity', '=', id)
    .orderBy('c.id', 'desc')
    .limit(50)
    .execute()
  return rows.map((row) => ({ ...row, diff: row.diff as ActivityStep['diff'] }))
}
