import * as v from 'valibot'
import { beforeEach, expect, test } from 'vitest'
import { coming } from '#activities/rsvp.ts'
import { comeTo } from '#activities/server/writes/come.ts'
import { giveSeatBack } from '#activities/server/writes/guest-page.ts'
import { anybody } from '#kernel/viewer.ts'
import { testDatabase } from '../../../test/db.ts'
import { deliverAll, early, joinAs, wordOf } from '../../../test/guests.ts'
import { makeActivity, makeWeek, type ActivityOver } from '../../../test/make.ts'
import { pageOf } from '../../../test/pages.ts'
import { load } from './[token]/+page.server.ts'
import Page from './[token]/+page.svelte'

const db = await testDatabase()
await makeWeek(db)
beforeEach(async () => {
  for (const table of ['activities', 'mails', 'rateCounts'] as const) await db.deleteFrom(table).execute()
})

const make = (over: ActivityOver) => makeActivity(db, { hostEmail: 'host@people.org', ...over })
const seen = async (token: string): Promise<string> =>
  (await pageOf(Page, load, { path: `/come/${token}`, params: { token }, db, now: early })).body
const hold = async (slug: string, email: string): Promise<string> => {
  await comeTo(db, anybody, v.parse(coming, { slug, email }), early)
  return wordOf(db, email)
}

test('somebody on the waiting list presses to wait, has no seat to give back, and nothing for a calendar', async () => {
  const { slug } = await make({ capacity: 1 })
  expect(await seen(await hold(slug, 'ann@people.org'))).toContain('Yes, I am coming')
  await joinAs(db, slug, 'ann@people.org')
  const asked = await seen(await hold(slug, 'ben@people.org'))
  expect(asked).toContain('Join the waiting list')
  expect(asked).not.toContain('Yes, I am coming')
  const token = await joinAs(db, slug, 'ben@people.org')
  const body = await seen(token)
  expect(body).toContain('Leave the waiting list')
  expect(body).not.toMatch(/your seat back|Google calendar|I cannot come/)
  await giveSeatBack(db, anybody, { token }, early)
  expect(await seen(token)).not.toMatch(/gave your seat back/)
  const mails = (await deliverAll(db, early)).filter((mail) => mail.to === 'ben@people.org')
  expect(mails.at(-1)?.text).toContain('You said that you are not coming.')
  expect(mails.map((mail) => mail.text).join()).not.toContain('gave your seat back')
})

test('somebody who waits for the host’s yes takes back what they asked', async () => {
  const { slug } = await make({ privatePlace: true })
  const body = await seen(await joinAs(db, slug, 'ann@people.org'))
  expect(body).toContain('One press takes back what you asked.')
  expect(body).not.toMatch(/your seat back|Google calendar/)
})

test('somebody who comes can give their seat back and put it into a calendar', async () => {
  const { slug } = await make({})
  const body = await seen(await joinAs(db, slug, 'ann@people.org'))
  expect(body).toContain('One press gives your seat back.')
  expect(body).toContain('Google calendar')
})

test('the mail of a seat says which mails are still to come', async () => {
  const { slug } = await make({})
  await joinAs(db, slug, 'ann@people.org')
  const tomorrow = new Date('2027-10-18T15:00:00Z')
  await joinAs(db, slug, 'ben@people.org', { when: tomorrow })
  const letters = await deliverAll(db, tomorrow)
  const to = (address: string): string =>
    letters.find((one) => one.to === address && one.text.includes('We have a seat for you'))?.text ?? ''
  expect(to('ann@people.org')).toContain('once more the day before, and once after')
  expect(to('ben@people.org')).toContain('once more, the day after')
})

test('somebody who joins online reads how, or that the host has still to say it', async () => {
  const later = 'The host has not said yet how to join.'
  const { slug } = await make({ mode: 'hybrid' })
  expect(await seen(await joinAs(db, slug, 'ann@people.org', { joining: 'online' }))).toContain(later)
  expect(await seen(await joinAs(db, slug, 'ben@people.org', { joining: 'in-person' }))).not.toContain(later)
  const link = 'https://meet.example/x'
  const said = await make({ mode: 'hybrid', joinUrl: link })
  const body = await seen(await joinAs(db, said.slug, 'cat@people.org', { joining: 'online' }))
  expect(body).toContain(link)
  expect(body).not.toContain(later)
})
