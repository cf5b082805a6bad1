import { expect, test } from 'vitest'
import { mostLetters } from '#stories/telling.ts'
import { testDatabase } from '../../../../../test/db.ts'
import { makeStory, makeStoryLink, makeWeek } from '../../../../../test/make.ts'
import { ask, pageOf } from '../../../../../test/pages.ts'
import { actions, load } from './+page.server.ts'
import page from './+page.svelte'

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-22T12:00:00Z')

test('a story that is too long is refused with the number that fits, and comes back whole', async () => {
  const { id } = await makeStory(db, { state: 'draft', body: 'Short.' })
  const token = await makeStoryLink(db, id)
  const at = { path: `/stories/edit/${token}`, db, now, params: { token } }
  const long = `${'x'.repeat(mostLetters)}THE END`
  const save = actions['save']
  if (!save) throw new Error('The page has no such button')
  const body = { token, revision: '1', title: 'A hum', body: long, then: 'save' }
  const refused = (await ask(save, { ...at, body })) as { status: number; data: object }
  expect(refused.status).toBe(400)
  const { body: html } = await pageOf(page, load, { ...at, form: refused.data })
  expect(html).toContain('This is too long. 20,000 characters fit.')
  expect(html).toContain('THE END</textarea>')
  expect(/<textarea[^>]* id="body"[^>]*>/.exec(html)?.[0]).not.toContain('maxlength')
  expect(html).toMatch(/<abe-count[^>]* for="body" most="20000"/)
  const kept = await db.selectFrom('stories').select('body').where('id', '=', id).executeTakeFirst()
  expect(kept?.body).toBe('Short.')
})
