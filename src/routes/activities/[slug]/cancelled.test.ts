import type { ComponentProps } from 'svelte'
import { render } from 'svelte/server'
import { expect, test } from 'vitest'
import { anybody } from '#kernel/viewer.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeActivity, makeWeek } from '../../../../test/make.ts'
import { GET } from '../[slug].ics/+server.ts'
import { load } from './+page.server.ts'
import Page from './+page.svelte'

const db = await testDatabase()
const now = new Date('2027-10-01T12:00:00Z')
await makeWeek(db)

const eventOf = (slug: string) => ({
  locals: { db, viewer: anybody, now, language: 'en', keep: () => undefined },
  params: { slug },
  url: new URL(`https://week.example/activities/${slug}`),
})
async function pageOf(slug: string): Promise<string> {
  const data = await load(eventOf(slug) as unknown as Parameters<typeof load>[0])
  const props = { data: { ...data, language: 'en' }, params: { slug }, form: null }
  return (await render(Page, { props: props as unknown as ComponentProps<typeof Page> })).body
}
const offers = ['Put it in your calendar', 'calendar.google.com', 'outlook.', 'Pass it on', '.ics']

test('a cancelled activity is offered to no calendar and to nobody else, and its file says that it is off', async () => {
  const dates = { published: '2027-09-01T10:00:00Z' }
  const on = await makeActivity(db, dates)
  const off = await makeActivity(db, { ...dates, state: 'cancelled' })
  const shown = await pageOf(on.slug)
  expect(offers.filter((words) => !shown.includes(words))).toEqual([])
  const cancelled = await pageOf(off.slug)
  expect(cancelled).toContain('This will not happen')
  expect(offers.filter((words) => cancelled.includes(words))).toEqual([])
  expect(cancelled).toContain(`/report?about=activities%3A${off.slug}`)
  const file = await GET(eventOf(off.slug) as unknown as Parameters<typeof GET>[0])
  expect(await file.text()).toContain('STATUS:CANCELLED')
})
