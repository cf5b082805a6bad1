import { expect, test } from 'vitest'
import { keepRetention } from '#desk/server/tasks.ts'
import { theSite } from '#kernel/viewer.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeActivity, makeStory, makeWeek } from '../../../../test/make.ts'
import { pageOf } from '../../../../test/pages.ts'
import { load } from './+page.server.ts'
import Page from './+page.svelte'

const db = await testDatabase()
await makeWeek(db)

test('the desk shows what was removed by itself, whatever it was', async () => {
  await makeActivity(db, { state: 'unverified', updated: '2027-10-01T10:00:00Z' })
  await makeStory(db, { state: 'unverified', updated: '2027-10-01T10:00:00Z' })
  await keepRetention(db, {}, new Date('2027-10-18T10:00:00Z'))
  await db.insertInto('retentionRuns').values({ what: 'of-an-older-version', count: 3 }).execute()
  const { body } = await pageOf(Page, load, { path: '/desk/retention', db, viewer: theSite })
  for (const words of ['Activities that nobody confirmed', 'Stories that nobody confirmed', 'Something else'])
    expect(body).toContain(words)
})
