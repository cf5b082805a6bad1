import { beforeAll, describe, expect, test } from 'vitest'
import { readComePage, readTablePage } from '#activities/server/reads/come-page.ts'
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
