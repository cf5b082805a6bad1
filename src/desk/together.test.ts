import * as v from 'valibot'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { saveDuty } from '#accounts/server/writes/duty.ts'
import type { Door } from '#desk/concern.ts'
import { askedToHide, restoreMany } from '#desk/server/many.ts'
import { raiseConcern } from '#desk/server/raise.ts'
import { keepRetention } from '#desk/server/tasks.ts'
import { anybody, theSite, type Viewer } from '#kernel/viewer.ts'
import { editStory } from '#stories/server/writes/edit.ts'
import { editedStory } from '#stories/story.ts'
import { testDatabase } from '../../test/db.ts'
import { makeActivity, makeStory, makeStoryLink, makeWeek } from '../../test/make.ts'
import { makeAccount } from '../../test/organisations.ts'

const db = await testDatabase()
const now = new Date('2027-10-26T10:00:00Z')
const people: Record<string, Viewer> = {}
const [flood, other] = ['192.0.2.7', '192.0.2.8']

beforeAll(async () => {
  await makeWeek(db)
  for (const name of ['ann', 'ben', 'cat']) people[name] = await makeAccount(db, name, { role: 'reviewer' })
})
beforeEach(async () => {
  for (const table of ['concerns', 'stories', 'activities', 'mails', 'duties'] as const)
    await db.deleteFrom(table).execute()
})
const ann = (): Viewer => people['ann'] ?? anybody

async function press(about: string, client: string, door: Door = 'take-down', viewer = anybody) {
  const form = { formKey: '', door, about, words: null, email: null, country: null }
  await raiseConcern(db, viewer, { ...form, client }, now)
}
const slugs = async (count: number): Promise<string[]> => {
  const made = []
  for (let at = 0; at < count; at++)
    made.push(
      at % 2 === 0
        ? `/stories/${(await makeStory(db)).slug}`
        : `/activities/${(await makeActivity(db)).slug}`,
    )
  return made
}
const mailed = async (name: 'concern-duty' | 'concern-many') =>
  (await db.selectFrom('mails').select('address').where('name', '=', name).orderBy('address').execute()).map(
    ({ address }) => address.split('@')[0],
  )
const shown = async (): Promise<number> =>
  (await db.selectFrom('stories').select('id').where('state', '=', 'published').execute()).length +
  (await db.selectFrom('activities').select('id').where('state', '=', 'published').execute()).length

test('many from one place all hide, and are told to two people once instead of to one a hundred times', async () => {
  const duty = people['ann']?.account ?? ''
  const backup = people['ben']?.account ?? ''
  await saveDuty(db, theSite, { from: '2027-10-26', days: [{ day: '2027-10-26', duty, backup }] }, now)
  const things = await slugs(30)
  for (const thing of things.slice(0, 3)) await press(thing, flood)
  expect(await mailed('concern-many')).toEqual([])
  expect(await mailed('concern-duty')).toEqual(['ann', 'ann', 'ann'])
  for (const thing of things.slice(3)) await press(thing, flood)
  expect(await shown()).toBe(0)
  expect(await mailed('concern-many')).toEqual(['ann', 'ben'])
  expect(await mailed('concern-duty')).toEqual(['ann', 'ann', 'ann'])
})

test('only whoever is on duty is told that they are', async () => {
  const called = async () =>
    (
      await db
        .selectFrom('mails')
        .select(['address', 'params'])
        .where('name', '=', 'concern-duty')
        .orderBy('address')
        .execute()
    ).map(({ address, params }) => [address.split('@')[0], (params as { as: string }).as])
  const things = await slugs(2)
  await press(things[0] ?? '', other)
  expect(await called()).toEqual(['ann', 'ben', 'cat'].map((name) => [name, 'nobody']))
  await db.deleteFrom('mails').execute()
  const duty = people['ann']?.account ?? ''
  await saveDuty(db, theSite, { from: '2027-10-26', days: [{ day: '2027-10-26', duty, backup: null }] }, now)
  await press(things[1] ?? '', other)
  expect(await called()).toEqual([['ann', 'duty']])
})

test('somebody who is worried is heard among many, and somebody elsewhere is heard as ever', async () => {
  const things = await slugs(12)
  for (const thing of things.slice(0, 10)) await press(thing, flood)
  await db.deleteFrom('mails').execute()
  await press(things[10] ?? '', flood, 'worried')
  expect(await mailed('concern-duty')).toEqual(['ann', 'ben', 'cat'])
  await press(things[11] ?? '', other)
  expect(await mailed('concern-duty')).toEqual(['ann', 'ann', 'ben', 'ben', 'cat', 'cat'])
})

test('with one person planned, many are told to everybody who reviews', async () => {
  const duty = people['ann']?.account ?? ''
  await saveDuty(db, theSite, { from: '2027-10-26', days: [{ day: '2027-10-26', duty, backup: null }] }, now)
  for (const thing of await slugs(5)) await press(thing, flood)
  expect(await mailed('concern-many')).toEqual(['ann', 'ben', 'cat'])
})

test('all from one place come back in one press, and their concerns are closed with the reason', async () => {
  const things = await slugs(6)
  for (const thing of things.slice(0, 5)) await press(thing, flood)
  await press(things[0] ?? '', flood)
  await press(things[5] ?? '', other)
  const places = Map.groupBy(await askedToHide(db, ann()), (one) => one.source)
  const source = [...places].find(([, concerns]) => concerns.length === 6)?.[0] ?? null
  expect(source).not.toBeNull()
  expect(source).not.toContain('192')
  const all = { source, all: 'yes' as const, chosen: [] as string[], reason: 'Somebody only pressed.' }
  expect(await restoreMany(db, ann(), all, now)).toEqual({ done: 5, refused: 0 })
  expect(await restoreMany(db, ann(), all, now)).toEqual({ done: 0, refused: 0 })
  expect(await shown()).toBe(5)
  const closed = await db.selectFrom('concerns').select('outcome').where('state', '=', 'closed').execute()
  expect(closed).toEqual(Array.from({ length: 6 }, () => ({ outcome: 'Somebody only pressed.' })))
  expect(await askedToHide(db, ann())).toHaveLength(1)
})

test('only what was ticked comes back', async () => {
  for (const thing of await slugs(3)) await press(thing, flood)
  const [first] = await askedToHide(db, ann())
  const ticked = { source: first?.source ?? null, all: null, chosen: [first?.concern ?? ''], reason: 'Seen.' }
  expect(await restoreMany(db, ann(), ticked, now)).toEqual({ done: 1, refused: 0 })
  expect(await shown()).toBe(1)
})

test('what somebody else wants hidden, what was changed since, and what this person hid, stays hidden', async () => {
  const wanted = await makeStory(db)
  const worrying = await makeStory(db)
  const changed = await makeStory(db, { email: 'teller@people.test' })
  const own = await makeActivity(db)
  const plain = await makeStory(db)
  for (const { slug } of [wanted, worrying, changed, plain]) await press(`/stories/${slug}`, flood)
  await press(`/activities/${own.slug}`, flood, 'take-down', ann())
  await press(`/stories/${wanted.slug}`, other)
  await press(`/stories/${worrying.slug}`, other, 'worried')
  const token = await makeStoryLink(db, changed.id)
  const { revision } = await db
    .selectFrom('stories')
    .select('revision')
    .where('id', '=', changed.id)
    .executeTakeFirstOrThrow()
  const edit = v.parse(editedStory, {
    title: 'Other words',
    body: 'Other words',
    token,
    revision: String(revision),
    then: 'send',
  })
  await editStory(db, anybody, edit, now)
  const source = (await askedToHide(db, ann())).find(({ id }) => id === plain.id)?.source ?? null
  const all = { source, all: 'yes' as const, chosen: [], reason: 'Only pressed.' }
  expect(await restoreMany(db, ann(), all, now)).toEqual({ done: 1, refused: 4 })
  const back = await db.selectFrom('stories').select('id').where('state', '=', 'published').execute()
  expect(back).toEqual([{ id: plain.id }])
  expect(await shown()).toBe(1)
})

test('nobody but those who answer concerns sees them together, and where they came from is forgotten', async () => {
  for (const thing of await slugs(2)) await press(thing, flood)
  const lead: Viewer = {
    ...anybody,
    account: 'x',
    roles: [{ role: 'group-lead', group: 'g', organisation: null }],
  }
  for (const viewer of [anybody, lead]) {
    await expect(askedToHide(db, viewer)).rejects.toMatchObject({ kind: 'forbidden' })
    const all = { source: null, all: 'yes' as const, chosen: [], reason: 'x' }
    await expect(restoreMany(db, viewer, all, now)).rejects.toMatchObject({ kind: 'forbidden' })
  }
  await keepRetention(db, {}, new Date('2027-11-25T09:00:00Z'))
  expect((await askedToHide(db, ann())).every(({ source }) => source !== null)).toBe(true)
  await keepRetention(db, {}, new Date('2027-11-25T10:00:00Z'))
  expect((await askedToHide(db, ann())).map(({ source }) => source)).toEqual([null, null])
})
