import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addDays,
  dayBeginsSomewhere,
  dayEndsEverywhere,
  dayOf,
  daysBetween,
  happens,
  instantOf,
  localOf,
  realDay,
  realLocal,
  weekdayOf,
  zoneOf,
} from '#kernel/times.ts'

const zones = [...Intl.supportedValuesOf('timeZone'), 'Asia/Saigon', 'Europe/Kiev', 'US/Pacific', 'GB']
const aZone = fc.constantFrom(...zones)
const aDay = fc
  .integer({ min: Date.parse('1990-01-01') / 86_400_000, max: Date.parse('2060-12-31') / 86_400_000 })
  .map((days) => new Date(days * 86_400_000).toISOString().slice(0, 10))
const aLocal = fc
  .tuple(aDay, fc.integer({ min: 0, max: 1439 }))
  .map(
    ([day, minutes]) =>
      `${day}T${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`,
  )

describe('times', () => {
  test('every zone of the machine, aliases included, resolves to a zone that resolves to itself', () => {
    for (const zone of zones) {
      const found = zoneOf(zone)
      expect(found, zone).not.toBeNull()
      expect(zoneOf(found ?? '')).toBe(found)
    }
    expect(zoneOf('Asia/Saigon')).toBe('Asia/Ho_Chi_Minh')
    expect(zoneOf('Mars/Olympus')).toBeNull()
    expect(zoneOf("'; drop table weeks")).toBeNull()
  })

  test('a local time that exists comes back from its instant unchanged, in every zone', () => {
    fc.assert(
      fc.property(aLocal, aZone, (local, zone) => {
        const back = localOf(instantOf(local, zone), zone)
        if (happens(local, zone) === 'never') expect(back > local).toBe(true)
        else expect(back).toBe(local)
      }),
    )
  })

  test('of a time that happens twice the later instant is later and shows the same clock', () => {
    expect(happens('2027-10-31T01:30', 'Europe/London')).toBe('twice')
    expect(happens('2027-03-28T01:30', 'Europe/London')).toBe('never')
    expect(happens('2027-10-18T10:00', 'Europe/London')).toBe('once')
    const first = instantOf('2027-10-31T01:30', 'Europe/London')
    const second = instantOf('2027-10-31T01:30', 'Europe/London', 'later')
    expect(second.getTime() - first.getTime()).toBe(3_600_000)
    expect(localOf(second, 'Europe/London')).toBe('2027-10-31T01:30')
  })

  test('noon of a day is that day in its own zone', () => {
    fc.assert(fc.property(aDay, aZone, (day, zone) => dayOf(instantOf(`${day}T12:00`, zone), zone) === day))
  })

  test('adding days and taking them away ends on the same day', () => {
    fc.assert(
      fc.property(aDay, fc.integer({ min: -4000, max: 4000 }), (day, count) => {
        expect(addDays(addDays(day, count), -count)).toBe(day)
        expect(daysBetween(day, addDays(day, count))).toBe(count)
      }),
    )
    expect(weekdayOf('2027-10-18')).toBe(0)
  })

  test('a week of seven local days is open for 194 hours', () => {
    const open = dayBeginsSomewhere('2027-10-18')
    const close = dayEndsEverywhere('2027-10-24')
    expect((close.getTime() - open.getTime()) / 3_600_000).toBe(194)
  })

  test('days and times that do not exist are told apart from those that do', () => {
    expect(realDay('2027-02-29')).toBe(false)
    expect(realDay('2028-02-29')).toBe(true)
    expect(realDay('2027-13-01')).toBe(false)
    expect(realDay('18 October')).toBe(false)
    expect(realLocal('2027-10-18T24:00')).toBe(false)
    expect(realLocal('2027-10-18T23:59')).toBe(true)
  })
})
