import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { localOf, weekdayOf } from '#kernel/times.ts'
import { closes, nextOpening, opens } from './pace.ts'

const at = (moment: string, zone = 'Europe/London', pauses: Parameters<typeof nextOpening>[2] = []) =>
  nextOpening(new Date(moment), zone, pauses).due.toISOString()

describe('the hours of an office', () => {
  test('within them a letter leaves at once, at night and at the weekend it waits', () => {
    expect(at('2027-10-19T10:15:30Z')).toBe('2027-10-19T10:15:30.000Z')
    expect(at('2027-10-19T02:00:00Z')).toBe('2027-10-19T07:00:00.000Z')
    expect(at('2027-10-19T17:00:00Z')).toBe('2027-10-20T07:00:00.000Z')
    expect(at('2027-10-22T18:00:00Z')).toBe('2027-10-25T07:00:00.000Z')
    // The clocks go back on the last Sunday of October.
    expect(at('2027-10-29T18:00:00Z')).toBe('2027-11-01T08:00:00.000Z')
    expect(at('2027-10-19T10:00:00Z', 'Pacific/Auckland')).toBe('2027-10-19T19:00:00.000Z')
  })

  test('a pause is waited for, and said', () => {
    const pause = { from: '2027-10-18', to: '2027-10-22', reason: 'recess' }
    const { due, pause: waited } = nextOpening(new Date('2027-10-19T10:00:00Z'), 'Europe/London', [pause])
    expect([due.toISOString(), waited]).toEqual(['2027-10-25T07:00:00.000Z', pause])
  })

  test('whenever and wherever, it is a weekday between eight and six, outside every pause, and never earlier', () => {
    const moments = fc.date({ min: new Date('2027-01-01'), max: new Date('2029-01-01'), noInvalidDate: true })
    const zones = fc.constantFrom('Europe/London', 'America/New_York', 'Pacific/Auckland', 'Asia/Kathmandu')
    const days = fc.record({ at: fc.integer({ min: 0, max: 700 }), length: fc.integer({ min: 0, max: 60 }) })
    const day = (count: number): string => new Date(Date.UTC(2027, 0, 1 + count)).toISOString().slice(0, 10)
    fc.assert(
      fc.property(moments, zones, fc.array(days, { maxLength: 4 }), (moment, zone, some) => {
        const pauses = some.map((one) => ({
          from: day(one.at),
          to: day(one.at + one.length),
          reason: 'recess',
        }))
        const { due } = nextOpening(moment, zone, pauses)
        const local = localOf(due, zone)
        const [on, time] = [local.slice(0, 10), Number(local.slice(11, 13))]
        expect(due.getTime()).toBeGreaterThanOrEqual(moment.getTime())
        expect(weekdayOf(on)).toBeLessThan(5)
        expect(time >= opens && time < closes).toBe(true)
        expect(pauses.some(({ from, to }) => from <= on && on <= to)).toBe(false)
      }),
    )
  })
})
