import { expect, test } from 'vitest'
import { testDatabase } from '../../../../test/db.ts'
import { makeActivity, makeWeek } from '../../../../test/make.ts'
import { ask, pageOf } from '../../../../test/pages.ts'
import { GET } from '../[slug].ics/+server.ts'
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
