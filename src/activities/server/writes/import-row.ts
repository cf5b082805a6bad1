import type { ActivityState } from '#activities/activity.ts'
import type { Draft } from '#activities/import.ts'
import { plainActivity, type NewHost } from '#activities/say.ts'
import { datesOf } from '#activities/series.ts'
import { fingerprintOf } from '#activities/server/reads/import-plan.ts'
import { changeState, lockWhole } from '#activities/server/writes/change-state.ts'
import { placeActivity, placeColumns, replaceDates, timeColumns } from '#activities/server/writes/place.ts'
import { snapshotOf, putBack, type Snapshot } from '#activities/server/writes/snapshot.ts'
import { mayMove } from '#activities/states.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Trx } from '#platform/server/db.ts'
import { addJob } from '#platform/server/queue.ts'

export type Outcome = 'made' | 'changed' | 'called-off' | 'left' | 'withdrawn' | 'restored' | 'edited-since'

/** Who brings in, for which week, and how what they make is listed. */
export type Owner = {
  viewer: Viewer
  account: string
  email: string
  week: number
  import: string
  state: Extract<ActivityState, 'waiting' | 'published'>
}

export type RowToBring = {
  position: number
  action: string
  draft: Draft
  sourceId: string
  activity: string | null
}

type Brought = { activity: string | null; outcome: Outcome; before?: unknown; after?: string }

/** Brings one row in: makes a new activity, changes the one it made before, or calls that off. A row that was made meanwhile is changed, never doubled. */
export async function bringIn(trx: Trx, owner: Owner, row: RowToBring, now: Date): Promise<Brought> {
  const known = await trx
    .selectFrom('activities')
    .select(['id', 'state'])
    .where('sourceId', '=', row.sourceId)
    .executeTakeFirst()
  if (row.action === 'called-off') {
    if (!known || !mayMove(known.state, 'cancelled', 'host')) return { activity: null, outcome: 'left' }
    await changeState(trx, owner.viewer, { id: known.id, to: 'cancelled', mover: 'host', quiet: true }, now)
    return { activity: known.id, outcome: 'called-off', before: { state: known.state } }
  }
  if (!known) return { activity: await make(trx, owner, row, now), outcome: 'made' }
  if (known.state === 'withdrawn' || known.state === 'declined')
    return { activity: known.id, outcome: 'left' }
  return change(trx, owner, { ...row, id: known.id }, now)
}

async function make(trx: Trx, owner: Owner, row: RowToBring, now: Date): Promise<string> {
  const { hostEmail, kindOpen: _open, ...draft } = row.draft
  const own: NewHost = { email: owner.email, name: draft.hostName, part: 'host', confirmed: now }
  // Whoever a file names is not written to by us: they can ask for their own link and prove the address so.
  const other: NewHost[] =
    hostEmail === null || hostEmail === owner.email
      ? []
      : [{ email: hostEmail, name: draft.hostName, part: 'co-host', confirmed: null }]
  const made = await placeActivity(
    trx,
    {
      ...plainActivity,
      ...draft,
      week: owner.week,
      state: owner.state,
      published: owner.state === 'published' ? now : null,
      account: owner.account,
      hosts: [own, ...other],
      import: owner.import,
      sourceId: row.sourceId,
    },
    now,
  )
  await trx
    .insertInto('activityChanges')
    .values({ activity: made.id, at: now, account: owner.account, byHost: true, toState: owner.state })
    .execute()
  return made.id
}

async function change(trx: Trx, owner: Owner, row: RowToBring & { id: string }, now: Date): Promise<Brought> {
  const activity = await lockWhole(trx, row.id)
  const before = await snapshotOf(trx, row.id)
  const { hostEmail: _host, kindOpen: _open, place, changes, later, timing, series, ...words } = row.draft
  const dates = datesOf(timing, series, changes, later)
  await trx
    .updateTable('activities')
    .set({
      ...words,
      ...(await placeColumns(trx, place)),
      ...timeColumns({ timing, series }, dates, activity.monday),
      updated: now,
      revision: activity.revision + 1,
      sequence: activity.sequence + 1,
    })
    .where('id', '=', row.id)
    .execute()
  await replaceDates(trx, row.id, dates)
  const after = await snapshotOf(trx, row.id)
  await tell(trx, owner, { id: row.id, state: activity.state, before, after }, now)
  return { activity: row.id, outcome: 'changed', before, after: fingerprintOf(after.compared) }
}

type Told = { id: string; state: ActivityState; before: Snapshot; after: Snapshot }

/** Writes the difference down for reviewers and has guests told of it. */
async function tell(trx: Trx, owner: Owner, told: Told, now: Date): Promise<void> {
  const diff = differenceOf(told.before, told.after)
  if (Object.keys(diff).length === 0) return
  const listed = told.state === 'published' || told.state === 'by-link'
  const { id } = await trx
    .insertInto('activityChanges')
    .values({
      activity: told.id,
      at: now,
      account: owner.viewer.account,
      byHost: true,
      diff: JSON.stringify(diff),
      read: !listed || owner.state === 'published',
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await addJob(trx, 'activity.changed', { activity: told.id, change: id })
}

function differenceOf(before: Snapshot, after: Snapshot): Record<string, [unknown, unknown]> {
  const [old, now] = [before.compared, after.compared] as Record<string, unknown>[]
  return Object.fromEntries(
    Object.keys(now ?? {}).flatMap((field) =>
      JSON.stringify(old?.[field]) === JSON.stringify(now?.[field])
        ? []
        : [[field, [old?.[field], now?.[field]]]],
    ),
  )
}

export type RowToUndo = { outcome: string; activity: string | null; before: unknown; after: string | null }

/** Takes one row back: withdraws what it made, restores what it changed unless that was edited since, brings back what it called off. */
export async function takeBack(trx: Trx, owner: Owner, row: RowToUndo, now: Date): Promise<Outcome> {
  if (row.activity === null) return 'left'
  const activity = await lockWhole(trx, row.activity)
  if (activity.held !== null) return 'left'
  const step = { id: activity.id, mover: 'host' as const, quiet: true }
  if (row.outcome === 'made') {
    if (activity.state !== 'withdrawn' && !mayMove(activity.state, 'withdrawn', 'host')) return 'left'
    await changeState(trx, owner.viewer, { ...step, to: 'withdrawn' }, now)
    // The row is free again: brought in another time it becomes a new activity.
    await trx.updateTable('activities').set({ sourceId: null }).where('id', '=', activity.id).execute()
    return 'withdrawn'
  }
  if (row.outcome === 'called-off') {
    const was = (row.before as { state: ActivityState }).state
    const to = mayMove('cancelled', was, 'host') ? was : 'waiting'
    if (activity.state !== 'cancelled') return 'edited-since'
    await changeState(trx, owner.viewer, { ...step, to }, now)
    return 'restored'
  }
  const stands = await snapshotOf(trx, activity.id)
  if (row.before === null) return 'left'
  if (fingerprintOf(stands.compared) !== row.after) return 'edited-since'
  const before = row.before as Snapshot
  await putBack(trx, activity, before, now)
  await tell(trx, owner, { id: activity.id, state: activity.state, before: stands, after: before }, now)
  return 'restored'
}
