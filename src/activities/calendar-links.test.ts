import { expect, test } from 'vitest'
import { calendarLinks, calendarTime } from '#activities/calendar-links.ts'
import type { Moment } from '#activities/when.ts'

const week = { from: '2027-10-18', to: '2027-10-24' }
const ten: Moment = { local: '2027-10-19T10:00', zone: 'Europe/London', utc: '2027-10-19T09:00:00Z' }
const noon: Moment = { local: '2027-10-19T12:00', zone: 'Europe/London', utc: '2027-10-19T11:00:00Z' }

const asked = (start: Moment, end: Moment) => {
  const time = calendarTime({ start, end }, week)
  const links = calendarLinks({ title: 'Tea & cake', where: 'Leeds', details: 'a\nb', time })
  const of = (address: string) => Object.fromEntries(new URL(address).searchParams)
  return { google: of(links.google), outlook: of(links.outlook) }
}

test.each<[string, Moment, Moment, string, string, string, string | undefined]>([
  [
    'a time',
    ten,
    noon,
    '20271019T090000Z/20271019T110000Z',
    '2027-10-19T09:00:00.000Z',
    '2027-10-19T11:00:00.000Z',
    undefined,
  ],
  [
    'a time without an end',
    ten,
    null,
    '20271019T090000Z/20271019T100000Z',
    '2027-10-19T09:00:00.000Z',
    '2027-10-19T10:00:00.000Z',
    undefined,
  ],
  ['a day', { day: '2027-10-19' }, null, '20271019/20271020', '2027-10-19', '2027-10-20', 'true'],
  [
    'days',
    { day: '2027-10-19' },
    { day: '2027-10-21' },
    '20271019/20271022',
    '2027-10-19',
    '2027-10-22',
    'true',
  ],
  ['some time in the week', null, null, '20271018/20271025', '2027-10-18', '2027-10-25', 'true'],
])('%s goes into both calendars as it is', (_name, start, end, dates, startdt, enddt, allday) => {
  const { google, outlook } = asked(start, end)
  expect(google).toEqual({
    action: 'TEMPLATE',
    text: 'Tea & cake',
    dates,
    details: 'a\nb',
    location: 'Leeds',
  })
  expect(outlook).toMatchObject({ subject: 'Tea & cake', startdt, enddt, body: 'a\nb', location: 'Leeds' })
  expect(outlook['allday']).toBe(allday)
})
