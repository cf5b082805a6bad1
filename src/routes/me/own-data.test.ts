import { expect, test } from 'vitest'
import { viewerFor } from '#accounts/server/reads/viewer.ts'
import { anybody } from '#kernel/viewer.ts'
import { testDatabase } from '../../../test/db.ts'
import { makeActivity, makeStory, makeWeek } from '../../../test/make.ts'
import { ownData } from './own-data.ts'

const db = await testDatabase()

test('the download holds what belongs to the own address in every room, and nothing of anybody else', async () => {
  await makeWeek(db)
  await makeActivity(db, { slug: 'mine', title: 'My tea', hostEmail: 'me@people.test' })
  const other = await makeActivity(db, { slug: 'other', title: 'Other tea', hostEmail: 'you@people.test' })
  for (const who of ['me', 'you']) {
    const email = `${who}@people.test`
    await db.insertInto('accounts').values({ email, name: who }).execute()
    await db
      .insertInto('rsvps')
      .values({
        activity: other.id,
        email,
        name: `guest ${who}`,
        token: Buffer.from(who),
        state: 'cancelled',
      })
      .execute()
    await db
      .insertInto('stories')
      .values({ slug: `story-${who}`, week: 2027, title: `Told by ${who}`, email })
      .execute()
    await db
      .insertInto('announcementWishes')
      .values({ email, token: Buffer.from(who) })
      .execute()
  }
  const held = { email: 'me@people.test', held: '2027-10-20T12:00:00Z', state: 'hidden' as const }
  await makeStory(db, { slug: 'story-held', title: 'Looked at by two', ...held })
  const { id } = await db
    .selectFrom('accounts')
    .select('id')
    .where('email', '=', 'me@people.test')
    .executeTakeFirstOrThrow()
  const data = await ownData(db, await viewerFor(db, id))
  expect(data).toMatchObject({
    accounts: { account: { email: 'me@people.test' } },
    activities: { hosting: [{ slug: 'mine' }], coming: [{ slug: 'other', name: 'guest me' }] },
    stories: { told: [{ slug: 'story-me' }], author: null },
    weeks: [{ email: 'me@people.test' }],
  })
  expect(JSON.stringify(data)).not.toMatch(/you@people|guest you|story-you|Looked at by two/)
})

test('without an account there is nothing to download', async () => {
  await expect(ownData(db, anybody)).rejects.toMatchObject({ kind: 'missing' })
})
