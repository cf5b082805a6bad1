import { expect, test } from 'vitest'
import { testDatabase } from '../../../test/db.ts'
import { makeActivity, makeHostLink, makeStory, makeWeek } from '../../../test/make.ts'
import { pageOf } from '../../../test/pages.ts'
import { load as loadReport } from '../edit/[token]/report/+page.server.ts'
import ReportPage from '../edit/[token]/report/+page.svelte'
import { load } from './[slug]/+page.server.ts'
import Page from './[slug]/+page.svelte'

const db = await testDatabase()
const before = new Date('2027-10-18T10:00:00Z')
const after = new Date('2027-10-25T10:00:00Z')
await makeWeek(db)

const seen = async (slug: string, now: Date): Promise<string> =>
  (await pageOf(Page, load, { path: `/activities/${slug}`, params: { slug }, db, now })).body

test('a finished activity leads to the stories that tell of it, as soon as anybody may read them', async () => {
  const { id, slug } = await makeActivity(db)
  const story = await makeStory(db, { activity: id, title: 'It was loud' })
  await makeStory(db, { activity: id, title: 'Not read yet', state: 'waiting', published: null })
  expect(await seen(slug, before)).not.toContain('It was loud')
  const body = await seen(slug, after)
  expect(body).toContain(`href="/stories/${story.slug}"`)
  expect(body).not.toContain('Not read yet')
})

test('a place that said nothing of itself can be asked only where and while somebody can say that they come', async () => {
  const ask = 'You can ask when you say that you are coming'
  const { slug } = await makeActivity(db, { access: [] })
  expect(await seen(slug, before)).toContain(ask)
  expect(await seen(slug, after)).not.toContain(ask)
  const without = await makeActivity(db, { access: [], takesRsvps: false })
  expect(await seen(without.slug, before)).not.toContain(ask)
})

test('whoever has reported is led to their story once it is on the wall, and told when it will be', async () => {
  const { id } = await makeActivity(db)
  const token = await makeHostLink(db, id)
  const story = await makeStory(db, { activity: id, fromReport: true })
  const asked = { path: `/edit/${token}/report?sent=published`, params: { token }, db }
  const { body: over } = await pageOf(ReportPage, loadReport, { ...asked, now: after })
  expect(over).toContain('your story is on the wall.')
  expect(over).toContain(`href="/stories/${story.slug}"`)
  await db
    .updateTable('activities')
    .set({ lastEnd: new Date('2027-10-30T10:00:00Z') })
    .execute()
  const { body: early } = await pageOf(ReportPage, loadReport, { ...asked, now: after })
  expect(early).toContain('Your story goes on the wall when the activity is over')
  expect(early).not.toContain(`href="/stories/${story.slug}"`)
})
