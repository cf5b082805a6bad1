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
  | { do: 'come'; who: number; seats: number }
  | { do: 'confirm' | 'back' | 'again' | 'accept'; who: number }
  | { do: 'change'; who: number; seats: number }
  | { do: 'capacity'; seats: number }
  | { do: 'wait'; minutes: number }

const who = fc.integer({ min: 0, max: 5 })
const seats = fc.integer({ min: 1, max: 4 })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('come' as const), who, seats }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'confirm' as const,
        'confirm' as const,
        'back' as const,
        'again' as const,
        'accept' as const,
      ),
      who,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('change' as const), who, seats }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('capacity' as const), seats: fc.integer({ min: 1, max: 8 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 40 }) }),
  },
)

async function orNo(work: Promise<unknown>): Promise<void> {
  try {
    await work
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
  }
}

describe('whatever happens in whatever order', () => {
  test('seats are never exceeded, nobody who is next waits beside a free seat, and the order of confirmation holds', async () => {
    let run = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 8, maxLength: 30 }),
        fc.boolean(),
        async (steps, asksFirst) => {
          run += 1
          const { id, slug } = await makeActivity(db, {
            capacity: 4,
            asksFirst,
            hostEmail: 'host@people.org',
          })
          const link = await inTransaction(db, (trx) =>
            newHostLink(trx, { activity: id, email: 'host@people.org', lastEnd: now }, now),
          )
          const hostToken = link.split('/').at(-1) ?? ''
          let when = now
          let most = 4
          for (const one of steps) {
            when = new Date(when.getTime() + 1000)
            const before = new Map((await guests(id)).map((row) => [row.id, row.state]))
            await take(one, { slug, id, run, hostToken, when })
            if (one.do === 'capacity') await setCapacity(id, one.seats, when)
            if (one.do === 'wait') when = new Date(when.getTime() + one.minutes * 60_000)
            await sweepHolds(db, {}, when)
            const capacity = await capacityNow(id)
            const taken = await seatsTaken(id, when)
            // A lowered capacity throws nobody out, but nobody comes in above it either.
            most = Math.max(capacity, Math.min(most, taken))
            expect(taken).toBeLessThanOrEqual(most)
            const rows = await guests(id)
            const line = rows.filter((row) => row.state === 'waiting' && row.seats <= capacity)
            if (line[0]) expect(line[0].seats).toBeGreaterThan(capacity - taken)
            const movedUp = rows.filter((row) => row.state === 'going' && before.get(row.id) === 'waiting')
            for (const up of movedUp) {
              const passed = line.filter(
                (row) =>
                  before.get(row.id) === 'waiting' &&
                  (row.waitingSince?.getTime() ?? 0) < (up.waitingSince?.getTime() ?? 0),
              )
              expect(passed.map((row) => row.id)).toEqual([])
            }
          }
        },
      ),
      { numRuns: 40 },
    )
    expect(run).toBeGreaterThanOrEqual(40)
  }, 120_000)

  const capacityNow = async (id: string): Promise<number> =>
    (await db.selectFrom('activities').select('capacity').where('id', '=', id).executeTakeFirstOrThrow())
      .capacity ?? 0
  const setCapacity = async (id: string, capacity: number, when: Date): Promise<void> => {
    await db.updateTable('activities').set({ capacity }).where('id', '=', id).execute()
    await settleActivity(db, id, when)
  }

  type Scene = { slug: string; id: string; run: number; hostToken: string; when: Date }
  async function take(one: Step, { slug, id, run, hostToken, when }: Scene): Promise<void> {
    if (one.do === 'capacity' || one.do === 'wait') return
    const email = `r${run}w${one.who}@people.org`
    if (one.do === 'come') {
      await db.deleteFrom('rateCounts').execute()
      return orNo(come(db, slug, email, one.seats, when))
    }
    const row = (await guests(id)).filter((guest) => guest.email === email).at(-1)
    if (!row) return
    const token = guestWord(row.id)
    const input = { token: hostToken, rsvp: row.id, answer: 'yes', reason: null } as const
    if (one.do === 'confirm') return orNo(confirmSeat(db, anybody, { token }, when))
    if (one.do === 'back') return orNo(giveSeatBack(db, anybody, { token }, when))
    if (one.do === 'again') return orNo(takeSeatAgain(db, anybody, { token }, when))
    if (one.do === 'accept') return orNo(answerGuest(db, anybody, input, when))
    return orNo(changeSeats(db, anybody, { token, seats: one.seats }, when))
  }
})
