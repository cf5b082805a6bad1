import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { textIn } from '#kernel/messages.ts'
import { articleOf } from '#stories/article.ts'
import { storyBySlug } from '#stories/server/reads/wall.ts'
import { makePicture, stageFor, tellAndAgree } from '../../../../test/consent/stage.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeStory, makeWeek } from '../../../../test/make.ts'
import { shownOn } from './shown.ts'

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-22T12:00:00Z')
const stage = await stageFor(db)
const asked = { db, now, language: 'en' } as const

/** A story with a photograph between its words. */
async function withPhotograph(over: Parameters<typeof makeStory>[1] = {}) {
  const story = await makeStory(db, { body: 'She.\n\n[picture 1]\n\nRang.', ...over })
  const told = await tellAndAgree(stage, now, { surface: story.id })
  await db
    .insertInto('renditions')
    .values({ version: told.version, width: 640, height: 480, format: 'webp', bytes: 1, key: randomUUID() })
    .execute()
  await db.updateTable('versions').set({ width: 1200, height: 900 }).where('id', '=', told.version).execute()
  return { ...told, ...story }
}

test('what somebody is asked about stands as it does on the page of the story', async () => {
  const { surface, version, slug } = await withPhotograph()
  const article = await shownOn(asked, { surface, wanted: [version] })
  expect(article?.layout.parts).toMatchObject([
    { html: '<p>She.</p>' },
    { figures: [{ picture: { id: version } }] },
    { html: '<p>Rang.</p>' },
  ])
  const story = await storyBySlug(db, slug, now)
  expect(article).toEqual(story && articleOf(story, textIn('en'), 'en'))
})

test('somebody else’s photograph leaves no trace in it', async () => {
  const { surface, version } = await withPhotograph({ body: '[picture 2]\n\nShe.\n\n[picture 1]' })
  const other = await makePicture(db, { surface, words: 'Of somebody else' })
  const said = JSON.stringify(await shownOn(asked, { surface, wanted: [version] }))
  expect(said).toContain(version)
  expect(said).not.toMatch(new RegExp(`${other.version}|Of somebody else`))
})

test('before it is published it has no day', async () => {
  const { surface, version } = await withPhotograph({ state: 'draft', published: null })
  expect(await shownOn(asked, { surface, wanted: [version] })).toMatchObject({ day: null })
})
