import { beforeEach, expect, test } from 'vitest'
import catalogue from '../../../../messages/en.json' with { type: 'json' }
import { decide } from '#consent/server/writes/deciding.ts'
import { requestPermission } from '#consent/server/writes/asking.ts'
import { holdSurface } from '#consent/server/writes/holds.ts'
import { changePolicy } from '#consent/server/writes/policy.ts'
import { takeDown } from '#consent/server/writes/taking-down.ts'
import { objectObserved, withdraw } from '#consent/server/writes/withdrawing.ts'
import { anybody } from '#kernel/viewer.ts'
import { publishStory } from '#stories/server/writes/review.ts'
import { tellOfNo } from '#stories/server/tasks/refused.ts'
import { asking, deciding, stageFor, tellAndAgree, tellAndCheck } from '../../../../test/consent/stage.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeStory, makeWeek } from '../../../../test/make.ts'
import { refused } from '../../../../test/refused.ts'
import { takeJobs } from '../../../../test/pictures/workshop.ts'

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-22T12:00:00Z')
const later = (hours: number): Date => new Date(now.getTime() + hours * 3_600_000)
const stage = await stageFor(db)

beforeEach(async () => {
  await db.deleteFrom('mails').execute()
  await takeJobs(db, 'picture.refused')
})

async function told(over: Parameters<typeof makeStory>[1] = {}) {
  const story = await makeStory(db, { title: 'By the sea', email: 'teller@people.test', ...over })
  return tellAndAgree(stage, now, { surface: story.id })
}
const takeBack = (token: string, at = now) =>
  withdraw(db, anybody, { token, everywhere: false, formKey: '' }, at)
/** What the worker does with what waits. */
async function work(at = later(1)): Promise<number> {
  const jobs = await takeJobs(db, 'picture.refused')
  for (const job of jobs) await tellOfNo(db, job, at)
  for (const job of jobs) await tellOfNo(db, job, at)
  return jobs.length
}
const mails = () =>
  db.selectFrom('mails').select(['name', 'address', 'params', 'urgency']).orderBy('name').execute()

test('whoever told a story, and who leads the organisation, hear once that a no has hidden some of it, an hour later, and not who said it', async () => {
  const { token, version, person } = await told()
  await takeBack(token)
  const waits = await db.selectFrom('mails').select('id').execute()
  expect(waits).toEqual([])
  expect(await work()).toBe(1)
  const sent = await mails()
  expect(sent.map(({ name, address }) => [name, address])).toEqual([
    ['picture-refused', 'teller@people.test'],
    ['picture-refused-lead', stage.lead.email],
  ])
  for (const { params, urgency } of sent) {
    expect(urgency).toBe('notice')
    expect(Object.keys(params as object).toSorted()).toEqual(['link', 'stopLink', 'title'])
    for (const secret of ['S.K.', person, version, token])
      expect(JSON.stringify(params)).not.toContain(secret)
  }
  expect(sent[0]?.params).toMatchObject({
    link: expect.stringMatching(/\/stories\/edit\/[^/]+\/pictures$/) as string,
  })
  for (const name of ['picture-refused', 'picture-refused-lead'] as const)
    expect(catalogue[`mail.${name}.text`]).toContain('You need do nothing')
})

test('a second no to the same story on the same day is not mailed again', async () => {
  const { token, surface } = await told()
  await takeBack(token)
  await work()
  await tellOfNo(db, { surface }, later(3))
  expect(await mails()).toHaveLength(2)
})

test('nobody is mailed of a yes that was given again, of an example, of what is held or hidden, nor of what nobody saw', async () => {
  const [again, held, hidden, example] = [
    await told(),
    await told(),
    await told(),
    await told({ example: true }),
  ]
  for (const { token } of [again, held, hidden, example]) await takeBack(token)
  const wish = asking({ surface: again.surface, person: again.person, by: stage.by })
  const { token, permission } = await requestPermission(db, stage.teacher, wish, now)
  await decide(db, anybody, deciding({ token, permission }), now)
  const openers = [stage.vetted.account ?? '', stage.lead.account ?? ''] as const
  await holdSurface(
    db,
    stage.reviewer,
    { surface: held.surface, concern: null, openers, until: later(99) },
    now,
  )
  await db.updateTable('stories').set({ state: 'hidden' }).where('id', '=', hidden.surface).execute()

  const { id: surface } = await makeStory(db, { email: 'teller@people.test' })
  const { person } = await tellAndCheck(stage, now, { surface })
  const asked = await requestPermission(db, stage.teacher, asking({ surface, person, by: stage.by }), now)
  await decide(db, anybody, deciding({ ...asked, answer: 'no' }), now)
  expect(await work()).toBe(4)
  expect(await mails()).toEqual([])
})

test('what nobody said no to is not told of as a no: taken down by somebody, or by a rule', async () => {
  const [down, ruled] = [await told(), await told()]
  await takeDown(db, anybody, { surface: down.surface, own: false }, now)
  await changePolicy(async (trx) => {
    await trx
      .insertInto('policies')
      .values({
        organisation: stage.school,
        version: 2,
        rules: JSON.stringify({
          widest: {},
          purposes: [],
          days: { other: 1 },
          condition: '',
          basis: '',
          nation: 'england',
          askedAgainAt: 13,
          decidesAt: 16,
          parentToo: true,
          originals: 60,
          delay: 14,
        }),
        created: now,
      })
      .execute()
    return { organisation: stage.school, slug: '', people: 'all' as const }
  })(db, stage.lead, {}, now)
  expect(ruled.surface).not.toBe('')
  expect(await work()).toBe(0)
  expect(await mails()).toEqual([])
  await db.deleteFrom('policies').where('version', '=', 2).execute()
})

test('whoever said it themselves is not told: the teller who saw it, the lead who saw it', async () => {
  const other = await stageFor(db)
  const tell = async () =>
    tellAndAgree(other, now, {
      surface: (await makeStory(db, { email: 'teller@people.test' })).id,
    })
  const [mine, led] = [await tell(), await tell()]
  const no = { token: '', surface: null, version: null, seen: '', formKey: '' }
  await objectObserved(db, other.teacher, { ...no, person: mine.person }, now)
  expect(await work()).toBe(0)
  await objectObserved(db, other.lead, { ...no, person: led.person }, now)
  await work()
  expect((await mails()).map(({ name }) => name)).toEqual(['picture-refused'])
})

test('whoever would put it on the wall again reads that a no hides it, instead of nothing', async () => {
  const story = await told()
  const again = { id: story.surface, revision: 1, reason: null }
  await expect(publishStory(db, stage.reviewer, again, now)).resolves.toEqual({ id: story.surface })
  await takeBack(story.token)
  expect((await refused(publishStory(db, stage.reviewer, again, now))).key).toBe('stories.review.said-no')
})
