import { expect, test } from 'vitest'
import { testDatabase } from '../../../../test/db.ts'
import { makeActivity, makeWeek } from '../../../../test/make.ts'
import { ask, pageOf } from '../../../../test/pages.ts'
import { GET } from './[file]/+server.ts'
import { load } from './+page.server.ts'
import Page from './+page.svelte'

const db = await testDatabase()
const now = new Date('2027-10-01T12:00:00Z')
await makeWeek(db)

test('what a browser has of a kit is good until the activity changes, then it is made anew', async () => {
  const { id, slug } = await makeActivity(db, { title: 'Tea and talk' })
  const file = (etag?: string) =>
    ask(GET, {
      path: `/kit/${slug}/qr.svg`,
      params: { slug, file: 'qr.svg' },
      db,
      now,
      ...(etag !== undefined && { headers: { 'if-none-match': etag } }),
    })
  const etag = (await file()).headers.get('etag') ?? ''
  expect(etag).toMatch(/^"[\w-]{22}"$/)
  expect((await file(etag)).status).toBe(304)
  await db.updateTable('activities').set({ placeName: 'Another hall' }).where('id', '=', id).execute()
  const after = await file(etag)
  expect(after.status).toBe(200)
  expect(after.headers.get('etag')).not.toBe(etag)
})

test('the page says of which day it is made, and has the end of an e-mail as words and as HTML', async () => {
  const { slug } = await makeActivity(db, { title: 'Drums and tea' })
  const { body } = await pageOf(Page, load, { path: `/kit/${slug}`, params: { slug }, db, now })
  expect(body).toContain('Made from what the page said on Friday 1 October 2027.')
  expect(body).toContain(`href="/kit/${slug}/press-note.pdf"`)
  expect(body).toMatch(/<textarea[^>]*>&lt;table role="presentation"/)
  expect(body).toContain('html="&lt;table role=&quot;presentation&quot;')
  // What is typed nowhere in the page's own markup: its policy allows no style of an element.
  expect(body.replaceAll(/<textarea[^]*?<\/textarea>/g, '')).not.toMatch(/<[a-z]+ [^>]*\sstyle="/)
})
