import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { coming, guestActions, mayGuest, rsvpStates, type GuestFacts } from '#activities/rsvp.ts'
import { capacityOf, fitsNow, movesUp, waysToJoin } from '#activities/seats.ts'

const ahead: GuestFacts = {
  state: 'going',
  asks: false,
  accepted: false,
  off: false,
  unsure: false,
  started: false,
  over: false,
}
const now = (facts: Partial<GuestFacts>): string =>
  guestActions.filter((action) => mayGuest(action, { ...ahead, ...facts })).join(' ')

describe('what a guest may do with their link', () => {
  test.each([
    ['held', 'confirm give-back change-seats'],
    ['asked', 'give-back change-seats'],
    ['going', 'give-back change-seats see-place say-new'],
    ['waiting', 'give-back change-seats'],
    ['cancelled', 'take-again'],
    ['expired', 'confirm'],
    ['not-accepted', ''],
  ] as const)('%s: %s', (state, may) => {
    expect(now({ state })).toBe(may)
  })

  test('a private place is seen only after the host said yes', () => {
    expect(now({ asks: true })).not.toContain('see-place')
    expect(now({ asks: true, accepted: true })).toContain('see-place')
    for (const state of rsvpStates) {
      const seen = mayGuest('see-place', { ...ahead, state, asks: true, accepted: true })
      expect(seen).toBe(state === 'going')
    }
  })

  test('what is not shown takes a seat back, and nothing else', () => {
    for (const state of ['held', 'asked', 'going', 'waiting'] as const) {
      expect(now({ state, off: true, unsure: true })).toBe('give-back')
      expect(now({ state, off: true, unsure: true, over: true })).toBe('')
    }
    expect(now({ state: 'cancelled', off: true, unsure: true })).toBe('')
  })

  test('what is called off or over takes no press that changes seats', () => {
    for (const state of rsvpStates) {
      expect(now({ state, off: true })).toBe('')
      expect(now({ state, over: true })).not.toMatch(/confirm|give-back|take-again|change-seats/)
    }
    expect(now({ started: true, over: true })).toBe('see-place say-came say-new')
  })
})

describe('seats', () => {
  test('each way to join has its own number', () => {
    const hybrid = { mode: 'hybrid', capacity: 10, onlineCapacity: 50 } as const
    expect(capacityOf(hybrid, 'in-person')).toBe(10)
    expect(capacityOf(hybrid, 'online')).toBe(50)
    expect(capacityOf({ ...hybrid, onlineCapacity: null }, 'online')).toBeNull()
    expect(capacityOf({ mode: 'online', capacity: 8, onlineCapacity: null }, 'online')).toBe(8)
    expect(waysToJoin('nowhere')).toEqual([])
    expect(waysToJoin('hybrid')).toEqual(['in-person', 'online'])
  })

  test('a party of three is not passed by a single who confirmed later', () => {
    const line = [
      { id: 'three', seats: 3 },
      { id: 'one', seats: 1 },
    ]
    expect(movesUp(10, 8, line)).toEqual([])
    expect(movesUp(10, 7, line).map((party) => party.id)).toEqual(['three'])
    expect(movesUp(10, 6, line).map((party) => party.id)).toEqual(['three', 'one'])
    expect(fitsNow(10, 8, line, 1)).toBe(false)
  })

  test('a party that no longer fits the room at all keeps nobody else waiting', () => {
    const line = [
      { id: 'ten', seats: 10 },
      { id: 'one', seats: 1 },
    ]
    expect(movesUp(5, 4, line).map((party) => party.id)).toEqual(['one'])
    expect(fitsNow(5, 4, [{ id: 'ten', seats: 10 }], 1)).toBe(true)
  })

  test('whoever moves up fits, in order, and the next does not', () => {
    const parties = fc
      .array(fc.integer({ min: 1, max: 10 }), { maxLength: 20 })
      .map((sizes) => sizes.map((seats, at) => ({ id: String(at), seats })))
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 0, max: 40 }),
        parties,
        (capacity, taken, line) => {
          const moving = movesUp(capacity, taken, line)
          const sum = moving.reduce((seats, party) => seats + party.seats, 0)
          if (moving.length > 0) expect(taken + sum).toBeLessThanOrEqual(capacity)
          const possible = line.filter((party) => party.seats <= capacity)
          expect(moving).toEqual(possible.slice(0, moving.length))
          const next = possible[moving.length]
          if (next) expect(next.seats).toBeGreaterThan(capacity - taken - sum)
        },
      ),
    )
  })
})

describe('what somebody types who would like to come', () => {
  const read = (values: Record<string, unknown>) =>
    v.safeParse(coming, { slug: 'tea', email: 'a@example.org', ...values })
  const wrong = (values: Record<string, unknown>) =>
    read(values).issues?.map((issue) => `${String(issue.path?.[0]?.key)}: ${issue.message}`)

  test('an address and nothing else is enough', () => {
    expect(read({}).output).toMatchObject({ seats: 1, name: null, request: null, joining: null })
  })

  test.each([
    [{ email: 'not an address' }, 'email: input.email'],
    [{ email: '' }, 'email: input.needed'],
    [{ seats: '11' }, 'seats: input.range'],
    [{ seats: '0' }, 'seats: input.range'],
    [{ seats: 'many' }, 'seats: input.number'],
    [{ name: 'x'.repeat(81) }, 'name: input.too-long'],
    [{ joining: 'by-balloon' }, 'joining: input.choose'],
    [{ occurrence: "'; drop table rsvps" }, 'occurrence: input.choose'],
    [{ request: 'I use a wheelchair' }, 'agreed: come.agree'],
  ])('%j → %s', (values, issue) => {
    expect(wrong(values)).toContain(issue)
  })

  test('digits of other scripts, line ends and hidden marks are read as meant', () => {
    expect(read({ seats: '٣', name: 'Ada\u202e\u0000 \n Lovelace' }).output).toMatchObject({
      seats: 3,
      name: 'Ada Lovelace',
    })
    expect(read({ request: 'A quiet corner', agreed: 'on' }).success).toBe(true)
  })
})
