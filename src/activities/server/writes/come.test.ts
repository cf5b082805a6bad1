import * as v from 'valibot'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { coming, type Coming } from '#activities/rsvp.ts'
import { guestWord } from '#activities/server/reads/rsvp.ts'
import { comeTo } from '#activities/server/writes/come.ts'
import { confirmSeat } from '#activities/server/writes/confirm-seat.ts'
import { changeSeats, forgetMe, giveSeatBack, takeSeatAgain } from '#activities/server/writes/guest-page.ts'
import { sweepHolds } from '#activities/server/tasks/by-the-clock.ts'
import { Refusal } from '#kernel/refusal.ts'
import { anybody } from '#kernel/viewer.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeActivity, makeWeek } from '../../../../test/make.ts'

const db = await testDatabase()
const now = new Date('2027-10-10T12:00:00Z')
const later = (minutes: number): Date => new Date(now.getTime() + minutes * 60_000)

beforeAll(async () => {
  await makeWeek(db)
})
beforeEach(async () => {
  await db.deleteFrom('activities').execute()
  await db.deleteFrom('mails').execute()
  await db.deleteFrom('rateCounts').execute()
})

const wish = (slug: string, email: string, over: Record<string, unknown> = {}): Coming =>
  v.parse(coming, { slug, email, ...over })
const come = async (slug: string, email: string, over: Record<string, unknown> = {}, when = now) => {
  await comeTo(db, anybody, wish(slug, email, over), when)
  return word(email)
}
const rowOf = (email: string) =>
  db
    .selectFrom('rsvps')
    .selectAll()
    .where('email', '=', email)
    .orderBy('created', 'desc')
    .executeTakeFirstOrThrow()
const word = async (email: string): Promise<string> => guestWord((await rowOf(email)).id)
const confirm = (token: string, when = now) => confirmSeat(db, anybody, { token }, when)
const stateOf = async (email: string): Promise<string> => (await rowOf(email)).state
const mailsTo = async (address: string): Promise<string[]> =>
  (
    await db
      .selectFrom('mails')
      .select('name')
      .where('address', '=', address)
      .orderBy('created')
      .orderBy('due')
      .execute()
  ).map((mail) => mail.name)
const refusal = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work
  } catch (error) {
    if (error instanceof Refusal) return error.key
    throw error
  }
  return 'done'
}

describe('coming along', () => {
  test('a seat is kept for 30 minutes and is theirs when they confirm from the mail', async () => {
    const { slug } = await makeActivity(db, { capacity: 2 })
    const token = await come(slug, 'ann@people.org', { seats: '2', name: 'Ann' })
    expect(await rowOf('ann@people.org')).toMatchObject({ state: 'held', seatKept: true, seats: 2 })
    await confirm(token, later(29))
    expect(await stateOf('ann@people.org')).toBe('going')
    await confirm(token, later(40))
    expect(await mailsTo('ann@people.org')).toEqual(['rsvp-confirm', 'rsvp-confirmed'])
  })

  test('when it is full, they wait in the order of confirmation, and move up by themselves', async () => {
    const { slug } = await makeActivity(db, { capacity: 1 })
    await confirm(await come(slug, 'ann@people.org'))
    const bob = await come(slug, 'bob@people.org')
    const cat = await come(slug, 'cat@people.org')
    await confirm(cat, later(1))
    await confirm(bob, later(2))
    expect(await mailsTo('bob@people.org')).toEqual(['rsvp-confirm-full', 'rsvp-waiting'])
    await giveSeatBack(db, anybody, { token: await word('ann@people.org') }, later(3))
    expect([await stateOf('cat@people.org'), await stateOf('bob@people.org')]).toEqual(['going', 'waiting'])
    expect(await mailsTo('cat@people.org')).toEqual(['rsvp-confirm-full', 'rsvp-waiting', 'rsvp-moved-up'])
    expect(await mailsTo('ann@people.org')).toContain('rsvp-cancelled')
    const mail = db.selectFrom('mails').select('params').where('name', '=', 'rsvp-cancelled')
    expect((await mail.executeTakeFirstOrThrow()).params).toMatchObject({ again: 'yes' })
  })

  test('a seat that was kept too long is free for the next, and a late press joins the line', async () => {
    const { slug } = await makeActivity(db, { capacity: 1 })
    const ann = await come(slug, 'ann@people.org')
    await confirm(await come(slug, 'bob@people.org'), later(5))
    expect(await stateOf('bob@people.org')).toBe('waiting')
    await sweepHolds(db, {}, later(31))
    expect([await stateOf('ann@people.org'), await stateOf('bob@people.org')]).toEqual(['expired', 'going'])
    await confirm(ann, later(32))
    expect(await stateOf('ann@people.org')).toBe('waiting')
  })

  test('a late press takes a seat when one is free', async () => {
    const { slug } = await makeActivity(db, { capacity: 1 })
    const ann = await come(slug, 'ann@people.org')
    await confirm(ann, later(300))
    expect(await stateOf('ann@people.org')).toBe('going')
  })

  test('a cancellation can be taken back while a seat is free, else it is the end of the line', async () => {
    const { slug } = await makeActivity(db, { capacity: 1 })
    const ann = await come(slug, 'ann@people.org')
    await confirm(ann)
    await giveSeatBack(db, anybody, { token: ann }, later(1))
    await takeSeatAgain(db, anybody, { token: ann }, later(2))
    expect(await stateOf('ann@people.org')).toBe('going')
    await giveSeatBack(db, anybody, { token: ann }, later(3))
    await confirm(await come(slug, 'bob@people.org', {}, later(3)), later(4))
    await takeSeatAgain(db, anybody, { token: ann }, later(5))
    expect(await stateOf('ann@people.org')).toBe('waiting')
  })

  test('one form pressed twice does it once; a second form with the same address mails the link again', async () => {
    const { slug } = await makeActivity(db, { capacity: 5 })
    const first = await come(slug, 'ann@people.org', { formKey: 'k1' })
    await come(slug, 'ann@people.org', { formKey: 'k1' })
    expect(await mailsTo('ann@people.org')).toEqual(['rsvp-confirm'])
    await confirm(first)
    const answer = await comeTo(db, anybody, wish(slug, 'ann@people.org', { seats: '4', formKey: 'k2' }), now)
    expect(answer).toEqual(await comeTo(db, anybody, wish(slug, 'new@people.org', { formKey: 'k3' }), now))
    expect(await rowOf('ann@people.org')).toMatchObject({ seats: 1, state: 'going' })
    expect(await mailsTo('ann@people.org')).toEqual(['rsvp-confirm', 'rsvp-confirmed', 'link-again'])
  })

  test('what somebody asked for stays when they say it again without asking, and changes when they ask anew', async () => {
    const { slug } = await makeActivity(db, { capacity: 5 })
    const words = async () =>
      (await db.selectFrom('accessRequests').select('words').execute()).map((one) => one.words)
    await come(slug, 'ann@people.org', { request: 'A hearing loop', agreed: 'on' })
    const ann = await come(slug, 'ann@people.org', { seats: '2' })
    expect(await words()).toEqual(['A hearing loop'])
    await come(slug, 'ann@people.org', { request: 'A quiet corner', agreed: 'on' })
    await confirm(ann)
    expect(await words()).toEqual(['A quiet corner'])
  })

  test('fewer people free seats; more need seats that nobody waits for', async () => {
    const { slug } = await makeActivity(db, { capacity: 3 })
    const ann = await come(slug, 'ann@people.org', { seats: '3' })
    await confirm(ann)
    await confirm(await come(slug, 'bob@people.org'), later(1))
    await changeSeats(db, anybody, { token: ann, seats: 2 }, later(2))
    expect(await stateOf('bob@people.org')).toBe('going')
    expect(await refusal(changeSeats(db, anybody, { token: ann, seats: 3 }, later(3)))).toBe(
      'come.no-room-for-more',
    )
    expect(await refusal(changeSeats(db, anybody, { token: ann, seats: 4 }, later(3)))).toBe('come.too-many')
    expect((await rowOf('ann@people.org')).seats).toBe(2)
  })

  test('in the room and online have their own seats', async () => {
    const { slug } = await makeActivity(db, { mode: 'hybrid', capacity: 1, onlineCapacity: 1 })
    expect(await refusal(come(slug, 'no@people.org'))).toBe('come.choose-joining')
    await confirm(await come(slug, 'ann@people.org', { joining: 'in-person' }))
    await confirm(await come(slug, 'bob@people.org', { joining: 'online' }))
    await confirm(await come(slug, 'cat@people.org', { joining: 'online' }))
    expect([await stateOf('bob@people.org'), await stateOf('cat@people.org')]).toEqual(['going', 'waiting'])
  })

  test('"it was not me" gives the seat back and forgets the address', async () => {
    const { slug } = await makeActivity(db, { capacity: 1 })
    const ann = await come(slug, 'ann@people.org', { request: 'A hearing loop', agreed: 'on' })
    await confirm(ann)
    await confirm(await come(slug, 'bob@people.org'), later(1))
    await forgetMe(db, anybody, { token: ann }, later(2))
    expect(await stateOf('bob@people.org')).toBe('going')
    expect(await db.selectFrom('rsvps').select('id').where('email', '=', 'ann@people.org').execute()).toEqual(
      [],
    )
    expect(await db.selectFrom('accessRequests').selectAll().execute()).toEqual([])
    expect(await refusal(confirm(ann, later(3)))).toBe('come.link')
  })
})

describe('what cannot be', () => {
  test('over, called off, without seats to say, not there', async () => {
    const over = await makeActivity(db, { startLocal: '2027-10-09T10:00' })
    expect(await refusal(come(over.slug, 'a@people.org'))).toBe('come.over')
    const off = await makeActivity(db, { state: 'cancelled' })
    expect(await refusal(come(off.slug, 'a@people.org'))).toBe('come.off')
    const open = await makeActivity(db, { takesRsvps: false })
    expect(await refusal(come(open.slug, 'a@people.org'))).toBe('come.no-rsvps')
    for (const state of ['unverified', 'declined', 'withdrawn'] as const) {
      const hidden = await makeActivity(db, { state })
      expect(await refusal(come(hidden.slug, 'a@people.org'))).toBe('refusal.missing')
    }
    expect(await refusal(come('no-such', 'a@people.org'))).toBe('refusal.missing')
    expect(await refusal(confirm('forged'))).toBe('come.link')
  })

  test('more people than fit at all are not let in to block the line', async () => {
    const { slug } = await makeActivity(db, { capacity: 3 })
    expect(await refusal(come(slug, 'a@people.org', { seats: '4' }))).toBe('come.too-many')
  })

  test('a series is come to by its dates; a date that is called off or of something else is refused', async () => {
    const { id, slug } = await makeActivity(db, {
      occurrences: [{ day: '2027-10-19' }, { day: '2027-10-26', status: 'cancelled' }, { day: '2027-11-02' }],
    })
    const dates = await db
      .selectFrom('occurrences')
      .selectAll()
      .where('activity', '=', id)
      .orderBy('starts')
      .execute()
    const [first, off] = dates.map((date) => date.id)
    expect(await refusal(come(slug, 'a@people.org'))).toBe('come.choose-date')
    expect(await refusal(come(slug, 'a@people.org', { occurrence: off }))).toBe('come.date-gone')
    const token = await come(slug, 'a@people.org', { occurrence: first })
    await db
      .updateTable('occurrences')
      .set({ status: 'cancelled' })
      .where('id', '=', first ?? '')
      .execute()
    expect(await refusal(confirm(token))).toBe('come.off')
  })

  test('a capacity that is lowered throws nobody out, and lets nobody in', async () => {
    const { id, slug } = await makeActivity(db, { capacity: 3 })
    for (const name of ['ann', 'bob', 'cat']) await confirm(await come(slug, `${name}@people.org`))
    await db.updateTable('activities').set({ capacity: 2 }).where('id', '=', id).execute()
    await confirm(await come(slug, 'dan@people.org'), later(1))
    await giveSeatBack(db, anybody, { token: await word('ann@people.org') }, later(2))
    const states = await Promise.all(['bob', 'cat', 'dan'].map((name) => stateOf(`${name}@people.org`)))
    expect(states).toEqual(['going', 'going', 'waiting'])
  })

  test('an address is not written to without end', async () => {
    const { slug } = await makeActivity(db)
    for (let press = 0; press < 10; press++) await come(slug, 'a@people.org')
    expect(await refusal(come(slug, 'a@people.org'))).toBe('refusal.too-often')
  })

  test('nothing is mailed to people of the example', async () => {
    const { slug } = await makeActivity(db, { capacity: 1, example: true })
    await confirm(await come(slug, 'ann@people.org'))
    await db.updateTable('rsvps').set({ example: true }).execute()
    await db.deleteFrom('mails').execute()
    await giveSeatBack(db, anybody, { token: await word('ann@people.org') }, later(1))
    expect(await mailsTo('ann@people.org')).toEqual([])
  })
})
