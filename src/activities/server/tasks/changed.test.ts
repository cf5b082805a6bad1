import * as v from 'valibot'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ActivityState } from '#activities/activity.ts'
import { coming } from '#activities/rsvp.ts'
import { tellGuestsItIsOff, tellGuestsItIsOn, tellGuestsOfChange } from '#activities/server/tasks/changed.ts'
import {
  deleteOldAccessRequests,
  forgetOldGuests,
  removeUnconfirmed,
} from '#activities/server/tasks/retention.ts'
import { comeTo } from '#activities/server/writes/come.ts'
import { answerAfterwards, giveSeatBack, quietMails } from '#activities/server/writes/guest-page.ts'
import { anybody } from '#kernel/viewer.ts'
import { testDatabase } from '../../../../test/db.ts'
import { deliverAll, early, joinAs, queued, withGuest } from '../../../../test/guests.ts'
import { makeActivity, makeWeek } from '../../../../test/make.ts'

const db = await testDatabase()
const at = (iso: string): Date => new Date(iso)

beforeAll(async () => {
  await makeWeek(db)
})
beforeEach(async () => {
  for (const table of ['activities', 'mails', 'rateCounts'] as const) await db.deleteFrom(table).execute()
})

describe('when it changes', () => {
  const change = async (activity: string, diff: Record<string, unknown>): Promise<number> =>
    (
      await db
        .insertInto('activityChanges')
        .values({ activity, diff: JSON.stringify(diff) })
        .returning('id')
        .executeTakeFirstOrThrow()
    ).id

  test('guests are told what matters to them, once, and nothing of the rest', async () => {
    const { id } = await withGuest(db, { startLocal: '2027-10-19T10:00' })
    const small = await change(id, { summary: ['a', 'b'] })
    await tellGuestsOfChange(db, { activity: id, change: small }, early)
    expect(await queued(db)).toEqual([])
    const large = await change(id, { startLocal: ['x', 'y'], address: [null, 'Hall 2'] })
    await tellGuestsOfChange(db, { activity: id, change: large }, early)
    await tellGuestsOfChange(db, { activity: id, change: large }, early)
    const letters = await deliverAll(db, at('2027-10-01T12:01:00Z'))
    expect(letters).toHaveLength(1)
    expect(letters[0]?.text).toContain('When it is has changed.\nWhere it is has changed.')
    expect(letters[0]?.calendar).toContain('UID:')
  })

  test('more room lets in those who wait, at once', async () => {
    const { id, slug } = await withGuest(db, { capacity: 1 })
    await joinAs(db, slug, 'bob@people.org')
    await db.deleteFrom('mails').execute()
    await db.updateTable('activities').set({ capacity: 2 }).where('id', '=', id).execute()
    await tellGuestsOfChange(db, { activity: id, change: 0 }, early)
    expect(await queued(db)).toEqual(['rsvp-moved-up → bob@people.org'])
  })

  test('called off is told at once, also to somebody who wants no notices; one date only to its guests', async () => {
    const { id, slug } = await makeActivity(db, {
      occurrences: [{ day: '2027-10-19' }, { day: '2027-10-26' }],
    })
    const dates = await db.selectFrom('occurrences').select('id').orderBy('starts').execute()
    const [first = '', second = ''] = dates.map((date) => date.id)
    await joinAs(db, slug, 'ann@people.org', { occurrence: first })
    const bob = await joinAs(db, slug, 'bob@people.org', { occurrence: second })
    await quietMails(db, anybody, { token: bob }, early)
    await db.deleteFrom('mails').execute()
    await db.updateTable('occurrences').set({ status: 'cancelled' }).where('id', '=', second).execute()
    await tellGuestsItIsOff(db, { activity: id, occurrence: second }, early)
    // An edit that dropped the date tells the same, and only once.
    await tellGuestsOfChange(db, { activity: id, change: 0 }, early)
    expect(await queued(db)).toEqual(['activity-cancelled → bob@people.org'])
    await db
      .updateTable('activities')
      .set({ state: 'cancelled', reason: 'Flood' })
      .where('id', '=', id)
      .execute()
    await tellGuestsItIsOff(db, { activity: id }, early)
    await tellGuestsItIsOff(db, { activity: id }, early)
    expect(await queued(db)).toEqual([
      'activity-cancelled → ann@people.org',
      'activity-cancelled → bob@people.org',
      'activity-cancelled → bob@people.org',
    ])
    const letters = await deliverAll(db, at('2027-10-01T12:01:00Z'))
    expect(letters.find((letter) => letter.to === 'ann@people.org')?.text).toContain('Flood')
  })
})

test('only who has a seat is told that it is given back when it is off', async () => {
  const { id, slug } = await withGuest(db, { capacity: 1 })
  await joinAs(db, slug, 'bob@people.org')
  await db.deleteFrom('mails').execute()
  await db.updateTable('activities').set({ state: 'cancelled' }).where('id', '=', id).execute()
  await tellGuestsItIsOff(db, { activity: id }, early)
  const letters = await deliverAll(db, at('2027-10-01T12:01:00Z'))
  const told = new Map(letters.map((letter) => [letter.to, letter.text.includes('Your seat is given back')]))
  expect(told).toEqual(
    new Map([
      ['ann@people.org', true],
      ['bob@people.org', false],
    ]),
  )
})

describe('when it is brought back', () => {
  test('whoever was told that it is off is told that it happens after all; others are not', async () => {
    const { id } = await withGuest(db)
    const move = (state: ActivityState, sequence: number) =>
      db.updateTable('activities').set({ state, sequence }).where('id', '=', id).execute()
    await move('cancelled', 1)
    await tellGuestsItIsOff(db, { activity: id }, early)
    await tellGuestsItIsOn(db, { activity: id }, early)
    expect(await queued(db)).toEqual(['activity-cancelled → ann@people.org'])
    await move('published', 2)
    await tellGuestsItIsOn(db, { activity: id }, early)
    await tellGuestsItIsOn(db, { activity: id }, early)
    const letters = await deliverAll(db, at('2027-10-01T12:01:00Z'))
    expect(letters.filter((letter) => letter.text.includes('It happens after all.'))).toHaveLength(1)
  })
})

describe('what is forgotten', () => {
  const needs = { request: 'A hearing loop', agreed: 'on', name: 'Ann' }

  test('private requests 30 days after; the postponed ones later', async () => {
    const { id, slug } = await makeActivity(db, { startLocal: '2027-10-19T10:00' })
    await joinAs(db, slug, 'ann@people.org', needs)
    expect(await deleteOldAccessRequests(db, at('2027-11-18T10:59:00Z'))).toBe(0)
    await db.updateTable('occurrences').set({ ends: '2027-11-19T12:00:00Z' }).execute()
    await tellGuestsOfChange(db, { activity: id, change: 0 }, early)
    expect(await deleteOldAccessRequests(db, at('2027-11-18T11:00:00Z'))).toBe(0)
    expect(await deleteOldAccessRequests(db, at('2027-12-19T12:00:00Z'))).toBe(1)
    expect(await deleteOldAccessRequests(db, at('2027-12-19T12:00:00Z'))).toBe(0)
  })

  test('names and addresses 90 days after, while the numbers stay', async () => {
    const { slug } = await makeActivity(db, { startLocal: '2027-10-19T10:00' })
    const token = await joinAs(db, slug, 'ann@people.org', needs)
    await joinAs(db, slug, 'bob@people.org', { seats: '3' })
    await answerAfterwards(db, anybody, { token, came: 'yes', isNew: 'yes' }, at('2027-10-19T12:00:00Z'))
    expect(await forgetOldGuests(db, at('2028-01-17T10:59:00Z'))).toBe(0)
    expect(await forgetOldGuests(db, at('2028-01-17T11:00:00Z'))).toBe(2)
    expect(await forgetOldGuests(db, at('2028-01-18T11:00:00Z'))).toBe(0)
    const rows = await db.selectFrom('rsvps').selectAll().orderBy('seats').execute()
    expect(rows.map(({ email, name, seats, state, came }) => ({ email, name, seats, state, came }))).toEqual([
      { email: null, name: '', seats: 1, state: 'going', came: true },
      { email: null, name: '', seats: 3, state: 'going', came: null },
    ])
    await expect(giveSeatBack(db, anybody, { token }, early)).rejects.toThrow('come.link')
    const left = JSON.stringify(rows)
    expect(left).not.toMatch(/ann@|bob@|Ann/)
  })

  test('what was never confirmed is gone after a week', async () => {
    const { slug } = await makeActivity(db)
    await comeTo(db, anybody, v.parse(coming, { slug, email: 'typo@people.org', ...needs }), early)
    expect(await removeUnconfirmed(db, at('2027-10-08T11:59:00Z'))).toBe(0)
    expect(await removeUnconfirmed(db, at('2027-10-08T12:00:00Z'))).toBe(1)
    expect(await db.selectFrom('accessRequests').selectAll().execute()).toEqual([])
  })
})
