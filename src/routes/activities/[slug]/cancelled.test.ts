import { expect, test } from 'vitest'
import { testDatabase } from '../../../../test/db.ts'
import { joinAs } from '../../../../test/guests.ts'
import { makeActivity, makeWeek } from '../../../../test/make.ts'
import { ask, pageOf } from '../../../../test/pages.ts'
import { GET } from '../[slug].ics/+server.ts'
import { addDays } from '#kernel/times.ts'
import { load as loadList } from '../+page.server.ts'
import ListPage from '../+page.svelte'
import { load } from './+page.server.ts'
import Page from './+page.svelte'

const db = await testDatabase()
const now = new Date('2027-10-01T12:00:00Z')
await makeWeek(db)

const asked = (slug: string) => ({ path: `/activities/${slug}`, params: { slug }, db, now })
const offers = ['Put it in your calendar', 'calendar.google.com', 'outlook.', 'Pass it on', '.ics']

test('a cancelled activity is offered to no calendar and to nobody else, and its file says that it is off', async () => {
  const dates = { published: '2027-09-01T10:00:00Z' }
  const on = await makeActivity(db, dates)
  const off = await makeActivity(db, { ...dates, state: 'cancelled' })
  const { body: shown } = await pageOf(Page, load, asked(on.slug))
  expect(offers.filter((words) => !shown.includes(words))).toEqual([])
  const { body: cancelled } = await pageOf(Page, load, asked(off.slug))
  expect(cancelled).toContain('This will not happen')
  expect(offers.filter((words) => cancelled.includes(words))).toEqual([])
  expect(cancelled).toContain(`/report?about=activities%3A${off.slug}`)
  const file = await ask(GET, asked(off.slug))
  expect(await file.text()).toContain('STATUS:CANCELLED')
})

test('a cancelled activity has no room, and nobody is asked to say that they come', async () => {
  const dates = { published: '2027-09-01T10:00:00Z', mode: 'hybrid', capacity: 2, onlineCapacity: 5 } as const
  const words = ['Room for 2', 'Online: room for 5', 'you get the link to join']
  const on = await makeActivity(db, dates)
  const off = await makeActivity(db, { ...dates, state: 'cancelled' })
  const { body: shown } = await pageOf(Page, load, asked(on.slug))
  expect(words.filter((one) => !shown.includes(one))).toEqual([])
  const { body: cancelled } = await pageOf(Page, load, asked(off.slug))
  expect(words.filter((one) => cancelled.includes(one))).toEqual([])
})

test('what is full says that there is a waiting list, on its page and its card', async () => {
  const { slug } = await makeActivity(db, { capacity: 1 })
  const list = { path: '/activities', db, now }
  const words = async (): Promise<string> =>
    (await pageOf(Page, load, asked(slug))).body + (await pageOf(ListPage, loadList, list)).body
  expect(await words()).not.toMatch(/waiting list/)
  await joinAs(db, slug, 'ann@people.org')
  const full = await words()
  expect(full).toContain('It is full: there is a waiting list.')
  expect(full).toContain('Go on the waiting list')
  expect(full).toContain('Full: there is a waiting list')
})

test('of a long series the next few dates stand open and the rest is folded, once each', async () => {
  const days = Array.from({ length: 20 }, (_, week) => addDays('2027-09-21', week * 7))
  const made = await makeActivity(db, {
    series: JSON.stringify({ every: 'week', until: days.at(-1) }),
    occurrences: days.map((day) => ({ day })),
  })
  const { body } = await pageOf(Page, load, asked(made.slug))
  const [, list = ''] = body.split('All 20 dates')
  const [open = '', folded = ''] = list.split('15 more dates')
  expect(open.match(/<li/g)).toHaveLength(5)
  expect(open).toContain('5 October')
  expect(open).not.toContain('28 September')
  expect(folded.split('</details>')[0]?.match(/<li/g)).toHaveLength(15)
})
