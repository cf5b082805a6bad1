import { beforeAll, expect, test } from 'vitest'
import { forgetUnconfirmedStories } from '#stories/server/tasks/retention.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeStory, makeWeek } from '../../../../test/make.ts'

const db = await testDatabase()
const now = new Date('2027-10-27T12:00:00Z')
beforeAll(async () => {
  await makeWeek(db)
})

test('a story that nobody confirmed in seven days is forgotten, every other stays', async () => {
  const old = { updated: '2027-10-20T12:00:00Z' }
  await makeStory(db, { ...old, state: 'unverified' })
  const kept = [
    await makeStory(db, { state: 'unverified', updated: '2027-10-20T12:00:01Z' }),
    await makeStory(db, { ...old, state: 'draft' }),
    await makeStory(db, { ...old, state: 'published' }),
    await makeStory(db, { ...old, state: 'unverified', example: true }),
  ]
  const link = (token: string, expires: string) =>
    db
      .insertInto('storyLinks')
      .values({ token: Buffer.from(token), story: kept[1]?.id ?? '', expires })
      .execute()
  await link('ended', '2027-10-27T12:00:00Z')
  await link('good', '2027-10-27T12:00:01Z')
  expect(await forgetUnconfirmedStories(db, now)).toEqual({ 'unconfirmed-stories': 1, 'story-links': 1 })
  expect(await forgetUnconfirmedStories(db, now)).toEqual({ 'unconfirmed-stories': 0, 'story-links': 0 })
  const left = await db.selectFrom('stories').select('id').execute()
  expect(left.map((story) => story.id).toSorted()).toEqual(kept.map((story) => story.id).toSorted())
})
