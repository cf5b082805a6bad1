import { beforeAll, expect, test } from 'vitest'
import { testDatabase } from '../../../test/db.ts'
import { makeActivity, makeStory, makeWeek } from '../../../test/make.ts'
import { anybody } from '#kernel/viewer.ts'
import { ask, pageOf } from '../../../test/pages.ts'
import { actions, load } from './+page.server.ts'
import Page from './+page.svelte'

const db = await testDatabase()
const now = new Date('2027-10-30T12:00:00Z')

beforeAll(async () => {
  await makeWeek(db)
  await makeActivity(db, { slug: 'weekly-cuppa', title: 'A weekly cuppa' })
  await makeActivity(db, { slug: 'gone-cuppa', title: 'A secret cuppa', state: 'withdrawn' })
  await makeStory(db, { slug: 'bell', title: 'The bell' })
})

test.each([
  ['activities:weekly-cuppa', 'A weekly cuppa'],
  ['/activities/weekly-cuppa', 'A weekly cuppa'],
  ['stories:bell', 'The bell'],
  ['activities:gone-cuppa', '/activities/gone-cuppa'],
  ['stories:never-was', '/stories/never-was'],
  ['/media/0b5b0a0e-4a0b-4c55-9d3c-0d6a1a2b3c4d', 'a picture'],
])('a report about %s names it as "%s"', async (about, words) => {
  const page = await ask(load, { path: `/report?about=${encodeURIComponent(about)}`, db, now })
  expect(page).toMatchObject({ known: true, aboutWords: words })
})

test('the receipt says since when, how soon open pages let go and what nobody reaches, the same whether anything was there', async () => {
  const press = async (about: string) => {
    const body = { door: 'take-down', about, words: '', email: '', country: '', formKey: about }
    const sent = { path: '/report', db, now, viewer: anybody, params: {}, body }
    const answer: unknown = await ask(actions['default'] as typeof load, sent).catch(
      (thrown: unknown) => thrown,
    )
    const { location } = answer as { location: string }
    const { body: html } = await pageOf(Page, load, { path: location, db, now, viewer: anybody })
    return html.replaceAll(about, 'ADDRESS')
  }
  const there = await press('/stories/bell')
  for (const words of ['12:00 UTC', '60 seconds', 'copies that somebody has saved or printed'])
    expect(there).toContain(words)
  expect(await press('/stories/nope')).toBe(there)
  expect(await press('/activities/weekly-cuppa')).not.toContain('60 seconds')
})
