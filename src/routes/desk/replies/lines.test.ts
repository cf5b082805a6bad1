import { expect, test } from 'vitest'
import { waitingReplies } from '#comments/server/reads/replies.ts'
import { hashToken } from '#platform/server/tokens.ts'
import { bringExampleStoriesBack, setExampleStoriesAside } from '#stories/server/writes/example.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeStory, makeWeek } from '../../../../test/make.ts'
import { makeAccount } from '../../../../test/organisations.ts'
import { replyLines } from './lines.ts'

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-26T12:00:00Z')
const reviewer = await makeAccount(db, 'reviewer', { role: 'reviewer' })
const locals = { db, now, language: 'en', viewer: reviewer, keep: () => undefined } as const

test('what waits leaves the desk with the example, and comes back with it', async () => {
  for (const example of [true, false]) {
    const { id: story } = await makeStory(db, { example, title: example ? 'Example' : 'Real' })
    const token = hashToken(`lines ${example}`)
    await db.insertInto('replies').values({ story, example, words: 'Hello', name: 'Ann', token }).execute()
  }
  const titles = async () =>
    (await replyLines(locals, await waitingReplies(db, reviewer))).map(({ story }) => story.title).toSorted()
  expect(await titles()).toEqual(['Example', 'Real'])
  await db.transaction().execute(setExampleStoriesAside)
  expect(await titles()).toEqual(['Real'])
  await db.transaction().execute(bringExampleStoriesBack)
  expect(await titles()).toEqual(['Example', 'Real'])
})
