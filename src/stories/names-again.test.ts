import { expect, test } from 'vitest'
import catalogue from '../../messages/en.json' with { type: 'json' }
import { decideReply } from '#comments/server/writes/review.ts'
import { sayReply } from '#comments/server/writes/reply.ts'
import { ownReply } from '#comments/server/reads/replies.ts'
import { renditionFor } from '#consent/server/reads/rendition.ts'
import { requestPermission } from '#consent/server/writes/asking.ts'
import { decide } from '#consent/server/writes/deciding.ts'
import { placeVersion } from '#consent/server/writes/placing.ts'
import { sayWhoIsIn } from '#consent/server/writes/saying.ts'
import { anybody } from '#kernel/viewer.ts'
import { lookAgain } from '#stories/server/tasks/names.ts'
import { tellWhoIsIn } from '#stories/server/writes/who.ts'
import {
  adult,
  asking,
  deciding,
  makePicture,
  placing,
  stageFor,
  tellAndCheck,
} from '../../test/consent/stage.ts'
import { testDatabase } from '../../test/db.ts'
import { makeActivity, makeStory, makeWeek } from '../../test/make.ts'
import { makeTold } from '../../test/permission-site.ts'
import { takeJobs } from '../../test/pictures/workshop.ts'

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-26T12:00:00Z')
const stage = await stageFor(db)
const young = { label: 'Z.N.', ageBand: '16-17' as const, nextChange: '2029-05-01' }

type Over = Parameters<typeof makeStory>[1]
/** A story that people can see, with the face of a young person who has said yes and whose name nobody has given. */
async function earlier(over: Over = {}, who: { person: string } | typeof young = young) {
  const story = await makeStory(db, { title: 'Zoltan at the drum', email: 'teller@people.test', ...over })
  const told = await tellAndCheck(stage, now, { surface: story.id, people: [adult({ who })] })
  const { surface, person } = told
  const ask = asking({ surface, person, by: stage.by, route: 'young-person' })
  await decide(db, anybody, deciding(await requestPermission(db, stage.teacher, ask, now)), now)
  return told
}
const seen = async (version: string): Promise<boolean> =>
  (await renditionFor(db, anybody, { version, width: 640, format: 'jpg' }, now)) !== null
const mails = () =>
  db.selectFrom('mails').select(['address', 'params']).where('name', '=', 'name-stands').execute()

/** Says of a picture in another story that the same person is in it, and what they are called. */
async function nameLater(person: string, names = ['Zoltan Nagy']) {
  const story = await makeTold(db, stage.by, 'By the river')
  const { version } = await makePicture(db, { surface: story.id })
  await placeVersion(db, stage.teacher, placing(stage, { surface: story.id, version }), now)
  const people = [{ who: { person }, modes: ['face' as const], names, seen: 'yes' as const }]
  const said = { token: story.token, version, people, aged: [], strangers: 0, nobody: false, more: false }
  await tellWhoIsIn(db, stage.teacher, { ...said, show: false, words: null, formKey: '' }, now)
}

test('rule 14: a name that is given in a later story hides the earlier one in whose title it stands, in the same press, and who tells it hears where', async () => {
  await db.deleteFrom('mails').execute()
  const told = await earlier()
  const other = await earlier({ title: 'A drum' }, { person: told.person })
  expect([await seen(told.version), await seen(other.version)]).toEqual([true, true])
  await nameLater(told.person)
  expect([await seen(told.version), await seen(other.version)]).toEqual([false, true])
  const sent = await mails()
  expect(sent).toMatchObject([{ address: 'teller@people.test', params: { title: 'Zoltan at the drum' } }])
  expect(sent[0]?.params).toMatchObject({ where: expect.stringContaining('– the title') as string })
  expect(JSON.stringify(sent[0]?.params)).not.toMatch(/Nagy|Z\.N\./)
  expect(catalogue['mail.name-stands.text']).toContain('{where}')
  const [job] = await takeJobs(db, 'person.named')
  for (let twice = 0; twice < 2; twice += 1) await lookAgain('person')(db, job ?? {}, now)
  expect([await seen(told.version), await seen(other.version)]).toEqual([false, true])
  expect(await mails()).toHaveLength(1)
})

test('rule 14: a name that is known already asks for nothing to be looked through again', async () => {
  const { person } = await earlier({ title: 'A drum' })
  await nameLater(person)
  expect(await takeJobs(db, 'person.named')).toEqual([{ person }])
  await nameLater(person)
  expect(await takeJobs(db, 'person.named')).toEqual([])
})

test('rule 14: somebody who is in more stories than one press can look through is looked for by the job, in all of them', async () => {
  const told = await earlier()
  for (let at = 0; at < 60; at += 1) {
    const { id } = await makeStory(db, { title: `Zoltan and number ${at}` })
    const { version } = await makePicture(db, { surface: id })
    await placeVersion(db, stage.teacher, placing(stage, { surface: id, version }), now)
    const saying = { surface: id, version, nobody: false, by: stage.by }
    await sayWhoIsIn(db, stage.teacher, { ...saying, people: [adult({ who: { person: told.person } })] }, now)
  }
  await nameLater(told.person)
  expect(await seen(told.version)).toBe(true)
  for (const job of await takeJobs(db, 'person.named')) await lookAgain('person')(db, job, now)
  expect(await seen(told.version)).toBe(false)
  const named = await db
    .selectFrom('appearances')
    .select('surface')
    .where('person', '=', told.person)
    .where('version', 'is', null)
    .where('ended', 'is', null)
    .execute()
  expect(named).toHaveLength(61)
})

test.each(['title', 'hostName'] as const)(
  'rule 14: a name that comes into the %s of an activity hides the stories beside it',
  async (column) => {
    const { id: activity } = await makeActivity(db, { title: 'A river walk' })
    const told = await earlier({ title: 'A drum', activity })
    await nameLater(told.person)
    expect(await seen(told.version)).toBe(true)
    await db
      .updateTable('activities')
      .set({ [column]: 'Zoltan’s walk' })
      .where('id', '=', activity)
      .execute()
    await lookAgain('activity')(db, { activity, change: 1 }, now)
    expect(await seen(told.version)).toBe(false)
  },
)

test('rule 14: a reply that names somebody is out of sight once their name is given in another story', async () => {
  const told = await earlier({ title: 'A drum' })
  const about = { id: told.surface, title: 'A drum', example: false }
  const input = { words: 'Well done Zoltan', name: 'Ann', email: null, website: null, formKey: 'once' }
  const { token } = await sayReply(db, anybody, { ...input, story: about, language: 'en' }, now)
  const reply = await ownReply(db, token)
  const shown = { id: reply?.id ?? '', revision: reply?.revision ?? 0, to: 'shown' as const, reason: null }
  await decideReply(db, stage.reviewer, shown, now)
  await nameLater(told.person)
  const after = await db
    .selectFrom('replies')
    .select(['state', 'waitsFor'])
    .where('id', '=', shown.id)
    .executeTakeFirst()
  expect(after).toEqual({ state: 'waiting', waitsFor: 'named' })
})
