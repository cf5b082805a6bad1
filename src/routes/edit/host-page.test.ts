import * as v from 'valibot'
import { expect, test } from 'vitest'
import { editInput } from '#activities/edit.ts'
import { editPage } from '#activities/server/reads/edit.ts'
import { settleActivity } from '#activities/server/tasks/by-the-clock.ts'
import { editActivity } from '#activities/server/writes/edit.ts'
import { anybody } from '#kernel/viewer.ts'
import { testDatabase } from '../../../test/db.ts'
import { early, joinAs, withGuest } from '../../../test/guests.ts'
import { makeActivity, makeHostLink, makeWeek, type ActivityOver } from '../../../test/make.ts'
import { pageOf } from '../../../test/pages.ts'
import { load } from './[token]/+page.server.ts'
import Page from './[token]/+page.svelte'
import { load as loadChange } from './[token]/change/+page.server.ts'
import Change from './[token]/change/+page.svelte'
import { load as loadReport } from './[token]/report/+page.server.ts'
import Report from './[token]/report/+page.svelte'
import { load as loadGuests } from './[token]/guests/+page.server.ts'
import Guests from './[token]/guests/+page.svelte'

const db = await testDatabase()
const now = new Date('2027-10-01T10:00:00Z')
await makeWeek(db)

async function seen(over: ActivityOver, at = now): Promise<string> {
  const { id } = await makeActivity(db, over)
  const token = await makeHostLink(db, id)
  return (await pageOf(Page, load, { path: `/edit/${token}`, params: { token }, db, now: at })).body
}
const online = { mode: 'online', country: null, town: null, placeName: null, lat: null, lon: null } as const
const asks = 'How can people join online?'

test('a host whose activity people join online is asked how, until it says so or is over', async () => {
  expect(await seen({ mode: 'hybrid' })).toContain(asks)
  expect(await seen(online)).toContain(asks)
  expect(await seen({ mode: 'hybrid', joinUrl: 'https://meet.example/x' })).not.toContain(asks)
  expect(await seen({ ...online, joinDetails: 'Ring 0113 496 0000' })).not.toContain(asks)
  expect(await seen({ mode: 'in-person' })).not.toContain(asks)
  expect(await seen(online, new Date('2027-11-20T10:00:00Z'))).not.toContain(asks)
})

test('of what is cancelled it says who had said they would come, not who is coming', async () => {
  const { id } = await withGuest(db, {})
  const token = await makeHostLink(db, id)
  const both = async (): Promise<string> => {
    const about = { params: { token }, db, now: early }
    const page = await pageOf(Page, load, { ...about, path: `/edit/${token}` })
    const guests = await pageOf(Guests, loadGuests, { ...about, path: `/edit/${token}/guests` })
    return page.body + guests.body
  }
  const before = await both()
  expect(before).toContain('1 person is coming')
  expect(before).toContain('They are coming')
  await db.updateTable('activities').set({ state: 'cancelled' }).where('id', '=', id).execute()
  const after = await both()
  expect(after).toContain('1 person had said they would come')
  expect(after).toContain('One person had said they would come')
  expect(after).not.toMatch(/(is|are) coming/)
})

test('a host with fewer seats than are taken reads how many keep theirs, before and after saving', async () => {
  const { id, slug } = await makeActivity(db, { capacity: 4, title: 'A small room' })
  await joinAs(db, slug, 'three@people.org', { seats: '3' })
  await joinAs(db, slug, 'one@people.org')
  await joinAs(db, slug, 'waits@people.org')
  const token = await makeHostLink(db, id)
  const about = { params: { token }, db, now: early }
  const own = async (): Promise<string> =>
    (await pageOf(Page, load, { ...about, path: `/edit/${token}` })).body
  expect(await own()).not.toContain('More seats are taken')
  const form = await pageOf(Change, loadChange, { ...about, path: `/edit/${token}/change` })
  expect(form.body).toContain('4 are taken now. If you write fewer, everybody who has a seat keeps it.')

  const { values, revision } = await editPage(db, token, 'en', early)
  const input = v.parse(editInput, { ...values, token, revision: String(revision), capacity: '2' })
  await editActivity(db, anybody, input, early)
  await settleActivity(db, id, early)
  const after = await own()
  expect(after).toContain('4 seats are taken in the place, and you have 2.')
  expect(after).toContain(`href="/edit/${token}/guests#tell"`)
  const states = await db
    .selectFrom('rsvps')
    .select(['seats', 'state'])
    .where('activity', '=', id)
    .orderBy('created')
    .execute()
  expect(states).toEqual([
    { seats: 3, state: 'going' },
    { seats: 1, state: 'going' },
    { seats: 1, state: 'waiting' },
  ])
})

test('a host who tells too early how it was reads when it is over, by the clocks of the place', async () => {
  const { id } = await makeActivity(db, { zone: 'Europe/London' })
  const token = await makeHostLink(db, id)
  const { body } = await pageOf(Report, loadReport, { path: '/', params: { token }, db, now })
  expect(body).toMatch(/It is over on \w+ \d+ October 2027 at \d\d:\d\d \(British Summer Time\)/)
})
