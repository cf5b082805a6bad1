import { beforeAll, expect, test } from 'vitest'
import { testDatabase } from '../../../test/db.ts'
import { makeActivity, makeStory, makeWeek } from '../../../test/make.ts'
import { ask } from '../../../test/pages.ts'
import { load } from './+page.server.ts'

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
