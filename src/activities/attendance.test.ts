import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  afterwardsTime,
  reminderTime,
  reminderUseless,
  reportOpens,
  reportTime,
  tableOpen,
  type Meeting,
} from '#activities/attendance.ts'
import { sayDate } from '#activities/when.ts'
import { textIn } from '#kernel/messages.ts'
import { addDays, dayBeginsSomewhere, dayEndsEverywhere, dayOf, instantOf, sayDay } from '#kernel/times.ts'

const at = (startLocal: string, endLocal: string, zone: string): Meeting => ({
  startDay: startLocal.slice(0, 10),
  endDay: endLocal.slice(0, 10),
  startLocal,
  endLocal,
  ends: instantOf(endLocal, zone),
  zone,
})
const dayOnly = (day: string, zone: string | null): Meeting => ({
  startDay: day,
  endDay: day,
  startLocal: null,
  endLocal: null,
  ends: dayEndsEverywhere(day),
  zone,
})

describe('the clock of mails', () => {
  test('the reminder goes at ten on the day before, by the clock of the place', () => {
    const sydney = at('2027-10-19T10:00', '2027-10-19T12:00', 'Australia/Sydney')
    expect(reminderTime(sydney).toISOString()).toBe('2027-10-17T23:00:00.000Z')
    const london = at('2027-10-19T10:00', '2027-10-19T12:00', 'Europe/London')
    expect(reminderTime(london).toISOString()).toBe('2027-10-18T09:00:00.000Z')
    expect(reminderUseless(london).toISOString()).toBe('2027-10-18T23:00:00.000Z')
  })

  test('it is still ten when the clocks change in between', () => {
    const afterChange = at('2027-10-31T10:00', '2027-10-31T11:00', 'Europe/London')
    expect(reminderTime(afterChange).toISOString()).toBe('2027-10-30T09:00:00.000Z')
  })

  test.each([
    ['2027-10-19T10:00', '2027-10-19T12:00', '2027-10-19T16:00'],
    ['2027-10-19T14:00', '2027-10-19T16:00', '2027-10-19T16:00'],
    ['2027-10-19T14:30', '2027-10-19T16:01', '2027-10-20T09:00'],
    ['2027-10-19T19:00', '2027-10-19T21:00', '2027-10-20T09:00'],
    ['2027-10-19T22:00', '2027-10-20T01:00', '2027-10-20T16:00'],
  ])('from %s to %s the host is asked at %s', (start, end, asked) => {
    for (const zone of ['Europe/London', 'Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Asia/Kathmandu']) {
      expect(reportTime(at(start, end, zone))).toEqual(instantOf(asked, zone))
    }
  })

  test('an act of a day is asked about at four that day, guests at ten the next', () => {
    const tokyo = dayOnly('2027-10-19', 'Asia/Tokyo')
    expect(reportTime(tokyo)).toEqual(instantOf('2027-10-19T16:00', 'Asia/Tokyo'))
    expect(afterwardsTime(tokyo)).toEqual(instantOf('2027-10-20T10:00', 'Asia/Tokyo'))
    expect(reportTime(dayOnly('2027-10-19', null)).toISOString()).toBe('2027-10-19T16:00:00.000Z')
  })

  test('the table is open from the day before until two days after', () => {
    const [starts, ends] = [new Date('2027-10-19T09:00Z'), new Date('2027-10-19T11:00Z')]
    expect(tableOpen(starts, ends, new Date('2027-10-18T08:59Z'))).toBe(false)
    expect(tableOpen(starts, ends, new Date('2027-10-18T09:00Z'))).toBe(true)
    expect(tableOpen(starts, ends, new Date('2027-10-21T11:00Z'))).toBe(true)
    expect(tableOpen(starts, ends, new Date('2027-10-21T11:01Z'))).toBe(false)
  })
})

describe('the day of an act', () => {
  const zone = fc.constantFrom(...Intl.supportedValuesOf('timeZone'), 'Etc/GMT+12', 'Etc/GMT-14', null)
  const day = fc.integer({ min: 0, max: 4000 }).map((after) => addDays('2024-01-01', after))
  const english = { text: textIn('en'), language: 'en' } as const

  test('an act of a day never shifts a day, in whatever zone and however it is said', () => {
    fc.assert(
      fc.property(day, fc.nat(6), zone, (first, more, where) => {
        const last = addDays(first, more)
        const act = { ...dayOnly(first, where), endDay: last, ends: dayEndsEverywhere(last) }
        const { from, day: said } = reportOpens(act, first)
        expect(said).toBe(last)
        // It opens while it is that day somewhere, and nowhere later than where the act is.
        expect(dayOf(from, 'Etc/GMT-14')).toBe(last)
        expect(from <= instantOf(`${last}T00:00`, where ?? 'Etc/UTC')).toBe(true)
        expect(dayOf(reportTime(act), where ?? 'Etc/UTC')).toBe(last)
        expect(reportTime(act) >= from).toBe(true)
        const date = { ...act, starts: dayBeginsSomewhere(first) }
        const words = sayDate(date, { zone: where, monday: first }, english)
        expect(words).toContain(sayDay(last, 'en', true))
        if (more > 0) expect(words).toContain(sayDay(first, 'en'))
      }),
    )
  })

  test('a time is over on the day that the clocks of its place show', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: 4, max: 23 }), zone, (date, hour, where) => {
        const end = `${date}T${String(hour).padStart(2, '0')}:30`
        const met = at(`${date}T03:30`, end, where ?? 'Etc/UTC')
        expect(reportOpens(met, date)).toEqual({ from: met.ends, day: date })
      }),
    )
  })

  test('some time in a week is from its Monday on, not from the Sunday on which it begins in Kiritimati', () => {
    expect(reportOpens(null, '2027-10-18')).toEqual({
      from: new Date('2027-10-17T10:00:00Z'),
      day: '2027-10-18',
    })
  })
})
