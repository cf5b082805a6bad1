import { expect, test } from 'vitest'
import { testDatabase } from '../../../../test/db.ts'
import { makeStory, makeWeek } from '../../../../test/make.ts'
import { makeAccount } from '../../../../test/organisations.ts'
import { pageOf } from '../../../../test/pages.ts'
import { load } from './[id]/+page.server.ts'
import page from './[id]/+page.svelte'

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-26T10:00:00Z')

test('the steps of a story call its teller so, also one who has told us no name', async () => {
  const viewer = await makeAccount(db, 'ann', { role: 'reviewer' })
  const teller = await db
    .insertInto('accounts')
    .values({ name: '', email: 'nameless@people.test' })
    .returning('id')
    .executeTakeFirstOrThrow()
  const { id } = await makeStory(db, { state: 'waiting' })
  await db
    .insertInto('storyChanges')
    .values([
      { story: id, at: now, account: teller.id, byTeller: true, toState: 'waiting' },
      { story: id, at: now, account: teller.id, byTeller: false, toState: 'waiting' },
    ])
    .execute()
  const { body } = await pageOf(page, load, {
    path: `/desk/stories/${id}`,
    params: { id },
    db,
    now,
    viewer,
  })
  expect(body.match(/Whoever made it|Somebody at the desk/g)).toEqual([
    'Somebody at the desk',
    'Whoever made it',
  ])
})

test('a story that is published and cannot be seen says what may be missing, and leads to no page that is not there', async () => {
  const viewer = await makeAccount(db, 'ben', { role: 'reviewer' })
  const open = async (published: Date) => {
    const { id, slug } = await makeStory(db, { state: 'published', published })
    const address = { path: `/desk/stories/${id}`, params: { id } }
    return { slug, body: (await pageOf(page, load, { ...address, db, now, viewer })).body }
  }
  const hour = 3_600_000
  const seen = await open(new Date(now.getTime() - hour))
  expect(seen.body).toContain(`href="/stories/${seen.slug}"`)
  expect(seen.body).not.toContain('or has not been asked')
  const unseen = await open(new Date(now.getTime() + hour))
  expect(unseen.body).not.toContain(`href="/stories/${unseen.slug}"`)
  expect(unseen.body).toContain('or has not been asked')
})
