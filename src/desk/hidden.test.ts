import { beforeAll, beforeEach, expect, test } from 'vitest'
import { takeDownActivity } from '#activities/server/writes/review.ts'
import { withdrawActivity } from '#activities/server/writes/host.ts'
import { hiddenThings } from '#desk/server/hidden.ts'
import { raiseConcern } from '#desk/server/raise.ts'
import { restoreSubject } from '#desk/server/writes.ts'
import { anybody, type Viewer } from '#kernel/viewer.ts'
import { testDatabase } from '../../test/db.ts'
import { makeActivity, makeHostLink, makeStory, makeWeek } from '../../test/make.ts'
import { makeAccount } from '../../test/organisations.ts'

const db = await testDatabase()
const now = new Date('2027-10-26T10:00:00Z')
const later = new Date('2027-10-26T11:00:00Z')
let ann: Viewer
let ben: Viewer

beforeAll(async () => {
  await makeWeek(db)
  ann = await makeAccount(db, 'ann', { role: 'reviewer' })
  ben = await makeAccount(db, 'ben', { role: 'reviewer' })
})
beforeEach(async () => {
  for (const table of ['concerns', 'stories', 'activities'] as const) await db.deleteFrom(table).execute()
})

const press = (door: 'take-down' | 'worried', about: string, at: Date) =>
  raiseConcern(db, anybody, { formKey: '', door, about, words: null, email: null, country: null }, at)
const all = async (viewer: Viewer = ann) => (await hiddenThings(db, viewer, { page: 1 })).things

test('what is hidden or taken down is listed, newest first, with no word of what is held, until it is back', async () => {
  const activity = await makeActivity(db, { title: 'Coffee' })
  const story = await makeStory(db, { title: 'Secret' })
  await makeStory(db, { title: 'Anybody reads this' })
  await takeDownActivity(db, ann, { id: activity.id, reason: 'A doubt' }, now)
  await press('worried', `/stories/${story.slug}`, later)
  expect(await all()).toEqual([
    { room: 'stories', id: story.id, title: '', held: true, at: later },
    { room: 'activities', id: activity.id, title: 'Coffee', held: false, at: now },
  ])
  await press('take-down', `/activities/${activity.slug}`, later)
  const { id } = await db
    .selectFrom('concerns')
    .select('id')
    .where('subject', '=', `activities:${activity.id}`)
    .executeTakeFirstOrThrow()
  await restoreSubject(db, ben, { id, reason: 'All is well.' }, later)
  expect((await all()).map((one) => one.id)).toEqual([story.id])
})

test('what its own host took away is theirs, and not listed', async () => {
  const { id } = await makeActivity(db, { hostEmail: 'host@people.test' })
  const token = await makeHostLink(db, id, 'host@people.test')
  await withdrawActivity(db, anybody, { token, reason: null }, now)
  expect(await all()).toEqual([])
})

test('a page has fifty', async () => {
  for (let more = 0; more < 51; more += 1) await makeStory(db, { state: 'hidden' })
  const first = await hiddenThings(db, ann, { page: 1 })
  expect([first.things.length, first.more]).toEqual([50, true])
  const second = await hiddenThings(db, ann, { page: 2 })
  expect([second.things.length, second.more]).toEqual([1, false])
})

test('nobody but those who answer concerns sees that there is a list', async () => {
  const signedIn = await makeAccount(db, 'cat')
  for (const viewer of [anybody, signedIn])
    await expect(hiddenThings(db, viewer, { page: 1 })).rejects.toMatchObject({ kind: 'missing' })
})
