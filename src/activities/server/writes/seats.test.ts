import fc from 'fast-check'
import * as v from 'valibot'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { coming } from '#activities/rsvp.ts'
import { guestWord } from '#activities/server/reads/rsvp.ts'
import { comeTo } from '#activities/server/writes/come.ts'
import { confirmSeat } from '#activities/server/writes/confirm-seat.ts'
import { answerGuest } from '#activities/server/writes/answer-guest.ts'
import { changeSeats, giveSeatBack, takeSeatAgain } from '#activities/server/writes/guest-page.ts'
import { newHostLink } from '#activities/server/writes/host-link.ts'
import { settleActivity, sweepHolds } from '#activities/server/tasks/by-the-clock.ts'
import { Refusal } from '#kernel/refusal.ts'
import { anybody } from '#kernel/viewer.ts'
import { connect, inTransaction, type Db } from '#platform/server/db.ts'
import { sql } from 'kysely'
import { testDatabase } from '../../../../test/db.ts'
import { makeActivity, makeWeek } from '../../../../test/make.ts'

const db = await testDatabase()
const crowd = connect(db.url, 40)
afterAll(() => crowd.destroy())
const now = new Date('2027-10-10T12:00:00Z')

beforeAll(async () => {
  await makeWeek(db)
})

const come = (on: Db, slug: string, email: string, seats = 1, when = now) =>
  comeTo(on, anybody, v.parse(coming, { slug, email, seats: String(seats) }), when)
const guests = (activity: string) =>
  db
    .selectFrom('rsvps')
    .selectAll()
    .where('activity', '=', activity)
    .orderBy('waitingSince')
    .orderBy('created')
    .orderBy('id')
    .execute()
const seatsTaken = async (activity: string, when: Date): Promise<number> =>
  (await guests(activity))
    .filter(
      (one) => one.state === 'going' || (one.seatKept && one.heldUntil !== null && one.heldUntil > when),
    )
    .reduce((sum, one) => sum + one.seats, 0)

describe('many at once', () => {
  test('of forty who confirm at the same moment on ten seats, ten go and thirty wait', async () => {
    const { id, slug } = await makeActivity(db, { capacity: 10 })
    const people = Array.from({ length: 40 }, (_, at) => `p${at}@people.org`)
    await Promise.all(people.map((email) => come(crowd, slug, email)))
    expect(await seatsTaken(id, now)).toBe(10)
    // Everybody presses after the 30 minutes, so that no seat is kept for anybody.
    const late = new Date(now.getTime() + 3_600_000)
    const rows = await guests(id)
    await Promise.all(rows.map((row) => confirmSeat(crowd, anybody, { token: guestWord(row.id) }, late)))
    const after = await guests(id)
    expect(after.filter((row) => row.state === 'going')).toHaveLength(10)
    expect(after.filter((row) => row.state === 'waiting')).toHaveLength(30)
    const mails = await db.selectFrom('mails').select('name').where('name', '=', 'rsvp-confirmed').execute()
    expect(mails).toHaveLength(10)
  })

  test('connections that die in the middle leave no seat lost and none given twice', async () => {
    const { id, slug } = await makeActivity(db, { capacity: 10 })
    const people = Array.from({ length: 40 }, (_, at) => `k${at}@people.org`)
    await Promise.all(people.map((email) => come(crowd, slug, email)))
    const late = new Date(now.getTime() + 3_600_000)
    const rows = await guests(id)
    let killed = 0
    const press = async (rsvp: string, at: number): Promise<void> => {
      const token = guestWord(rsvp)
      if (at % 3 !== 0) return void (await confirmSeat(crowd, anybody, { token }, late))
      // The connection is ended between the work and the commit, the way a crash would.
      const work = inTransaction(crowd, async (trx) => {
        await confirmSeat(trx, anybody, { token }, late)
        const pid = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(trx)
        if (at % 2 === 0) throw new Error('the process stopped here')
        await sql`select pg_terminate_backend(${pid.rows[0]?.pid})`.execute(db)
        await sql`select 1`.execute(trx)
      })
      await expect(work).rejects.toThrow()
      killed += 1
    }
    await Promise.all(rows.map((row, at) => press(row.id, at)))
    expect(killed).toBe(14)
    const between = await guests(id)
    expect(between.filter((row) => row.state === 'going')).toHaveLength(10)
    expect(between.filter((row) => row.confirmed === null)).toHaveLength(14)
    const rest = between.filter((row) => row.confirmed === null)
    await Promise.all(
      rest.map((row) =>
        confirmSeat(crowd, anybody, { token: guestWord(row.id) }, new Date(late.getTime() + 1000)),
      ),
    )
    const after = await guests(id)
    expect(after.filter((row) => row.state === 'going')).toHaveLength(10)
    expect(after.filter((row) => row.state === 'waiting')).toHaveLength(30)
  })

  test('one address in two windows sits once', async () => {
    const { id, slug } = await makeActivity(db, { capacity: 10 })
    await Promise.all(Array.from({ length: 8 }, () => come(crowd, slug, 'twice@people.org')))
    expect(await guests(id)).toHaveLength(1)
  })
})

type Step =
  | { do: 'come' | 'change'; who: number; seats: number }
  | { do: 'confirm' | 'back' | 'again' | 'accept'; who: number }
  | { do: 'capacity'; seats: number }
  | { do: 'wait'; minutes: number }

const who = fc.integer({ min: 0, max: 6 })
const seats = fc.integer({ min: 1, max: 4 })
const press = fc.constantFrom(
  'confirm' as const,
  'back' as const,
  'back' as const,
  'again' as const,
  'accept' as const,
)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('come' as const, 'change' as const), who, seats }),
  },
  { weight: 6, arbitrary: fc.record({ do: press, who }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('capacity' as const), seats: fc.integer({ min: 1, max: 8 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 40 }) }),
  },
)
/** Seven parties say that they come and confirm in turn, so that there is a line to begin with. */
const opening = fc.array(seats, { minLength: 7, maxLength: 7 }).map((parties) =>
  parties.flatMap((count, at): Step[] => [
    { do: 'come', who: at, seats: count },
    { do: 'confirm', who: at },
  ]),
)

async function orNo(work: Promise<unknown>): Promise<void> {
  try {
    await work
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
  }
}

type Scene = { slug: string; id: string; run: number; hostToken: string; asksFirst: boolean }

async function makeScene(run: number, asksFirst: boolean): Promise<Scene> {
  const made = await makeActivity(db, { capacity: 4, asksFirst, hostEmail: 'host@people.org' })
  const host = { activity: made.id, email: 'host@people.org', lastEnd: now }
  const link = await inTransaction(db, (trx) => newHostLink(trx, host, now))
  return { ...made, run, asksFirst, hostToken: link.split('/').at(-1) ?? '' }
}

async function take(one: Step, { slug, id, run, hostToken }: Scene, when: Date): Promise<void> {
  if (one.do === 'wait') return
  if (one.do === 'capacity') {
    await db.updateTable('activities').set({ capacity: one.seats }).where('id', '=', id).execute()
    return settleActivity(db, id, when)
  }
  const email = `r${run}w${one.who}@people.org`
  if (one.do === 'come') {
    await db.deleteFrom('rateCounts').execute()
    return orNo(come(db, slug, email, one.seats, when))
  }
  const row = (await guests(id)).filter((guest) => guest.email === email).at(-1)
  if (!row) return
  const token = guestWord(row.id)
  if (one.do === 'change') return orNo(changeSeats(db, anybody, { token, seats: one.seats }, when))
  if (one.do === 'confirm') return orNo(confirmSeat(db, anybody, { token }, when))
  if (one.do === 'back') return orNo(giveSeatBack(db, anybody, { token }, when))
  if (one.do === 'again') return orNo(takeSeatAgain(db, anybody, { token }, when))
  return orNo(answerGuest(db, anybody, { token: hostToken, rsvp: row.id, answer: 'yes', reason: null }, when))
}

describe('whatever happens in whatever order', () => {
  const steps = fc
    .tuple(opening, fc.array(step, { minLength: 4, maxLength: 16 }))
    .map((parts) => parts.flat())

  test('seats are never exceeded, nobody who is next waits beside a free seat, and the order of confirmation holds', async () => {
    let run = 0
    let movedInAll = 0
    const walk = async (all: Step[], asksFirst: boolean): Promise<void> => {
      const scene = await makeScene((run += 1), asksFirst)
      let when = now
      let most = 4
      for (const one of all) {
        when = new Date(when.getTime() + (one.do === 'wait' ? one.minutes * 60_000 : 1000))
        const before = new Map((await guests(scene.id)).map((row) => [row.id, row.state]))
        await take(one, scene, when)
        await sweepHolds(db, {}, when)
        const taken = await seatsTaken(scene.id, when)
        const capacity = await capacityNow(scene.id)
        // A lowered capacity throws nobody out, but nobody comes in above it either.
        most = Math.max(capacity, Math.min(most, taken))
        expect(taken).toBeLessThanOrEqual(most)
        const rows = await guests(scene.id)
        const line = rows.filter((row) => row.state === 'waiting' && row.seats <= capacity)
        if (line[0]) expect(line[0].seats).toBeGreaterThan(capacity - taken)
        const waited = (row: { id: string }): boolean => before.get(row.id) === 'waiting'
        const up = rows.filter((row) => row.state === 'going' && waited(row))
        movedInAll += up.length
        const last = Math.max(...up.map((row) => row.waitingSince?.getTime() ?? 0))
        expect(line.filter((row) => waited(row) && (row.waitingSince?.getTime() ?? 0) < last)).toEqual([])
      }
    }
    const often = fc.constantFrom(false, false, true)
    await fc.assert(fc.asyncProperty(steps, often, walk), { numRuns: 25 })
    expect(movedInAll).toBeGreaterThan(0)
  }, 120_000)

  const capacityNow = async (id: string): Promise<number> =>
    (await db.selectFrom('activities').select('capacity').where('id', '=', id).executeTakeFirstOrThrow())
      .capacity ?? 0
})
