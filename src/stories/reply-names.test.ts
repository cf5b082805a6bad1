import { expect, test } from 'vitest'
import { ownReply } from '#comments/server/reads/replies.ts'
import { decideReply } from '#comments/server/writes/review.ts'
import { sayReply } from '#comments/server/writes/reply.ts'
import { sayWhoIsIn } from '#consent/server/writes/saying.ts'
import { anybody } from '#kernel/viewer.ts'
import { noticeNamesOf } from '#stories/server/writes/follow.ts'
import { placeVersion } from '#consent/server/writes/placing.ts'
import { adult, makePicture, placing, stageFor } from '../../test/consent/stage.ts'
import { testDatabase } from '../../test/db.ts'
import { makeStory, makeWeek } from '../../test/make.ts'

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-26T12:00:00Z')
const stage = await stageFor(db)

/** A story with a picture; `names` are those of the one person in it, when somebody has said who it is. */
async function pictured(names: string[] | null): Promise<{ id: string; version: string }> {
  const { id } = await makeStory(db)
  const { version } = await makePicture(db, { surface: id })
  await placeVersion(db, stage.teacher, placing(stage, { surface: id, version }), now)
  if (names) await sayWho({ id, version }, names)
  return { id, version }
}
const sayWho = ({ id, version }: { id: string; version: string }, names: string[]) =>
  sayWhoIsIn(
    db,
    stage.teacher,
    { surface: id, version, people: [adult({ names })], nobody: false, by: stage.by },
    now,
  )
let count = 0
const say = async (story: string, words: string, name = 'Ann', website: string | null = null) => {
  const input = { words, name, email: null, website, formKey: `n${(count += 1)}` }
  const about = { id: story, title: 'A drum', example: false }
  const { token } = await sayReply(db, anybody, { ...input, story: about, language: 'en' }, now)
  const reply = await ownReply(db, token)
  if (!reply) throw new Error('A reply that was just sent is not there')
  return reply
}
const show = ({ id, revision }: { id: string; revision: number }) =>
  decideReply(db, stage.reviewer, { id, revision, to: 'shown', reason: null }, now)
const waitsFor = async (id: string) =>
  db.selectFrom('replies').select(['state', 'waitsFor']).where('id', '=', id).executeTakeFirstOrThrow()

test('rule 14: a reply that names somebody in the story waits, and nobody can show it; one without the name can be shown', async () => {
  const { id } = await pictured(['Zoë Bartok'])
  for (const [words, name, website] of [
    ['Well done ZOE', 'Ann', null],
    ['Lovely', 'Zoe’s mum', null],
    ['Lovely', 'Ann', 'https://example.org/zoe'],
    ['We know the Bartóks', 'Ann', null],
  ] as const) {
    const reply = await say(id, words, name, website)
    expect(await waitsFor(reply.id)).toEqual({ state: 'waiting', waitsFor: 'named' })
    await expect(show(reply)).rejects.toMatchObject({ key: 'replies.names-somebody' })
  }
  const other = await say(id, 'Well done, all of you. I like zoology.')
  await show(other)
  expect(await waitsFor(other.id)).toMatchObject({ state: 'shown' })
})

test('rule 14: a name that is said to be somebody’s only afterwards takes the reply out of sight until a person has read it', async () => {
  const story = await pictured(null)
  const reply = await say(story.id, 'Well done Zoë')
  await show(reply)
  await sayWho(story, ['Zoe'])
  await noticeNamesOf(db, stage.teacher, { story: story.id }, now)
  expect(await waitsFor(reply.id)).toEqual({ state: 'waiting', waitsFor: 'named' })
  await noticeNamesOf(db, stage.teacher, { story: story.id }, now)
  expect(await waitsFor(reply.id)).toEqual({ state: 'waiting', waitsFor: 'named' })
})
