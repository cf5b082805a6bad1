import { beforeAll, expect, test } from 'vitest'
import { testDatabase } from '../../../test/db.ts'
import { makeActivity, makeStory, makeWeek } from '../../../test/make.ts'
import { carrying } from '#desk/concern.ts'
import { anybody } from '#kernel/viewer.ts'
import { ask, pageOf } from '../../../test/pages.ts'
import { load as loadSafety } from '../safety/+page.server.ts'
import Safety from '../safety/+page.svelte'
import { actions, load } from './+page.server.ts'
import Page from './+page.svelte'

const db = await testDatabase()
const now = new Date('2027-10-30T12:00:00Z')

beforeAll(async () => {
  await makeWeek(db)
  await makeActivity(db, { slug: 'weekly-cuppa', title: 'A weekly cuppa' })
  await makeActivity(db, { slug: 'gone-cuppa', title: 'A secret cuppa', state: 'withdrawn' })
  await makeStory(db, { slug: 'bell', title: 'The bell' })
  await makeStory(db, { slug: 'drum', title: 'The drum' })
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
  expect(there).not.toContain('drawing')
  expect(await press('/stories/nope')).toBe(there)
  expect(await press('/activities/weekly-cuppa')).not.toContain('60 seconds')
})

test('a report that says nothing is not thanked: it is asked what it is about', async () => {
  const body = { door: 'take-down', about: '', words: '', email: '', country: '', formKey: 'empty' }
  const sent = { path: '/report', db, now, viewer: anybody, params: {}, body }
  const refused = (await ask(actions['default'] as typeof load, sent)) as { status: number; data: object }
  expect(refused.status).toBe(400)
  const { body: html } = await pageOf(Page, load, { path: '/report', db, now, form: refused.data })
  expect(html).toContain('Please say which page it is about')
  expect(await db.selectFrom('concerns').select('id').where('subject', 'is', null).execute()).toEqual([])
})

const from = async (path: string) =>
  (await ask(load, {
    path: '/report',
    db,
    now,
    headers: { referer: `https://week.example${path}` },
  })) as { known: boolean; about: string; aboutWords: string }

test('whoever comes from a page of ours means it, also by way of the page about worries', async () => {
  expect(await from('/stories/drum')).toMatchObject({ known: true, about: 'stories:drum' })
  expect(await from('/activities/weekly-cuppa/come')).toMatchObject({ about: 'activities:weekly-cuppa' })
  expect(await from('/safety?about=stories:drum')).toMatchObject({ known: true, aboutWords: 'The drum' })
  expect(await from('/weeks/2027')).toMatchObject({ known: false, about: '/weeks/2027' })
})

test('the word of a link goes nowhere: from a private page nothing is carried along', async () => {
  const word = 'abcdefghijklmnopqrstuvwxyz012345'
  const rooms = ['edit', 'stories/edit', 'consent', 'come', 'replies', 'me/join', 'tell-me-when', 'sign-in']
  for (const path of [
    ...rooms.map((room) => `/${room}/${word}`),
    `/stories/edit/${word}/pictures`,
    '/safety',
  ]) {
    expect([path, (await from(path)).about]).toEqual([path, ''])
    expect(carrying('/safety', path)).toBe('/safety')
    expect(carrying('/report', path)).toBe('/report')
  }
  expect((await from(`/safety?about=/consent/${word}`)).about).toBe('')
})

test('the link about worries carries the story along, and its page leads to the report of that very story', async () => {
  const path = carrying('/safety', '/stories/drum')
  expect(path).toBe('/safety?about=stories%3Adrum')
  const { body } = await pageOf(Safety, loadSafety, { path, db, now })
  expect(body).toContain('The drum')
  expect(body).toContain('href="/report?about=stories%3Adrum"')
  expect(body).toContain('name="about" value="stories:drum"')
  const other = await pageOf(Safety, loadSafety, { path: '/safety?about=https://elsewhere.example', db, now })
  expect(other.body).not.toContain('about=')
})
