import { describe, expect, test } from 'vitest'
import {
  afterwardsTime,
  reminderTime,
  reminderUseless,
  reportTime,
  tableOpen,
  type Meeting,
} from '#activities/attendance.ts'
import { dayEndsEverywhere, instantOf } from '#kernel/times.ts'

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
