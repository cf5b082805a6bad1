import { expect, test } from 'vitest'
import { keepAuthorPage } from '#stories/server/writes/author.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeStory, makeWeek } from '../../../../test/make.ts'
import { makeAccount } from '../../../../test/organisations.ts'
import { ask, pageOf } from '../../../../test/pages.ts'
import { load } from './[slug]/+page.server.ts'
import ByPage from './[slug]/+page.svelte'
import { GET as feed } from './[slug].atom/+server.ts'

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-22T14:00:00Z')
const sam = await makeAccount(db, 'sam')
const { slug } = await keepAuthorPage(db, sam, { name: 'Sam the Teller' }, now)
const asked = { path: `/stories/by/${slug}`, db, now, params: { slug } }

test('an author page says no name and asks not to be found before anybody can read a story on it', async () => {
  const { head, body } = await pageOf(ByPage, load, asked)
  expect(head).toContain('<meta name="robots" content="noindex"/>')
  expect(head + body).not.toContain('Teller')
  await expect(ask(feed as never, asked)).rejects.toMatchObject({ kind: 'missing' })
})

test('then it has the name, the stories and their feed, and may be found', async () => {
  await makeStory(db, { account: sam.account, authorName: 'Sam the Teller', title: 'A bell' })
  const { head, body } = await pageOf(ByPage, load, asked)
  expect(head).not.toContain('noindex')
  expect(head).toContain(`href="/stories/by/${slug}.atom"`)
  expect(body).toContain('Told by Sam the Teller')
  expect(body).toContain('A bell')
  const answer: Response = await ask(feed as never, asked)
  expect(await answer.text()).toContain('<title>A bell</title>')
})

test('no such page and a page that was taken away look alike', async () => {
  for (const slug of ['nobody', '\0', 'Sam', "'"]) {
    const other = { ...asked, params: { slug } }
    await expect(pageOf(ByPage, load, other)).rejects.toMatchObject({ kind: 'missing' })
  }
})
