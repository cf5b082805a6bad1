import * as v from 'valibot'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { coming } from '#activities/rsvp.ts'
import { guestWord } from '#activities/server/reads/rsvp.ts'
import { hostByToken } from '#activities/server/reads/host-link.ts'
import { askAfterwards, askHosts, remindGuests } from '#activities/server/tasks/by-the-clock.ts'
import { tellGuestsItIsOff, tellGuestsOfChange } from '#activities/server/tasks/changed.ts'
import {
  deleteOldAccessRequests,
  forgetOldGuests,
  removeUnconfirmed,
} from '#activities/server/tasks/retention.ts'
import { comeTo } from '#activities/server/writes/come.ts'
import { confirmSeat } from '#activities/server/writes/confirm-seat.ts'
import { answerAfterwards, giveSeatBack, quietMails } from '#activities/server/writes/guest-page.ts'
import { anybody } from '#kernel/viewer.ts'
import { deliverMail, type Letter } from '#platform/server/mail.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeActivity, makeWeek, type ActivityOver } from '../../../../test/make.ts'

const db = await testDatabase()
const early = new Date('2027-10-01T12:00:00Z')
const at = (iso: string): Date => new Date(iso)

beforeAll(async () => {
  await makeWeek(db)
})
beforeEach(async () => {
  for (const table of ['activities', 'mails', 'rateCounts'] as const) await db.deleteFrom(table).execute()
})

/** An activity with one guest who is going since the first of October; the mails so far are put aside. */
async function withGuest(over: ActivityOver = {}, email = 'ann@people.org', when = early) {
  const made = await makeActivity(db, { hostEmail: 'host@people.org', ...over })
  await join(made.slug, email, when)
  await db.deleteFrom('mails').execute()
  return made
}
async function join(slug: string, email: string, when = early, more: Record<string, string> = {}) {
  await comeTo(db, anybody, v.parse(coming, { slug, email, ...more }), when)
  const token = await wordOf(email)
  await confirmSeat(db, anybody, { token }, when)
  return token
}
const wordOf = async (email: string): Promise<string> =>
  guestWord(
    (
      await db
        .selectFrom('rsvps')
        .select('id')
        .where('email', '=', email)
        .orderBy('created', 'desc')
        .executeTakeFirstOrThrow()
    ).id,
  )
const queued = async (): Promise<string[]> =>
  (await db.selectFrom('mails').select(['name', 'address']).orderBy('name').orderBy('address').execute()).map(
    (mail) => `${mail.name} → ${mail.address}`,
  )
const sent: Letter[] = []
const deliver = deliverMail(
  async (letter) => void sent.push(letter),
  async () => 'A Bit Extra',
)
async function deliverAll(now: Date): Promise<Letter[]> {
  sent.length = 0
  const waiting = await db.selectFrom('mails').select('id').where('state', '=', 'waiting').execute()
  for (const mail of waiting) await deliver(db, { id: mail.id }, now)
  return [...sent]
}

describe('the day before', () => {
  test('everybody who comes is reminded once, from ten by the clock of the place', async () => {
    await withGuest({ startLocal: '2027-10-19T10:00', zone: 'Europe/London' })
    await remindGuests(db, {}, at('2027-10-18T08:59:00Z'))
    expect(await queued()).toEqual([])
    await remindGuests(db, {}, at('2027-10-18T09:00:00Z'))
    await remindGuests(db, {}, at('2027-10-18T09:10:00Z'))
    expect(await queued()).toEqual(['reminder → ann@people.org'])
    const [letter] = await deliverAll(at('2027-10-18T09:11:00Z'))
    expect(letter?.subject).toBe('Tomorrow: Coffee morning')
    expect(letter?.text).toContain('Tuesday 19 October 2027, 10:00 to 12:00 (British Summer Time)')
    expect(letter?.text).toContain(`/come/${await wordOf('ann@people.org')}`)
    expect(letter?.replyTo).toBeNull()
  })

  test('an act of a day is reminded by the clock of the nearest town', async () => {
    await withGuest({
      timing: 'day',
      startDay: '2027-10-20',
      lat: 35.68,
      lon: 139.69,
      town: 'Tokyo',
      country: 'JP',
    })
    await remindGuests(db, {}, at('2027-10-19T00:59:00Z'))
    expect(await queued()).toEqual([])
    await remindGuests(db, {}, at('2027-10-19T01:00:00Z'))
    expect(await queued()).toHaveLength(1)
  })

  test('a worker that was away sends what is still true, and drops the rest', async () => {
    await withGuest({ startLocal: '2027-10-19T10:00' })
    await remindGuests(db, {}, at('2027-10-18T22:30:00Z'))
    expect(await queued()).toHaveLength(1)
    expect(await deliverAll(at('2027-10-18T23:01:00Z'))).toEqual([])
    expect((await db.selectFrom('mails').select('state').execute())[0]?.state).toBe('dropped')
    await db.deleteFrom('mails').execute()
    await remindGuests(db, {}, at('2027-10-18T23:00:00Z'))
    expect(await queued()).toEqual([])
  })

  test('not those who wait, gave it back, want no mail, came late, or are of the example', async () => {
    const { slug } = await withGuest({ startLocal: '2027-10-19T10:00', capacity: 1 })
    await join(slug, 'waits@people.org')
    await db.deleteFrom('mails').execute()
    await quietMails(db, anybody, { token: await wordOf('ann@people.org') }, early)
    const other = await withGuest({ startLocal: '2027-10-19T10:00' }, 'gone@people.org')
    await giveSeatBack(db, anybody, { token: await wordOf('gone@people.org') }, early)
    await join(other.slug, 'late@people.org', at('2027-10-18T09:30:00Z'))
    await withGuest({ startLocal: '2027-10-19T10:00', example: true }, 'example@people.org')
    await db.deleteFrom('mails').execute()
    await remindGuests(db, {}, at('2027-10-18T09:40:00Z'))
    expect(await queued()).toEqual([])
  })

  test('nobody gets more than one notice a day, however much they go to', async () => {
    const first = await withGuest({ startLocal: '2027-10-19T10:00' })
    const second = await makeActivity(db, { startLocal: '2027-10-19T14:00', title: 'Second' })
    await join(second.slug, 'ann@people.org', at('2027-10-01T12:05:00Z'))
    await db.deleteFrom('mails').execute()
    expect(first.slug).not.toBe(second.slug)
    await remindGuests(db, {}, at('2027-10-18T09:00:00Z'))
    expect(await deliverAll(at('2027-10-18T09:01:00Z'))).toHaveLength(1)
    expect(sent[0]?.text).toContain('Second')
  })
})

describe('after it', () => {
  test('guests are asked once, at ten on the next day, unless they have said it', async () => {
    const { slug } = await withGuest({ startLocal: '2027-10-19T10:00' })
    const bob = await join(slug, 'bob@people.org')
    await db.deleteFrom('mails').execute()
    await answerAfterwards(db, anybody, { token: bob, came: 'yes', isNew: 'yes' }, at('2027-10-19T12:00:00Z'))
    await askAfterwards(db, {}, at('2027-10-20T08:59:00Z'))
    expect(await queued()).toEqual([])
    await askAfterwards(db, {}, at('2027-10-20T09:00:00Z'))
    await askAfterwards(db, {}, at('2027-10-20T09:10:00Z'))
    expect(await queued()).toEqual(['afterwards → ann@people.org'])
    await db.deleteFrom('mails').execute()
    await askAfterwards(db, {}, at('2027-10-27T09:00:00Z'))
    expect(await queued()).toEqual([])
  })

  test('the host gets one mail at four on the day it ends, with a fresh link', async () => {
    const { id } = await withGuest({ startLocal: '2027-10-19T10:00' })
    await askHosts(db, {}, at('2027-10-19T14:59:00Z'))
    expect(await queued()).toEqual([])
    await askHosts(db, {}, at('2027-10-19T15:00:00Z'))
    await askHosts(db, {}, at('2027-10-19T15:10:00Z'))
    expect(await queued()).toEqual(['report → host@people.org'])
    const [letter] = await deliverAll(at('2027-10-19T15:11:00Z'))
    const token = /\/edit\/([^/\s]+)\/report/.exec(letter?.text ?? '')?.[1] ?? ''
    expect(await hostByToken(db, token, at('2027-10-19T15:12:00Z'))).toEqual({
      activity: id,
      email: 'host@people.org',
    })
    expect(await db.selectFrom('hostLinks').selectAll().execute()).toHaveLength(1)
  })

  test('an evening is asked about at nine the next morning; a series once, after its last date', async () => {
    await makeActivity(db, { startLocal: '2027-10-19T19:00', hostEmail: 'evening@people.org' })
    await makeActivity(db, {
      occurrences: [{ day: '2027-10-12' }, { day: '2027-10-19' }, { day: '2027-10-26', status: 'cancelled' }],
      hostEmail: 'series@people.org',
    })
    await askHosts(db, {}, at('2027-10-12T20:00:00Z'))
    expect(await queued()).toEqual([])
    await askHosts(db, {}, at('2027-10-19T22:00:00Z'))
    expect(await queued()).toEqual(['report → series@people.org'])
    await askHosts(db, {}, at('2027-10-20T08:00:00Z'))
    expect(await queued()).toEqual(['report → evening@people.org', 'report → series@people.org'])
  })

  test('some time this week is asked about on its Sunday', async () => {
    await makeActivity(db, { timing: 'week', hostEmail: 'week@people.org', lat: 53.79, lon: -1.55 })
    await askHosts(db, {}, at('2027-10-24T14:59:00Z'))
    expect(await queued()).toEqual([])
    await askHosts(db, {}, at('2027-10-24T15:00:00Z'))
    expect(await queued()).toEqual(['report → week@people.org'])
  })

  test('not when it was told, called off, never confirmed, of the example, or weeks ago', async () => {
    const told = await makeActivity(db, { hostEmail: 'told@people.org' })
    await db.insertInto('attendanceReports').values({ activity: told.id, came: 1, newPeople: 0 }).execute()
    await makeActivity(db, { hostEmail: 'off@people.org', state: 'cancelled' })
    await makeActivity(db, { hostEmail: 'unverified@people.org', state: 'unverified' })
    await makeActivity(db, { hostEmail: 'example@people.org', example: true })
    await askHosts(db, {}, at('2027-10-19T15:00:00Z'))
    expect(await queued()).toEqual([])
    await makeActivity(db, { hostEmail: 'old@people.org' })
    await askHosts(db, {}, at('2027-11-02T15:00:00Z'))
    expect(await queued()).toEqual([])
  })
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
    const { id } = await withGuest({ startLocal: '2027-10-19T10:00' })
    const small = await change(id, { summary: ['a', 'b'] })
    await tellGuestsOfChange(db, { activity: id, change: small }, early)
    expect(await queued()).toEqual([])
    const large = await change(id, { startLocal: ['x', 'y'], address: [null, 'Hall 2'] })
    await tellGuestsOfChange(db, { activity: id, change: large }, early)
    await tellGuestsOfChange(db, { activity: id, change: large }, early)
    const letters = await deliverAll(at('2027-10-01T12:01:00Z'))
    expect(letters).toHaveLength(1)
    expect(letters[0]?.text).toContain('When it is has changed.\nWhere it is has changed.')
    expect(letters[0]?.calendar).toContain('UID:')
  })

  test('more room lets in those who wait, at once', async () => {
    const { id, slug } = await withGuest({ capacity: 1 })
    await join(slug, 'bob@people.org')
    await db.deleteFrom('mails').execute()
    await db.updateTable('activities').set({ capacity: 2 }).where('id', '=', id).execute()
    await tellGuestsOfChange(db, { activity: id, change: 0 }, early)
    expect(await queued()).toEqual(['rsvp-moved-up → bob@people.org'])
  })

  test('called off is told at once, also to somebody who wants no notices; one date only to its guests', async () => {
    const { id, slug } = await makeActivity(db, {
      occurrences: [{ day: '2027-10-19' }, { day: '2027-10-26' }],
    })
    const dates = await db.selectFrom('occurrences').select('id').orderBy('starts').execute()
    const [first = '', second = ''] = dates.map((date) => date.id)
    await join(slug, 'ann@people.org', early, { occurrence: first })
    const bob = await join(slug, 'bob@people.org', early, { occurrence: second })
    await quietMails(db, anybody, { token: bob }, early)
    await db.deleteFrom('mails').execute()
    await db.updateTable('occurrences').set({ status: 'cancelled' }).where('id', '=', second).execute()
    await tellGuestsItIsOff(db, { activity: id, occurrence: second }, early)
    expect(await queued()).toEqual(['activity-cancelled → bob@people.org'])
    await db
      .updateTable('activities')
      .set({ state: 'cancelled', reason: 'Flood' })
      .where('id', '=', id)
      .execute()
    await tellGuestsItIsOff(db, { activity: id }, early)
    await tellGuestsItIsOff(db, { activity: id }, early)
    expect(await queued()).toEqual([
      'activity-cancelled → ann@people.org',
      'activity-cancelled → bob@people.org',
    ])
    const letters = await deliverAll(at('2027-10-01T12:01:00Z'))
    expect(letters.find((letter) => letter.to === 'ann@people.org')?.text).toContain('Flood')
  })
})

describe('what is forgotten', () => {
  const needs = { request: 'A hearing loop', agreed: 'on', name: 'Ann' }

  test('private requests 30 days after; the postponed ones later', async () => {
    const { id, slug } = await makeActivity(db, { startLocal: '2027-10-19T10:00' })
    await join(slug, 'ann@people.org', early, needs)
    expect(await deleteOldAccessRequests(db, at('2027-11-18T10:59:00Z'))).toBe(0)
    await db.updateTable('occurrences').set({ ends: '2027-11-19T12:00:00Z' }).execute()
    await tellGuestsOfChange(db, { activity: id, change: 0 }, early)
    expect(await deleteOldAccessRequests(db, at('2027-11-18T11:00:00Z'))).toBe(0)
    expect(await deleteOldAccessRequests(db, at('2027-12-19T12:00:00Z'))).toBe(1)
    expect(await deleteOldAccessRequests(db, at('2027-12-19T12:00:00Z'))).toBe(0)
  })

  test('names and addresses 90 days after, while the numbers stay', async () => {
    const { slug } = await makeActivity(db, { startLocal: '2027-10-19T10:00' })
    const token = await join(slug, 'ann@people.org', early, needs)
    await join(slug, 'bob@people.org', early, { seats: '3' })
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
