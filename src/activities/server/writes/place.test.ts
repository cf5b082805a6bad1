import { expect, test } from 'vitest'
import type { Series } from '#activities/activity.ts'
import { datesOf, type Change } from '#activities/series.ts'
import { changeState } from '#activities/server/writes/change-state.ts'
import { replaceDates } from '#activities/server/writes/place.ts'
import { theSite } from '#kernel/viewer.ts'
import { inTransaction } from '#platform/server/db.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeActivity, makeWeek } from '../../../../test/make.ts'

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-09-20T10:00:00Z')

const lay = (id: string, start: string, series: Series | null = null, changes: Change[] = []) => {
  const timing = { timing: 'time', start, end: null, zone: 'Europe/London' } as const
  return inTransaction(db, (trx) => replaceDates(trx, id, datesOf(timing, series, changes)))
}
const datesOfRow = (id: string) =>
  db
    .selectFrom('occurrences')
    .select(['id', 'originalDay', 'startLocal', 'status', 'moved'])
    .where('activity', '=', id)
    .orderBy('originalDay')
    .execute()
const shown = async (id: string) =>
  (await datesOfRow(id)).map((date) => `${date.originalDay} ${date.startLocal?.slice(5)} ${date.status}`)
async function guestOf(activity: string, day: string): Promise<string> {
  const date = (await datesOfRow(activity)).find((one) => one.originalDay === day)
  const { id } = await db
    .insertInto('rsvps')
    .values({
      activity,
      occurrence: date?.id ?? null,
      token: Buffer.from(crypto.randomUUID()),
      email: 'guest@example.org',
      state: 'going',
      seated: now,
      confirmed: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}
const dayOfGuest = async (rsvp: string) =>
  (await db
    .selectFrom('rsvps')
    .innerJoin('occurrences', 'occurrences.id', 'rsvps.occurrence')
    .select(['occurrences.startDay', 'occurrences.status'])
    .where('rsvps.id', '=', rsvp)
    .executeTakeFirst()) ?? null

test('whoever comes to the one date goes along when it moves to another day', async () => {
  const { id } = await makeActivity(db)
  const guest = await guestOf(id, '2027-10-19')
  await lay(id, '2027-10-20T18:00')
  expect(await shown(id)).toEqual(['2027-10-20 10-20T18:00 on'])
  expect(await dayOfGuest(guest)).toEqual({ startDay: '2027-10-20', status: 'on' })
})

test('when a whole series moves to another weekday every guest goes along', async () => {
  const { id } = await makeActivity(db)
  await lay(id, '2027-10-05T10:00', { every: 'week', until: '2027-10-26' })
  const guest = await guestOf(id, '2027-10-19')
  await lay(id, '2027-10-06T10:00', { every: 'week', until: '2027-10-27' })
  expect((await datesOfRow(id)).map((date) => date.originalDay)).toEqual([
    '2027-10-06',
    '2027-10-13',
    '2027-10-20',
    '2027-10-27',
  ])
  expect(await dayOfGuest(guest)).toEqual({ startDay: '2027-10-20', status: 'on' })
})

test('a date that is gone is called off when somebody comes to it and removed when nobody does; changed ones stay changed', async () => {
  const { id } = await makeActivity(db)
  const series = { every: 'week', until: '2027-11-02' } as const
  await lay(id, '2027-10-05T10:00', series, [{ day: '2027-10-12', to: '2027-10-13T15:00' }])
  const guest = await guestOf(id, '2027-10-26')
  await lay(id, '2027-10-05T11:00', { every: 'week', until: '2027-10-19' }, [
    { day: '2027-10-12', to: '2027-10-13T15:00' },
  ])
  expect(await shown(id)).toEqual([
    '2027-10-05 10-05T11:00 on',
    '2027-10-12 10-13T15:00 on',
    '2027-10-19 10-19T11:00 on',
    '2027-10-26 10-26T10:00 cancelled',
  ])
  expect(await dayOfGuest(guest)).toEqual({ startDay: '2027-10-26', status: 'cancelled' })
})

test('laying the same dates twice changes nothing', async () => {
  const { id } = await makeActivity(db)
  const series = { every: 'fortnight', until: '2027-11-16' } as const
  await lay(id, '2027-10-19T10:00', series)
  const before = await datesOfRow(id)
  await lay(id, '2027-10-19T10:00', series)
  expect(await datesOfRow(id)).toEqual(before)
})

test('only what is on the list when it is called off stays there as cancelled', async () => {
  const step = (id: string, to: 'cancelled' | 'by-link', mover: 'host' | 'reviewer') =>
    inTransaction(db, (trx) => changeState(trx, theSite, { id, to, mover, reason: 'Because.' }, now))
  const publishedOf = async (id: string) =>
    (await db.selectFrom('activities').select('published').where('id', '=', id).executeTakeFirstOrThrow())
      .published
  const listed = await makeActivity(db)
  await step(listed.id, 'cancelled', 'host')
  expect(await publishedOf(listed.id)).not.toBeNull()
  const taken = await makeActivity(db)
  await step(taken.id, 'by-link', 'reviewer')
  await step(taken.id, 'cancelled', 'host')
  expect(await publishedOf(taken.id)).toBeNull()
})
