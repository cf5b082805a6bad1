import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { states } from '#activities/activity.ts'
import { datesOf, daysOf, mostDates } from '#activities/series.ts'
import { mayMove, nextStates } from '#activities/states.ts'
import { dateOf, readTiming, type TimingWords } from '#activities/timing.ts'
import { addDays, dayOf, happens, localOf, weekdayOf } from '#kernel/times.ts'

const zones = Intl.supportedValuesOf('timeZone')
const aZone = fc.constantFrom(...zones)
const about = { monday: '2027-10-18', today: '2027-09-01', language: 'en' }
const words = (over: Partial<TimingWords>): TimingWords => ({
  when: 'time',
  day: '2027-10-19',
  endDay: null,
  time: '10:00',
  endTime: '12:00',
  zone: 'Europe/London',
  which: null,
  ...over,
})
const mistakes = (over: Partial<TimingWords>) => {
  const read = readTiming(words(over), about)
  return 'mistakes' in read ? read.mistakes.map(({ field, key }) => `${field} ${key}`) : []
}

describe('when', () => {
  test('what is wrong is said at its field', () => {
    expect(mistakes({})).toEqual([])
    expect(mistakes({ day: null })).toEqual(['day say.when.day-needed'])
    expect(mistakes({ day: 'soon' })).toEqual(['day input.day'])
    expect(mistakes({ day: '2027-02-30' })).toEqual(['day input.day'])
    expect(mistakes({ day: '2029-10-19' })).toEqual(['day say.when.outside'])
    expect(mistakes({ time: null })).toEqual(['time say.when.time-needed'])
    expect(mistakes({ time: '25:00' })).toEqual(['time input.time'])
    expect(mistakes({ endTime: '09:00' })).toEqual(['endTime say.when.ends-before'])
    expect(mistakes({ endTime: '09:00', endDay: '2027-10-20' })).toEqual([])
    expect(mistakes({ zone: 'Mars/Olympus' })).toEqual(['zone say.when.zone'])
    expect(readTiming(words({ day: '2027-09-30' }), { ...about, today: '2027-10-10' })).toMatchObject({
      mistakes: [{ key: 'say.when.past' }],
    })
  })

  test('a time that has gone today by its own clock is refused, unless it is still on', () => {
    const gone = (over: Partial<TimingWords>) => {
      const now = new Date('2027-10-19T20:13:00Z')
      const read = readTiming(words(over), { ...about, today: '2027-10-19', now })
      return 'mistakes' in read ? read.mistakes.map(({ field, key }) => `${field} ${key}`) : []
    }
    expect(gone({ time: '06:00', endTime: null })).toEqual(['time say.when.past-time'])
    expect(gone({ time: '06:00', endTime: '07:00' })).toEqual(['time say.when.past-time'])
    expect(gone({ time: '06:00', endTime: '22:00' })).toEqual([])
    expect(gone({ time: '21:30', endTime: null })).toEqual([])
    expect(gone({ time: '21:00', endTime: null, zone: 'America/New_York' })).toEqual([])
    expect(gone({ time: '23:00', endTime: null, zone: 'Pacific/Auckland' })).toEqual(['day say.when.past'])
    expect(mistakes({ time: '06:00' })).toEqual([])
  })

  test('a time that never comes is answered with the next, one that comes twice asks which', () => {
    const edge = { monday: '2027-10-25', today: '2027-09-01', language: 'en' }
    const twice = words({ day: '2027-10-31', time: '01:30', endTime: '03:00' })
    expect(readTiming(twice, edge)).toMatchObject({ mistakes: [{ field: 'which', key: 'say.when.twice' }] })
    expect(readTiming({ ...twice, which: 'later' }, edge)).toMatchObject({ later: true })
    const spring = { monday: '2027-03-22', today: '2027-01-01', language: 'en' }
    const never = words({ day: '2027-03-28', time: '01:30', endTime: null })
    expect(readTiming(never, spring)).toMatchObject({
      mistakes: [{ key: 'say.when.never', params: { next: '02:30' } }],
    })
  })

  test('a day without a time is that day in every zone and never shifts', () => {
    fc.assert(
      fc.property(aZone, fc.integer({ min: 0, max: 3000 }), (zone, after) => {
        const day = addDays('2026-01-01', after)
        const date = dateOf({ timing: 'day', day, endDay: null })
        expect(date?.startDay).toBe(day)
        expect(
          date && date.starts <= new Date(`${day}T12:00:00Z`) && date.ends > new Date(`${day}T12:00:00Z`),
        ).toBe(true)
        expect(dayOf(date?.starts ?? new Date(0), 'Etc/GMT-14')).toBe(day)
        expect(zone.length).toBeGreaterThan(1)
      }),
    )
  })
})

describe('a series', () => {
  test('keeps its local time on every date, in every zone, through every change of the clocks', () => {
    fc.assert(
      fc.property(
        aZone,
        fc.constantFrom('week', 'fortnight', 'month'),
        fc.integer({ min: 0, max: 700 }),
        (zone, every, after) => {
          const first = addDays('2026-06-01', after)
          const timing = { timing: 'time', start: `${first}T10:00`, end: `${first}T11:30`, zone } as const
          const dates = datesOf(timing, { every, until: addDays(first, 200) } as const)
          for (const date of dates) {
            expect(date.startLocal?.slice(11)).toBe('10:00')
            if (happens(date.startLocal ?? '', zone) !== 'never')
              expect(localOf(date.starts, zone)).toBe(date.startLocal)
            expect(weekdayOf(date.startDay)).toBe(weekdayOf(first))
          }
          expect(dates[0]?.startDay).toBe(first)
        },
      ),
      { numRuns: 60 },
    )
  })

  test('is in order, without doubles, at most sixty long and never after its end', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('week', 'fortnight', 'month'),
        fc.integer({ min: 0, max: 4000 }),
        (every, length) => {
          const until = addDays('2027-01-04', length)
          const days = daysOf('2027-01-04', { every, until } as const)
          expect(days).toEqual([...new Set(days)].toSorted())
          expect(days.length).toBeLessThanOrEqual(mostDates)
          expect(days.every((day) => day <= until)).toBe(true)
        },
      ),
    )
  })

  test('one date may be moved, with its length, and one skipped; the others stay', () => {
    const timing = {
      timing: 'time',
      start: '2027-10-05T14:00',
      end: '2027-10-05T16:00',
      zone: 'Europe/London',
    } as const
    const dates = datesOf(timing, { every: 'week', until: '2027-10-26' }, [
      { day: '2027-10-12', to: '2027-10-13T18:30' },
      { day: '2027-10-19', skipped: true },
    ])
    expect(
      dates.map((date) => [date.originalDay, date.startLocal, date.endLocal, date.status, date.moved]),
    ).toEqual([
      ['2027-10-05', '2027-10-05T14:00', '2027-10-05T16:00', 'on', false],
      ['2027-10-12', '2027-10-13T18:30', '2027-10-13T20:30', 'on', true],
      ['2027-10-19', '2027-10-19T14:00', '2027-10-19T16:00', 'cancelled', false],
      ['2027-10-26', '2027-10-26T14:00', '2027-10-26T16:00', 'on', false],
    ])
  })

  test('meets on the third Tuesday when it says monthly', () => {
    expect(daysOf('2027-08-17', { every: 'month', until: '2027-11-30' })).toEqual([
      '2027-08-17',
      '2027-09-21',
      '2027-10-19',
      '2027-11-16',
    ])
  })
})

describe('states', () => {
  test('only a reviewer lists what was not listed before, and only what was taken down goes back to unverified', () => {
    for (const from of states) {
      expect(nextStates(from, 'host')).not.toContain('unverified')
      expect(nextStates(from, 'reviewer').includes('unverified')).toBe(from === 'withdrawn')
      for (const to of ['declined', 'by-link', 'asked-for-more'] as const)
        expect(mayMove(from, to, 'host')).toBe(false)
    }
    // A trusted host's own activity is listed when they confirm it; the write checks the trust.
    expect(states.filter((from) => mayMove(from, 'published', 'host'))).toEqual([
      'unverified',
      'waiting',
      'cancelled',
    ])
  })
})
