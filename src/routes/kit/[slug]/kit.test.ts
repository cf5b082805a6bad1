import { expect, test } from 'vitest'
import { testDatabase } from '../../../../test/db.ts'
import { makeActivity, makeHostLink, makeWeek } from '../../../../test/make.ts'
import { ask, pageOf } from '../../../../test/pages.ts'
import { actions } from '../../edit/[token]/thanks/+page.server.ts'
import { POST } from '../../edit/[token]/thanks/print/+server.ts'
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

test('what is wrong with the names is said at their field, with what was typed', async () => {
  const { id } = await makeActivity(db, {
    startLocal: '2027-10-19T10:00',
    endLocal: '2027-10-19T12:00',
    hostEmail: 'host@example.org',
  })
  const token = await makeHostLink(db, id)
  const later = new Date('2027-10-21T12:00:00Z')
  const asked = (names: string) => ({
    db,
    now: later,
    path: `/edit/${token}/thanks`,
    params: { token },
    body: { names },
  })
  for (const names of [
    '',
    'Sam\r\nTea \u{1F600}',
    'x\r\n'.repeat(61).replaceAll('x', () => crypto.randomUUID()),
  ]) {
    await expect(ask(POST as never, asked(names))).rejects.toMatchObject({
      status: 307,
      location: `/edit/${token}/thanks`,
    })
    const back = await ask(actions['default'] as never, asked(names))
    expect(back).toMatchObject({
      status: 400,
      data: { values: { names }, errors: { names: expect.any(String) } },
    })
  }
})
