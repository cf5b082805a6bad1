import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { withdrawActivity } from '#activities/server/writes/host.ts'
import { decideActivity, restoreActivity, takeDownActivity } from '#activities/server/writes/review.ts'
import { activityPage } from '#activities/server/reads/one.ts'
import { replayLedger } from '#consent/server/replay.ts'
import type { Door } from '#desk/concern.ts'
import { followLedger } from '#desk/server/following.ts'
import { closeConcern, openConcern } from '#desk/server/writes.ts'
import { raiseConcern } from '#desk/server/raise.ts'
import { anybody, type Viewer } from '#kernel/viewer.ts'
import { inTransaction } from '#platform/server/db.ts'
import { storyForReview } from '#stories/server/reads/review.ts'
import { storyBySlug } from '#stories/server/reads/wall.ts'
import { changeStory, lockStory } from '#stories/server/writes/change.ts'
import { keepBackup } from '../../test/consent/backup.ts'
import { testDatabase } from '../../test/db.ts'
import { makeActivity, makeHostLink, makeStory, makeWeek } from '../../test/make.ts'
import { makeAccount } from '../../test/organisations.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'abe-after-restore-'))
process.env['DATA_DIR'] = dataDir
afterAll(() => rmSync(dataDir, { recursive: true }))

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
  for (const table of ['concerns', 'holds', 'stories', 'activities', 'mails'] as const)
    await db.deleteFrom(table).execute()
  // Something is in the ledger before each backup.
  const { id } = await makeActivity(db)
  await takeDownActivity(db, ann, { id, reason: null }, now)
})

const replay = () => replayLedger(db, later, followLedger)
const stateOf = async (id: string) =>
  db.selectFrom('activities').select(['state', 'held']).where('id', '=', id).executeTakeFirstOrThrow()
const seen = (slug: string): Promise<boolean> =>
  activityPage(db, slug, later).then(
    () => true,
    () => false,
  )
const press = (about: string, door: Door) =>
  raiseConcern(db, anybody, { formKey: '', door, about, words: null, email: null, country: null }, now)
/** A backup, put back after something was done: the activities and stories as they were, and what permission keeps. */
async function backup() {
  const putBack = await keepBackup(db)
  const activities = await db.selectFrom('activities').select(['id', 'state', 'revision', 'held']).execute()
  const stories = await db.selectFrom('stories').select(['id', 'state', 'revision', 'held']).execute()
  return async () => {
    for (const { id, ...row } of activities)
      await db.updateTable('activities').set(row).where('id', '=', id).execute()
    for (const { id, ...row } of stories)
      await db.updateTable('stories').set(row).where('id', '=', id).execute()
    for (const table of ['activityChanges', 'storyChanges', 'holds', 'concerns'] as const)
      await db.deleteFrom(table).execute()
    await putBack()
  }
}

type Made = { id: string; slug: string }
const ways: [how: string, now: string, (made: Made) => Promise<unknown>][] = [
  ['asked to be taken down', 'withdrawn', ({ slug }) => press(`/activities/${slug}`, 'take-down')],
  [
    'taken down by whoever reviews',
    'withdrawn',
    ({ id }) => takeDownActivity(db, ann, { id, reason: null }, now),
  ],
  [
    'declined after it was listed',
    'declined',
    ({ id }) => decideActivity(db, ann, { id, revision: 1, decision: 'decline', reason: 'No' }, now),
  ],
  [
    'put off the list',
    'by-link',
    ({ id }) => decideActivity(db, ann, { id, revision: 1, decision: 'by-link', reason: 'Small' }, now),
  ],
  [
    'asked about again',
    'asked-for-more',
    ({ id }) => decideActivity(db, ann, { id, revision: 1, decision: 'ask', reason: 'Where?' }, now),
  ],
  [
    'taken away by its host',
    'withdrawn',
    async ({ id }) =>
      withdrawActivity(
        db,
        anybody,
        { token: await makeHostLink(db, id, 'host@people.test'), reason: null },
        now,
      ),
  ],
]

describe('rule 24', () => {
  test.each(ways)(
    'an activity that was %s after the backup is %s after its restore, once, and nobody is mailed',
    async (_how, state, take) => {
      const [gone, stays] = [await makeActivity(db), await makeActivity(db)]
      const putBack = await backup()
      await take(gone)
      await putBack()
      expect(await stateOf(gone.id)).toMatchObject({ state: 'published' })
      await db.deleteFrom('mails').execute()
      expect(await replay()).toMatchObject({ closed: false })
      expect(await stateOf(gone.id)).toMatchObject({ state })
      expect(await stateOf(stays.id)).toMatchObject({ state: 'published' })
      const changes = () =>
        db.selectFrom('activityChanges').select('id').where('activity', '=', gone.id).execute()
      const before = await changes()
      expect(await replay()).toMatchObject({ replayed: 0 })
      expect(await changes()).toEqual(before)
      expect(await db.selectFrom('mails').select('id').execute()).toEqual([])
    },
  )

  test('whoever took an activity down, the second as well as the first, is not the second person after a restore either', async () => {
    const { id, slug } = await makeActivity(db)
    const putBack = await backup()
    await press(`/activities/${slug}`, 'take-down')
    await takeDownActivity(db, ann, { id, reason: null }, now)
    await putBack()
    await replay()
    const lost = await db.selectFrom('concerns').select(['door', 'subject', 'hid']).execute()
    expect(lost).toEqual([{ door: 'take-down', subject: `activities:${id}`, hid: true }])
    const back = { id, reason: 'A mistake.' }
    await expect(restoreActivity(db, ann, back, later)).rejects.toMatchObject({ kind: 'forbidden' })
    await restoreActivity(db, ben, back, later)
    expect(await seen(slug)).toBe(true)
  })

  test('what was brought back after the backup stays down until somebody brings it back again', async () => {
    const { id, slug } = await makeActivity(db)
    const putBack = await backup()
    await takeDownActivity(db, ann, { id, reason: null }, now)
    await restoreActivity(db, ben, { id, reason: 'A mistake.' }, now)
    await putBack()
    await replay()
    expect(await seen(slug)).toBe(false)
  })

  test('what somebody was worried about after the backup is held again: sealed, kept, and hidden', async () => {
    const [activity, story] = [await makeActivity(db), await makeStory(db)]
    const putBack = await backup()
    await press(`/activities/${activity.slug}`, 'worried')
    await press(`/stories/${story.slug}`, 'worried')
    await putBack()
    await replay()
    expect(await stateOf(activity.id)).toMatchObject({ state: 'withdrawn', held: expect.any(Date) as Date })
    expect(await seen(activity.slug)).toBe(false)
    expect(await storyBySlug(db, story.slug, later)).toBeNull()
    expect(await storyForReview(db, ann, story.id)).toMatchObject({ held: true, sealed: true, title: '' })
    expect(await replay()).toMatchObject({ replayed: 0, closed: false })
    // What was said is lost, but there is a concern to open, and to close.
    const concerns = await db.selectFrom('concerns').select(['id', 'subject']).orderBy('subject').execute()
    expect(concerns.map(({ subject }) => subject)).toEqual([
      `activities:${activity.id}`,
      `stories:${story.id}`,
    ])
    for (const { id } of concerns) {
      expect(await openConcern(db, ann, { id }, later)).toMatchObject({ about: { held: true } })
      await closeConcern(db, ann, { id, outcome: 'All is well.' }, later)
    }
    expect(await stateOf(activity.id)).toEqual({ state: 'withdrawn', held: null })
    expect(await seen(activity.slug)).toBe(false)
    await restoreActivity(db, ben, { id: activity.id, reason: 'All is well.' }, later)
    expect(await seen(activity.slug)).toBe(true)
  })

  test('what its teller took off the wall after the backup is off it after the restore', async () => {
    const story = await makeStory(db)
    const putBack = await backup()
    await inTransaction(db, async (trx) => {
      const locked = await lockStory(trx, { id: story.id })
      if (!locked) throw new Error('The story is not there')
      await changeStory(trx, anybody, { story: locked, to: 'draft', mover: 'teller' }, now)
    })
    await putBack()
    const { state } = await db
      .selectFrom('stories')
      .select('state')
      .where('id', '=', story.id)
      .executeTakeFirstOrThrow()
    expect(state).toBe('published')
    expect(await storyBySlug(db, story.slug, later)).toBeNull()
    await replay()
    expect(await storyBySlug(db, story.slug, later)).toBeNull()
  })
})
