import { sql } from 'kysely'
import { expect, test } from 'vitest'
import * as v from 'valibot'
import { renditionFor } from '#consent/server/reads/rendition.ts'
import { anybody, theSite } from '#kernel/viewer.ts'
import { takeDown } from '#consent/server/writes/taking-down.ts'
import { ownStory } from '#stories/server/reads/own.ts'
import { storyBySlug } from '#stories/server/reads/wall.ts'
import { sendStory, withdrawStory } from '#stories/server/writes/edit.ts'
import { placePicture } from '#stories/server/writes/pictures.ts'
import { hideStory, publishStory, restoreStory } from '#stories/server/writes/review.ts'
import { storyToken } from '#stories/story.ts'
import { makePicture, stageFor, tellAndAgree } from '../../test/consent/stage.ts'
import { testDatabase } from '../../test/db.ts'
import { makeStory, makeStoryLink, makeWeek } from '../../test/make.ts'
import { makeAccount } from '../../test/organisations.ts'

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-26T12:00:00Z')
const later = (minutes: number): Date => new Date(now.getTime() + minutes * 60_000)
const stage = await stageFor(db)
const second = await makeAccount(db, 'second', { role: 'reviewer' })

type Shown = { id: string; slug: string; version: string }
/** A published story with a picture that everybody in it agreed to. */
async function shown(): Promise<Shown> {
  const story = await makeStory(db, { email: 'teller@people.test' })
  const { version } = await tellAndAgree(stage, now, { surface: story.id })
  expect(await seen({ ...story, version })).toEqual([true, true])
  return { ...story, version }
}
/** Whether the words and the bytes are there for anybody. */
const seen = async ({ slug, version }: Shown, at = now): Promise<boolean[]> => [
  (await storyBySlug(db, slug, at)) !== null,
  (await renditionFor(db, anybody, { version, width: 640, format: 'jpg' }, at)) !== null,
]
const revisionOf = async ({ id }: Shown): Promise<number> =>
  (await db.selectFrom('stories').select('revision').where('id', '=', id).executeTakeFirstOrThrow()).revision
const linkTo = ({ id }: Shown): Promise<string> => makeStoryLink(db, id)

test('rule 9: hiding a story hides its words and the bytes of its pictures, and a second person shows both', async () => {
  const story = await shown()
  await hideStory(db, stage.reviewer, { id: story.id, reason: null }, later(1))
  expect(await seen(story, later(1))).toEqual([false, false])
  await expect(
    restoreStory(db, stage.reviewer, { id: story.id, reason: 'mine' }, later(2)),
  ).rejects.toMatchObject({ key: 'stories.review.second-person' })
  expect(await seen(story, later(2))).toEqual([false, false])
  await restoreStory(db, second, { id: story.id, reason: 'All is well' }, later(3))
  expect(await seen(story, later(3))).toEqual([true, true])
})

test('rule 18: whoever sent the picture does not bring it back, though they hid nothing and tell nothing', async () => {
  const story = await shown()
  const poster = await makeAccount(db, 'poster', { role: 'reviewer' })
  await sql`update consent_events set by_whom = ${poster.account} where surface = ${story.id} and by_whom = ${stage.by}`.execute(
    db,
  )
  await hideStory(db, theSite, { id: story.id, reason: null }, later(1))
  await expect(restoreStory(db, poster, { id: story.id, reason: 'mine' }, later(2))).rejects.toMatchObject({
    key: 'consent.refusal.second-person',
  })
  expect(await seen(story, later(2))).toEqual([false, false])
})

test('what its teller takes back is gone with its pictures, and back with them when a person has read it again', async () => {
  const story = await shown()
  const input = v.parse(storyToken, { token: await linkTo(story) })
  await withdrawStory(db, anybody, input, later(1))
  expect(await seen(story, later(1))).toEqual([false, false])
  await sendStory(db, anybody, input, later(2))
  expect(await seen(story, later(2))).toEqual([false, false])
  const decision = { id: story.id, revision: await revisionOf(story), reason: null }
  await publishStory(db, second, decision, later(3))
  expect(await seen(story, later(3))).toEqual([true, true])
})

test('the pictures of a story that nobody has read yet are seen by nobody, whoever agreed', async () => {
  const story = await makeStory(db, { state: 'waiting', published: null })
  const { version } = await makePicture(db, { surface: story.id })
  const made = {
    version,
    surface: story.id,
    source: null,
    maker: null,
    organisation: null,
    sha256: null,
    likeness: null,
  }
  await db.transaction().execute((trx) => placePicture(trx, made, now))
  const surfaces = await db.selectFrom('surfaces').select('open').where('id', '=', story.id).execute()
  expect(surfaces).toEqual([{ open: false }])
  const one = { ...story, version: (await tellAndAgree(stage, now, { surface: story.id })).version }
  expect(await seen(one)).toEqual([false, false])
  await publishStory(db, second, { id: story.id, revision: await revisionOf(one), reason: null }, now)
  expect(await seen(one)).toEqual([true, true])
})

test('whoever tells a story on the wall sees that a no keeps it from everybody', async () => {
  const story = await shown()
  const token = await linkTo(story)
  expect(await ownStory(db, anybody, token, now)).toMatchObject({ state: 'published', seen: true })
  await takeDown(db, anybody, { surface: story.id, own: true }, later(1))
  expect(await ownStory(db, anybody, token, later(2))).toMatchObject({ state: 'published', seen: false })
})
