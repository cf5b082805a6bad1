import { expect, test } from 'vitest'
import { queueOf } from '#desk/server/reads.ts'
import { raiseConcern } from '#desk/server/raise.ts'
import { anybody } from '#kernel/viewer.ts'
import { ownStory } from '#stories/server/reads/own.ts'
import { storyForReview } from '#stories/server/reads/review.ts'
import { storyOfSurface } from '#stories/server/reads/surface.ts'
import { storyBySlug } from '#stories/server/reads/wall.ts'
import { makePicture } from '../../test/consent/stage.ts'
import { testDatabase } from '../../test/db.ts'
import { makeStory, makeStoryLink, makeWeek } from '../../test/make.ts'
import { makeAccount } from '../../test/organisations.ts'

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-26T10:00:00Z')
const ben = await makeAccount(db, 'ben', { role: 'reviewer' })
const press = (door: 'worried' | 'take-down', about: string) =>
  raiseConcern(db, anybody, { formKey: '', door, about, words: null, email: null, country: null }, now)

test('what somebody is worried about is kept from whoever told it, and from those who read what waits', async () => {
  const { id, slug } = await makeStory(db, { email: 'teller@people.test', body: 'SECRET words' })
  const token = await makeStoryLink(db, id)
  await db.insertInto('storyChanges').values({ story: id, toState: 'published', read: false }).execute()
  expect(JSON.stringify(await ownStory(db, anybody, token, now))).toContain('SECRET')
  await press('worried', `/stories/${slug}`)
  const all = [
    await ownStory(db, anybody, token, now),
    await storyForReview(db, ben, id),
    await storyOfSurface(db, id, now),
    (await queueOf(db, ben)).stories,
  ]
  expect(JSON.stringify(all)).not.toMatch(/SECRET|She answered my hum/)
})

test('the address of a picture hides the story that it is on, and says the same of one that never was', async () => {
  const { id, slug } = await makeStory(db, {})
  const { version } = await makePicture(db, { surface: id })
  const never = '11111111-2222-4333-8444-555555555555'
  const ask = (picture: string) => press('take-down', `https://week.example/media/${picture}/640.webp`)
  expect(await ask(never)).toEqual({ door: 'take-down', gone: `/media/${never}`, unread: false })
  expect(await ask(version)).toEqual({ door: 'take-down', gone: `/media/${version}`, unread: false })
  expect(await storyBySlug(db, slug, now)).toBeNull()
})
