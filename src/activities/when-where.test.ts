import { describe, expect, test } from 'vitest'
import { dateOf } from '#activities/timing.ts'
import type { Timing } from '#activities/activity.ts'
import { sayDate, sayWhen, type Moment } from '#activities/when.ts'
import { sayWhere, sayWhereTo, type Place } from '#activities/where.ts'
import { textIn } from '#kernel/messages.ts'
import { sayDays } from '#kernel/times.ts'

const say = { text: textIn('en'), language: 'en' as const }
const monday = '2027-10-18'
const week = sayDays(monday, '2027-10-24', 'en')
const at = (local: string, utc: string): Moment => ({ local, zone: 'Europe/London', utc })
const ten = at('2027-10-19T10:00', '2027-10-19T09:00:00Z')

describe('when', () => {
  test.each<[Moment, Moment, string, string]>([
    [null, null, 'Some time this week', `Some time in the week of ${week}`],
    [{ day: '2027-10-19' }, null, 'Tuesday 19 October', 'Tuesday 19 October 2027'],
    [
      { day: '2027-10-19' },
      { day: '2027-10-21' },
      'Tuesday 19 October to Thursday 21 October',
      'Tuesday 19 October to Thursday 21 October 2027',
    ],
    [ten, null, 'Tuesday 19 October, 10:00', 'Tuesday 19 October 2027, 10:00 (British Summer Time)'],
    [
      ten,
      at('2027-10-19T12:00', '2027-10-19T11:00:00Z'),
      'Tuesday 19 October, 10:00 to 12:00',
      'Tuesday 19 October 2027, 10:00 to 12:00 (British Summer Time)',
    ],
    [
      ten,
      at('2027-10-20T01:00', '2027-10-20T00:00:00Z'),
      'Tuesday 19 October, 10:00 to Wednesday 20 October, 01:00',
      'Tuesday 19 October 2027, 10:00 to Wednesday 20 October, 01:00 (British Summer Time)',
    ],
  ])('%j to %j is said in a list as "%s", alone as "%s"', (start, end, inList, alone) => {
    expect(sayWhen({ start, end }, say)).toBe(inList)
    expect(sayWhen({ start, end }, { ...say, monday })).toBe(alone)
  })

  test('something online says whose clock it is in a list, too', () => {
    expect(sayWhen({ start: ten, end: null }, { ...say, zone: true })).toBe(
      'Tuesday 19 October, 10:00 (British Summer Time)',
    )
  })

  test('is said of what is kept as of what is public, and of a time that comes twice says which', () => {
    const kept = (timing: Timing, later = false) =>
      sayDate(dateOf(timing, later), { zone: 'zone' in timing ? timing.zone : null, monday }, say)
    const twice = { timing: 'time', start: '2027-10-31T01:30', end: null, zone: 'Europe/London' } as const
    expect(kept(twice)).toBe('Sunday 31 October 2027, 01:30 (British Summer Time)')
    expect(kept(twice, true)).toBe('Sunday 31 October 2027, 01:30 (Greenwich Mean Time)')
    expect(kept({ timing: 'day', day: '2027-10-19', endDay: null })).toBe('Tuesday 19 October 2027')
    expect(kept({ timing: 'week' })).toBe(`Some time in the week of ${week}`)
  })
})

describe('where', () => {
  const hall: Place = {
    mode: 'in-person',
    placeName: 'Town Hall',
    address: '1 High Street',
    town: 'Leeds',
    country: 'GB',
  }
  const facts = {
    state: 'going',
    asks: true,
    accepted: true,
    off: false,
    unsure: false,
    started: false,
    over: false,
  } as const

  test.each<[Partial<Place>, string]>([
    [{}, 'Town Hall, 1 High Street, Leeds, United Kingdom'],
    [{ privatePlace: true }, 'Leeds, United Kingdom'],
    [{ mode: 'hybrid' }, 'Town Hall, 1 High Street, Leeds, United Kingdom, and online'],
    [{ mode: 'hybrid', privatePlace: true }, 'Leeds, United Kingdom, and online'],
    [{ mode: 'online' }, 'Online, from Leeds, United Kingdom'],
    [{ mode: 'online', town: null, country: null }, 'Online'],
    [{ mode: 'nowhere', placeName: null, address: null, town: null, country: null }, 'Nowhere special'],
    [{ mode: 'nowhere', placeName: null, address: null, town: null }, 'United Kingdom'],
  ])('%j is said as "%s"', (over, words) => {
    expect(sayWhere({ ...hall, ...over }, say)).toBe(words)
  })

  test('a guest is told the exact place only when the host has said yes', () => {
    const home = { ...hall, privatePlace: true }
    expect(sayWhereTo('in-person', home, facts, say)).toBe('Town Hall, 1 High Street, Leeds, United Kingdom')
    expect(sayWhereTo('in-person', home, { ...facts, accepted: false }, say)).toBe('Leeds, United Kingdom')
    expect(sayWhereTo('online', home, facts, say)).toBe('Online')
  })
})
