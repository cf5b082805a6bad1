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
