import { expect, test } from 'vitest'
import { anybody } from '#kernel/viewer.ts'
import { picturesForReview } from '#stories/server/reads/review-pictures.ts'
import { hideStory } from '#stories/server/writes/review.ts'
import { stageFor, tellAndCheck } from '../../../../test/consent/stage.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeStory, makeWeek } from '../../../../test/make.ts'

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-26T12:00:00Z')

test('whoever decides about a story sees its pictures, their words and how each stands; of what is held none', async () => {
  const stage = await stageFor(db)
  const { id } = await makeStory(db, { state: 'waiting', published: null })
  const { version } = await tellAndCheck(stage, now, { surface: id })
  await db
    .insertInto('renditions')
    .values({ version, width: 640, height: 480, format: 'webp', bytes: 9, key: 'a.webp' })
    .execute()
  expect(await picturesForReview(db, stage.reviewer, id, now)).toMatchObject([
    { id: version, words: 'Two people at a drum.', light: 'amber' },
  ])
  await expect(picturesForReview(db, anybody, id, now)).rejects.toMatchObject({ kind: 'forbidden' })
  await hideStory(db, stage.reviewer, { id, reason: null, hold: true }, now)
  expect(await picturesForReview(db, stage.reviewer, id, now)).toEqual([])
})
