import type { ActivityState } from '#activities/activity.ts'
import { mayRestoreActivity, mayReviewActivity, mayReviewSome } from '#activities/may.ts'
import { takenDown } from '#activities/server/reads/rsvp.ts'
import { missing, Refusal } from '#kernel/refusal.ts'
import { reviews, type Makers, type Viewer } from '#kernel/viewer.ts'
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
  return rows.map((row) => ({ ...row, edits: row.edits ?? 0 }))
}

/** Answers how many of the activities that wait have waited since before a moment, without those of the example. */
export async function countWaitingActivities(db: Db, viewer: Viewer, before: Date): Promise<number> {
  if (!mayReviewSome(viewer)) return 0
  const row = await waiting(db, viewer)
    .select((on) => on.fn.countAll<number>().as('count'))
    .where('a.example', '=', false)
    .where('a.updated', '<', before)
    .executeTakeFirstOrThrow()
  return row.count
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

/** What is left of an activity's words, place and people while it is held. */
const unsaid = {
  slug: '',
  title: '',
  summary: '',
  description: '',
  reason: null,
  placeName: null,
  address: null,
  town: null,
  country: null,
  lat: null,
  lon: null,
  publicLat: null,
  publicLon: null,
  placeDetails: null,
  joinUrl: null,
  joinDetails: null,
  arrive: '',
  hostName: '',
  languages: [],
  access: [],
  signLanguages: [],
  welcome: [],
  audiences: [],
}

/** Answers everything a reviewer decides by: the whole activity with its private place, its dates, who answers for it, and what happened to it. Looks like nothing is there to everybody else. Of what is held only that it is, unless the calling room has found that it was opened. */
export async function activityForReview(db: Db, viewer: Viewer, id: string, opened = false) {
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
  // What somebody is worried about is for those who answer concerns, not for whoever leads a group.
  if (row.held !== null && !reviews(viewer)) throw missing()
  const sealed = row.held !== null && !opened
  const [dates, hosts, steps] = await Promise.all([datesOf(db, id), hostsOf(db, id), stepsOf(db, id)])
  const { search: _search, ...whole } = row
  return {
    ...whole,
    ...(sealed && unsaid),
    sealed,
    state: row.state,
    mode: row.mode,
    dates: sealed ? [] : dates,
    hosts: sealed ? [] : hosts,
    steps: sealed ? steps.map((step): ActivityStep => ({ ...step, reason: null, diff: {} })) : steps,
    mayRestore: row.state === 'withdrawn' && row.held === null && (await mayBringBack(db, viewer, id)),
  }
}

const datesOf = (db: Db, id: string) =>
  db
    .selectFrom('occurrences')
    .select(['startDay', 'endDay', 'startLocal', 'endLocal', 'starts', 'ends', 'status', 'moved'])
    .where('activity', '=', id)
    .orderBy('starts')
    .execute()

const hostsOf = (db: Db, id: string) =>
  db
    .selectFrom('hosts')
    .select(['email', 'name', 'part', 'confirmed'])
    .where('activity', '=', id)
    .orderBy('created')
    .execute()

/** Who took an activity down since it was last there (null among them is the site), and how it stood before: "withdrawn" when its own host had taken it away already. */
export type TakenDown = { by: (string | null)[]; from: ActivityState }

/** Answers how an activity came to be taken down; null when nobody but its host took it away. */
export async function takenDownBy(db: Db, id: string): Promise<TakenDown | null> {
  const steps = await db
    .selectFrom('activityChanges')
    .select(['account', 'byHost', 'fromState', 'toState'])
    .where('activity', '=', id)
    .where('toState', 'is not', null)
    .orderBy('id', 'desc')
    .limit(200)
    .execute()
  const other = steps.findIndex((step) => step.toState !== 'withdrawn' || step.byHost)
  const took = steps.slice(0, other < 0 ? steps.length : other)
  const first = took.at(-1)
  if (!first) return null
  return { by: took.map((step) => step.account), from: first.fromState ?? 'waiting' }
}

/** Answers whether the viewer may bring back an activity that was taken away: it was not its own host who took it away, and the viewer neither took it down, nor hosts it, nor put it here. */
export async function mayBringBack(db: Db, viewer: Viewer, id: string): Promise<boolean> {
  const taken = await takenDownBy(db, id)
  if (!taken || taken.from === 'withdrawn') return false
  return mayRestoreActivity(viewer, { takenDownBy: taken.by, makers: await makersOf(db, id) })
}

/** Answers everybody who put an activity here, hosts it, or changed it with one of its links while they were signed in. */
export async function makersOf(db: Db, id: string): Promise<Makers> {
  const [posted, hosts, changes] = await Promise.all([
    db
      .selectFrom('activities as a')
      .leftJoin('imports as i', 'i.id', 'a.import')
      .select(['a.account', 'i.account as importer'])
      .where('a.id', '=', id)
      .execute(),
    db.selectFrom('hosts').select('email').where('activity', '=', id).execute(),
    db
      .selectFrom('activityChanges')
      .select('account')
      .distinct()
      .where('activity', '=', id)
      .where('byHost', '=', true)
      .execute(),
  ])
  return {
    accounts: [...posted.flatMap((one) => [one.account, one.importer]), ...changes.map((one) => one.account)],
    emails: hosts.map((host) => host.email),
  }
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

/** Answers how many guests of something that was taken down could be told that it is not certain: none of what is held for somebody's safety, whose two decide that. */
export async function guestsToTell(
  db: Db,
  { id, state, held }: Pick<ActivityInReview, 'id' | 'state' | 'held'>,
  now: Date,
): Promise<number> {
  const hidden = state === 'withdrawn' && held === null && (await takenDown(db, id))
  return hidden ? peopleAhead(db, id, now) : 0
}

/** Answers how many people mean to come to something whose end is still ahead. */
export async function peopleAhead(db: Db, activity: string, now: Date): Promise<number> {
  const row = await db
    .selectFrom('rsvps')
    .innerJoin('activities', 'activities.id', 'rsvps.activity')
    .leftJoin('occurrences', 'occurrences.id', 'rsvps.occurrence')
    .select((on) => on.fn.coalesce(on.fn.sum<string>('rsvps.seats'), on.val('0')).as('people'))
    .where('rsvps.activity', '=', activity)
    .where('rsvps.state', 'in', ['going', 'waiting', 'asked'])
    .where('rsvps.email', 'is not', null)
    .where((on) => on(on.fn.coalesce('occurrences.ends', 'activities.lastEnd'), '>', now))
    .executeTakeFirstOrThrow()
  return Number(row.people)
}
