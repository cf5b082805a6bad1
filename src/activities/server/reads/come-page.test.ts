import { beforeAll, describe, expect, test } from 'vitest'
import { readComePage, readTablePage } from '#activities/server/reads/come-page.ts'
import { fullWays } from '#activities/server/reads/seats.ts'
import { anybody } from '#kernel/viewer.ts'
import { testDatabase } from '../../../../test/db.ts'
import { early, joinAs } from '../../../../test/guests.ts'
import { makeActivity, makeWeek } from '../../../../test/make.ts'

const db = await testDatabase()
beforeAll(async () => {
  await makeWeek(db)
})
const read = (slug: string, when = early) => readComePage(db, anybody, { slug, language: 'en' }, when)

describe('the page for saying "I am coming"', () => {
  test('offers the dates ahead with their seats, and nothing of a private place but its town', async () => {
    const { slug } = await makeActivity(db, {
      privatePlace: true,
      placeName: 'Oak School',
      address: '1 Hidden Lane',
      capacity: 3,
      occurrences: [{ day: '2027-09-30' }, { day: '2027-10-19' }, { day: '2027-10-26', status: 'cancelled' }],
    })
    const page = await read(slug)
    expect(page).toMatchObject({ closed: null, asks: true, where: 'Leeds, United Kingdom' })
    expect(page.dates).toHaveLength(1)
    expect(page.dates[0]).toMatchObject({ seats: [{ joining: 'in-person', free: 3, waiting: 0 }] })
    expect(JSON.stringify(page)).not.toMatch(/Oak|Hidden/)
  })

  test('says that no seat is free while somebody waits, also when one is', async () => {
    const { slug } = await makeActivity(db, { capacity: 3 })
    await joinAs(db, slug, 'ann@people.org', { seats: '2' })
    await joinAs(db, slug, 'bob@people.org', { seats: '2' })
    expect((await read(slug)).dates[0]?.seats).toEqual([{ joining: 'in-person', free: 0, waiting: 2 }])
  })

  test('what is full is known by that alone, each way for itself, and of several dates when all are', async () => {
    const full = async (...slugs: string[]) =>
      fullWays(
        db,
        slugs.map((slug) => ({ slug, limited: true })),
        early,
      )
    const one = await makeActivity(db, { capacity: 2 })
    const both = await makeActivity(db, { mode: 'hybrid', capacity: 1, onlineCapacity: 1 })
    const open = await makeActivity(db)
    const days = await makeActivity(db, {
      capacity: 1,
      occurrences: [{ day: '2027-10-19' }, { day: '2027-10-26' }],
    })
    const dates = await db.selectFrom('occurrences').select('id').where('activity', '=', days.id).execute()
    await joinAs(db, one.slug, 'full1@people.org')
    await joinAs(db, both.slug, 'full2@people.org', { joining: 'in-person' })
    await joinAs(db, open.slug, 'full3@people.org')
    await joinAs(db, days.slug, 'full4@people.org', { occurrence: dates[0]?.id })
    expect(await full(one.slug, both.slug, open.slug, days.slug)).toEqual({ [both.slug]: ['in-person'] })
    await joinAs(db, one.slug, 'full5@people.org', { seats: '2' })
    await joinAs(db, days.slug, 'full6@people.org', { occurrence: dates[1]?.id })
    await joinAs(db, both.slug, 'full7@people.org', { joining: 'online' })
    expect(await full(one.slug, both.slug, days.slug)).toEqual({
      [one.slug]: ['in-person'],
      [both.slug]: ['in-person', 'online'],
      [days.slug]: ['in-person'],
    })
    await db.updateTable('activities').set({ state: 'cancelled' }).where('id', '=', one.id).execute()
    expect(await full(one.slug)).toEqual({})
    expect(await full()).toEqual({})
  })

  test.each([
    ['come.called-off', { state: 'cancelled' as const }],
    ['come.over', { startLocal: '2027-09-20T10:00' }],
    ['come.no-rsvps', { takesRsvps: false }],
    ['come.no-rsvps', { mode: 'nowhere' as const, lat: null, lon: null }],
    ['come.called-off', { occurrences: [{ day: '2027-10-19', status: 'cancelled' as const }] }],
  ])('says why it is closed: %s', async (closed, over) => {
    const { slug } = await makeActivity(db, over)
    expect((await read(slug)).closed).toBe(closed)
  })

  test('what is not there, not for everybody, or not an address at all looks alike', async () => {
    const hidden = await makeActivity(db, { state: 'unverified' })
    for (const slug of [hidden.slug, 'no-such', 'a\u0000b', "'; --", '💚'.repeat(40)]) {
      await expect(read(slug)).rejects.toThrow('refusal.missing')
      await expect(readTablePage(db, anybody, { slug }, early)).rejects.toThrow('refusal.missing')
    }
  })
})
