import { replaceDates } from '#activities/server/writes/place.ts'
import type { DateRow } from '#activities/timing.ts'
import type { Trx } from '#platform/server/db.ts'

/** Everything of an activity that its host may change. */
export const snapshotFields = [
  'kind',
  'title',
  'summary',
  'description',
  'mode',
  'timing',
  'startDay',
  'endDay',
  'startLocal',
  'endLocal',
  'zone',
  'series',
  'placeName',
  'address',
  'town',
  'country',
  'lat',
  'lon',
  'exact',
  'privatePlace',
  'publicLat',
  'publicLon',
  'placeDetails',
  'joinUrl',
  'joinDetails',
  'languages',
  'access',
  'signLanguages',
  'arrive',
  'welcome',
  'capacity',
  'onlineCapacity',
  'takesRsvps',
  'group',
  'hostName',
] as const

type Kept = {
  originalDay: string
  startDay: string
  endDay: string
  startLocal: string | null
  endLocal: string | null
  starts: string
  ends: string
  status: string
  moved: boolean
}
/** How an activity stood: what is compared, and what the clock moves on by itself. */
export type Snapshot = {
  compared: Record<string, unknown> & { occurrences: Kept[] }
  sortStart: string
  lastEnd: string
}

/** Answers how an activity stands, in values that can be written down. */
export async function snapshotOf(trx: Trx, id: string): Promise<Snapshot> {
  const { sortStart, lastEnd, ...row } = await trx
    .selectFrom('activities')
    .select(snapshotFields)
    .select(['sortStart', 'lastEnd'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  const occurrences = await trx
    .selectFrom('occurrences')
    .select([
      'originalDay',
      'startDay',
      'endDay',
      'startLocal',
      'endLocal',
      'starts',
      'ends',
      'status',
      'moved',
    ])
    .where('activity', '=', id)
    .orderBy('originalDay')
    .execute()
  const plain = { compared: { ...row, occurrences }, sortStart, lastEnd }
  return JSON.parse(JSON.stringify(plain)) as Snapshot
}

/** Puts an activity back to how it stood. */
export async function putBack(
  trx: Trx,
  activity: { id: string; revision: number; sequence: number },
  snapshot: Snapshot,
  now: Date,
): Promise<void> {
  const { occurrences, series, ...row } = snapshot.compared
  await trx
    .updateTable('activities')
    .set({
      ...(row as object),
      series: series === null ? null : JSON.stringify(series),
      sortStart: snapshot.sortStart,
      lastEnd: snapshot.lastEnd,
      updated: now,
      revision: activity.revision + 1,
      sequence: activity.sequence + 1,
    })
    .where('id', '=', activity.id)
    .execute()
  const dates = occurrences.map((one): DateRow => ({
    ...one,
    starts: new Date(one.starts),
    ends: new Date(one.ends),
    status: one.status === 'on' ? 'on' : 'cancelled',
  }))
  await replaceDates(trx, activity.id, dates)
}
