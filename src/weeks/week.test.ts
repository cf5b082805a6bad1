import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, dayOf } from '#kernel/times.ts'
import {
  belongs,
  closes,
  daysOf,
  isArchive,
  isOnEverywhere,
  isOnIn,
  nameOf,
  opens,
  sourceOf,
  weekState,
  type WeekStep,
} from '#weeks/week.ts'

const aMonday = fc.integer({ min: 0, max: 6000 }).map((weeks) => addDays('1990-01-01', weeks * 7))
const announced = (monday: string, state: WeekStep = 'announced') => ({ monday, state })
const hour = 3_600_000

describe('a week', () => {
  test('is open for 194 hours, whichever Monday it begins on', () => {
    fc.assert(
      fc.property(aMonday, (monday) => {
        expect((closes({ monday }).getTime() - opens({ monday }).getTime()) / hour).toBe(194)
      }),
    )
  })

  test('is on exactly from UTC+14 of its Monday until UTC−12 has ended its Sunday', () => {
    fc.assert(
      fc.property(aMonday, fc.integer({ min: -400, max: 600 }), (monday, hours) => {
        const now = new Date(opens({ monday }).getTime() + hours * hour)
        const { state } = weekState(announced(monday), now)
        expect(state).toBe(hours < 0 ? 'before' : hours < 194 ? 'on' : 'over')
      }),
    )
  })

  test('is on wherever it is one of its days, on both sides of the date line', () => {
    const week = announced('2027-10-18')
    for (const zone of ['Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Europe/London', 'Asia/Kathmandu']) {
      for (let at = opens(week).getTime() - 48 * hour; at < closes(week).getTime() + 48 * hour; at += hour) {
        const there = dayOf(new Date(at), zone)
        if (there >= '2027-10-18' && there <= '2027-10-24')
          expect(weekState(week, new Date(at)).state, `${zone} ${there}`).toBe('on')
      }
    }
  })

  test('is on in a zone on its seven local days; on everywhere means on in every zone, for 142 of the 194 hours', () => {
    const zones = ['Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Etc/GMT+12', 'Europe/London', 'Asia/Kathmandu']
    fc.assert(
      fc.property(
        aMonday,
        fc.integer({ min: -30, max: 230 }),
        fc.constantFrom(...zones),
        (monday, hours, zone) => {
          const week = announced(monday)
          const now = new Date(opens(week).getTime() + hours * hour)
          expect(isOnIn(week, zone, now)).toBe(daysOf(week).includes(dayOf(now, zone)))
          if (isOnIn(week, zone, now)) expect(weekState(week, now).state).toBe('on')
          if (isOnEverywhere(week, now)) expect(isOnIn(week, zone, now)).toBe(true)
          expect(isOnEverywhere(week, now)).toBe(hours >= 26 && hours < 168)
        },
      ),
    )
  })

  test('counts the days before it down to one', () => {
    fc.assert(
      fc.property(aMonday, fc.integer({ min: 1, max: 4000 }), (monday, hours) => {
        const now = new Date(opens({ monday }).getTime() - hours * hour)
        const state = weekState(announced(monday), now)
        if (state.state !== 'before') throw new Error(state.state)
        expect(state.days).toBeGreaterThanOrEqual(1)
        expect(Math.abs(state.days - (hours + 14) / 24)).toBeLessThan(1)
      }),
    )
    expect(weekState(announced('2027-10-18'), new Date('2027-10-15T12:00Z'))).toEqual({
      state: 'before',
      days: 3,
    })
  })

  test('that nobody announced has no date, whatever the clock says', () => {
    for (const now of ['2020-01-01', '2027-10-20', '2030-01-01'])
      expect(weekState(announced('2027-10-18', 'draft'), new Date(now)).state).toBe('not-announced')
    expect(weekState(null, new Date()).state).toBe('not-announced')
  })

  test('that was closed is over, even in the middle', () => {
    expect(weekState(announced('2027-10-18', 'closed'), new Date('2027-10-20')).state).toBe('over')
  })

  test('is an archive once it was closed, or thirty days after it, whoever forgot to close it', () => {
    expect(isArchive(announced('2027-10-18', 'closed'), new Date('2027-10-20'))).toBe(true)
    expect(isArchive(announced('2027-10-18'), new Date('2027-10-30'))).toBe(false)
    expect(isArchive(announced('2027-10-18'), new Date('2027-11-24T11:59Z'))).toBe(false)
    expect(isArchive(announced('2027-10-18'), new Date('2027-11-24T12:00Z'))).toBe(true)
  })

  test('takes in days up to thirty either side and no further', () => {
    const week = { monday: '2027-10-18' }
    expect(belongs(week, '2027-09-18')).toBe(true)
    expect(belongs(week, '2027-09-17')).toBe(false)
    expect(belongs(week, '2027-11-23')).toBe(true)
    expect(belongs(week, '2027-11-24')).toBe(false)
    expect(daysOf(week)).toHaveLength(7)
    expect(daysOf(week)[6]).toBe('2027-10-24')
  })

  test('says where it is known from, with a link when there is an address', () => {
    const href = 'https://example.org/2022/09/'
    expect(sourceOf(`[The post of 2022](${href})`)).toEqual({ words: 'The post of 2022', href })
    expect(sourceOf(`The post of 2022: ${href}`)).toEqual({ words: 'The post of 2022', href })
    expect(sourceOf(href)).toEqual({ words: href, href })
    expect(sourceOf('A newsletter')).toEqual({ words: 'A newsletter', href: null })
    for (const nothing of [null, '', '  ']) expect(sourceOf(nothing)).toBeNull()
  })

  test('things are called by the language of the page, else in English', () => {
    const kind = { names: { en: 'Café', cy: 'Caffi' } }
    expect(nameOf(kind, 'cy')).toBe('Caffi')
    expect(nameOf(kind, 'ar')).toBe('Café')
  })
})
