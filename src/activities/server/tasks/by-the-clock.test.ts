import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { hostByToken } from '#activities/server/reads/host-link.ts'
import { askAfterwards, askHosts, remindGuests } from '#activities/server/tasks/by-the-clock.ts'
import { answerAfterwards, giveSeatBack, quietMails } from '#activities/server/writes/guest-page.ts'
import { anybody } from '#kernel/viewer.ts'
import { testDatabase } from '../../../../test/db.ts'
import { deliverAll, early, joinAs, queued, withGuest, wordOf } from '../../../../test/guests.ts'
import { makeActivity, makeWeek } from '../../../../test/make.ts'

const db = await testDatabase()
const at = (iso: string): Date => new Date(iso)

beforeAll(async () => {
  await makeWeek(db)
})
beforeEach(async () => {
  for (const table of ['activities', 'mails', 'rateCounts'] as const) await db.deleteFrom(table).execute()
})

describe('the day before', () => {
  test('everybody who comes is reminded once, from ten by the clock of the place', async () => {
    await withGuest(db, { startLocal: '2027-10-19T10:00', zone: 'Europe/London' })
    await remindGuests(db, {}, at('2027-10-18T08:59:00Z'))
    expect(await queued(db)).toEqual([])
    await remindGuests(db, {}, at('2027-10-18T09:00:00Z'))
    await remindGuests(db, {}, at('2027-10-18T09:10:00Z'))
    expect(await queued(db)).toEqual(['reminder → ann@people.org'])
    const [letter] = await deliverAll(db, at('2027-10-18T09:11:00Z'))
    expect(letter?.subject).toBe('Tomorrow: Coffee morning')
    expect(letter?.text).toContain('Tuesday 19 October 2027, 10:00 to 12:00 (British Summer Time)')
    expect(letter?.text).toContain(`/come/${await wordOf(db, 'ann@people.org')}`)
    expect(letter?.replyTo).toBeNull()
  })

  test('an act of a day is reminded by the clock of the nearest town', async () => {
    await withGuest(db, {
      timing: 'day',
      startDay: '2027-10-20',
      lat: 35.68,
      lon: 139.69,
      town: 'Tokyo',
      country: 'JP',
    })
    await remindGuests(db, {}, at('2027-10-19T00:59:00Z'))
    expect(await queued(db)).toEqual([])
    await remindGuests(db, {}, at('2027-10-19T01:00:00Z'))
    expect(await queued(db)).toHaveLength(1)
  })

  test('a worker that was away sends what is still true, and drops the rest', async () => {
    await withGuest(db, { startLocal: '2027-10-19T10:00' })
    await remindGuests(db, {}, at('2027-10-18T22:30:00Z'))
    expect(await queued(db)).toHaveLength(1)
    expect(await deliverAll(db, at('2027-10-18T23:01:00Z'))).toEqual([])
    expect((await db.selectFrom('mails').select('state').execute())[0]?.state).toBe('dropped')
    await db.deleteFrom('mails').execute()
    await remindGuests(db, {}, at('2027-10-18T23:00:00Z'))
    expect(await queued(db)).toEqual([])
  })

  test('not those who wait, gave it back, want no mail, came late, or are of the example', async () => {
    const { slug } = await withGuest(db, { startLocal: '2027-10-19T10:00', capacity: 1 })
    await joinAs(db, slug, 'waits@people.org')
    await db.deleteFrom('mails').execute()
    await quietMails(db, anybody, { token: await wordOf(db, 'ann@people.org') }, early)
    const other = await withGuest(db, { startLocal: '2027-10-19T10:00' }, 'gone@people.org')
    await giveSeatBack(db, anybody, { token: await wordOf(db, 'gone@people.org') }, early)
    await joinAs(db, other.slug, 'late@people.org', { when: at('2027-10-18T09:30:00Z') })
    await withGuest(db, { startLocal: '2027-10-19T10:00', example: true }, 'example@people.org')
    await db.deleteFrom('mails').execute()
    await remindGuests(db, {}, at('2027-10-18T09:40:00Z'))
    expect(await queued(db)).toEqual([])
  })

  test('nobody gets more than one notice a day, however much they go to', async () => {
    const first = await withGuest(db, { startLocal: '2027-10-19T10:00' })
    const second = await makeActivity(db, { startLocal: '2027-10-19T14:00', title: 'Second' })
    await joinAs(db, second.slug, 'ann@people.org', { when: at('2027-10-01T12:05:00Z') })
    await db.deleteFrom('mails').execute()
    expect(first.slug).not.toBe(second.slug)
    await remindGuests(db, {}, at('2027-10-18T09:00:00Z'))
    const sent = await deliverAll(db, at('2027-10-18T09:01:00Z'))
    expect(sent).toHaveLength(1)
    expect(sent[0]?.text).toContain('Second')
  })
})

describe('after it', () => {
  test('guests are asked once, at ten on the next day, unless they have said it', async () => {
    const { slug } = await withGuest(db, { startLocal: '2027-10-19T10:00' })
    const bob = await joinAs(db, slug, 'bob@people.org')
    await db.deleteFrom('mails').execute()
    await answerAfterwards(db, anybody, { token: bob, came: 'yes', isNew: 'yes' }, at('2027-10-19T12:00:00Z'))
    await askAfterwards(db, {}, at('2027-10-20T08:59:00Z'))
    expect(await queued(db)).toEqual([])
    await askAfterwards(db, {}, at('2027-10-20T09:00:00Z'))
    await askAfterwards(db, {}, at('2027-10-20T09:10:00Z'))
    expect(await queued(db)).toEqual(['afterwards → ann@people.org'])
    await db.deleteFrom('mails').execute()
    await askAfterwards(db, {}, at('2027-10-27T09:00:00Z'))
    expect(await queued(db)).toEqual([])
  })

  test('the host gets one mail at four on the day it ends, with a fresh link', async () => {
    const { id } = await withGuest(db, { startLocal: '2027-10-19T10:00' })
    await askHosts(db, {}, at('2027-10-19T14:59:00Z'))
    expect(await queued(db)).toEqual([])
    await askHosts(db, {}, at('2027-10-19T15:00:00Z'))
    await askHosts(db, {}, at('2027-10-19T15:10:00Z'))
    expect(await queued(db)).toEqual(['report → host@people.org'])
    const [letter] = await deliverAll(db, at('2027-10-19T15:11:00Z'))
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
    expect(await queued(db)).toEqual([])
    await askHosts(db, {}, at('2027-10-19T22:00:00Z'))
    expect(await queued(db)).toEqual(['report → series@people.org'])
    await askHosts(db, {}, at('2027-10-20T08:00:00Z'))
    expect(await queued(db)).toEqual(['report → evening@people.org', 'report → series@people.org'])
  })

  test('some time this week is asked about on its Sunday', async () => {
    await makeActivity(db, { timing: 'week', hostEmail: 'week@people.org', lat: 53.79, lon: -1.55 })
    await askHosts(db, {}, at('2027-10-24T14:59:00Z'))
    expect(await queued(db)).toEqual([])
    await askHosts(db, {}, at('2027-10-24T15:00:00Z'))
    expect(await queued(db)).toEqual(['report → week@people.org'])
  })

  test('not when it was told, called off, never confirmed, of the example, or weeks ago', async () => {
    const told = await makeActivity(db, { hostEmail: 'told@people.org' })
    await db.insertInto('attendanceReports').values({ activity: told.id, came: 1, newPeople: 0 }).execute()
    await makeActivity(db, { hostEmail: 'off@people.org', state: 'cancelled' })
    await makeActivity(db, { hostEmail: 'unverified@people.org', state: 'unverified' })
    await makeActivity(db, { hostEmail: 'example@people.org', example: true })
    await askHosts(db, {}, at('2027-10-19T15:00:00Z'))
    expect(await queued(db)).toEqual([])
    await makeActivity(db, { hostEmail: 'old@people.org' })
    await askHosts(db, {}, at('2027-11-02T15:00:00Z'))
    expect(await queued(db)).toEqual([])
  })
})
