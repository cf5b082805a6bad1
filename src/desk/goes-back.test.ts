import { beforeAll, beforeEach, expect, test } from 'vitest'
import { bringBack, withdrawActivity } from '#activities/server/writes/host.ts'
import { restoreActivity, takeDownActivity } from '#activities/server/writes/review.ts'
import { anybody, theSite, type Viewer } from '#kernel/viewer.ts'
import { hideStory, restoreStory } from '#stories/server/writes/review.ts'
import { testDatabase } from '../../test/db.ts'
import { makeActivity, makeHostLink, makeStory, makeWeek } from '../../test/make.ts'
import { makeAccount } from '../../test/organisations.ts'

const db = await testDatabase()
const now = new Date('2027-10-26T10:00:00Z')
let ann: Viewer
let ben: Viewer

beforeAll(async () => {
  await makeWeek(db)
  ann = await makeAccount(db, 'ann', { role: 'reviewer' })
  ben = await makeAccount(db, 'ben', { role: 'reviewer' })
})
beforeEach(async () => {
  for (const table of ['stories', 'activities', 'mails'] as const) await db.deleteFrom(table).execute()
})

test.each([
  'unverified',
  'waiting',
  'asked-for-more',
  'published',
  'by-link',
  'declined',
  'cancelled',
] as const)('an activity that was %s goes back there when it was wrongly taken down', async (state) => {
  const { id } = await makeActivity(db, { state, published: '2027-09-01T10:00:00Z' })
  await takeDownActivity(db, theSite, { id, reason: null }, now)
  await restoreActivity(db, ann, { id, reason: 'A mistake.' }, now)
  const row = await db.selectFrom('activities').select(['state', 'published']).executeTakeFirstOrThrow()
  expect(row).toEqual({ state, published: new Date('2027-09-01T10:00:00Z') })
})
test.each([
  'unverified',
  'draft',
  'waiting',
  'asked-for-more',
  'published',
  'declined',
  'withdrawn',
] as const)('a story that was %s goes back there when it was wrongly hidden', async (state) => {
  const { id } = await makeStory(db, { state, email: 'teller@people.test' })
  await hideStory(db, theSite, { id, reason: null }, now)
  await restoreStory(db, ann, { id, reason: 'A mistake.' }, now)
  const row = await db.selectFrom('stories').select('state').executeTakeFirstOrThrow()
  expect(row.state).toBe(state)
  const mails = await db.selectFrom('mails').select('name').where('name', '<>', 'story-hidden').execute()
  expect(mails).toEqual(state === 'published' ? [{ name: 'story-restored' }] : [])
})

test.each(['declined', 'withdrawn'] as const)(
  'what was %s before it was taken down is not for its host to bring back',
  async (state) => {
    const { id } = await makeActivity(db)
    const token = await makeHostLink(db, id, 'host@people.test')
    if (state === 'withdrawn') await withdrawActivity(db, anybody, { token, reason: null }, now)
    else await db.updateTable('activities').set({ state }).execute()
    await takeDownActivity(db, theSite, { id, reason: null }, now)
    await takeDownActivity(db, theSite, { id, reason: null }, now)
    await expect(bringBack(db, anybody, { token }, now)).rejects.toMatchObject({
      key: 'edit.refusal.taken-down',
    })
    const marks = await db.selectFrom('activityChanges').select('id').where('byHost', '=', false).execute()
    expect(marks).toHaveLength(1)
    const restored = restoreActivity(db, ann, { id, reason: 'A mistake.' }, now)
    if (state === 'withdrawn') await expect(restored).rejects.toMatchObject({ kind: 'forbidden' })
    else await restored
  },
)

test('nothing is brought back by whoever hosts it, or pressed as well', async () => {
  const { id } = await makeActivity(db, { hostEmail: 'ann@people.test' })
  await takeDownActivity(db, theSite, { id, reason: null }, now)
  await takeDownActivity(db, ben, { id, reason: null }, now)
  for (const viewer of [ann, ben])
    await expect(restoreActivity(db, viewer, { id, reason: 'x' }, now)).rejects.toMatchObject({
      kind: 'forbidden',
    })
})
