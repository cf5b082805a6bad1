import { expect, test } from 'vitest'
import {
  adult,
  makePicture,
  placing,
  stageFor,
  tellAndAgree,
  tellAndCheck,
} from '../../../../../../test/consent/stage.ts'
import { testDatabase } from '../../../../../../test/db.ts'
import { makeStory, makeWeek } from '../../../../../../test/make.ts'
import { ask, pageOf } from '../../../../../../test/pages.ts'
import { load as waitingLoad } from '../../../pictures/+page.server.ts'
import Waiting from '../../../pictures/+page.svelte'
import { load as layout } from '../+layout.server.ts'
import { load } from './+page.server.ts'
import Shown from './+page.svelte'
import { renditionFor } from '#consent/server/reads/rendition.ts'
import { sayWhoIsIn } from '#consent/server/writes/saying.ts'
import { placeVersion, takeOut } from '#consent/server/writes/placing.ts'
import { takeDown } from '#consent/server/writes/taking-down.ts'
import { anybody } from '#kernel/viewer.ts'

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-20T12:00:00Z')
const stage = await stageFor(db)
const { slug } = await db
  .selectFrom('organisations')
  .select('slug')
  .where('id', '=', stage.school)
  .executeTakeFirstOrThrow()

const seenAt = async (version: string): Promise<boolean> =>
  (await renditionFor(db, anybody, { version, width: 640, format: 'jpg' }, now)) !== null

async function counts(): Promise<string> {
  const asked = { path: `/desk/organisations/${slug}/shown`, db, now, viewer: stage.lead, params: { slug } }
  const above = await ask(layout as (event: unknown) => Promise<object>, asked)
  const whole = async (event: object) => ({
    ...above,
    ...(await (load as (event: never) => Promise<object>)({ ...event, parent: async () => above } as never)),
  })
  return (await pageOf(Shown, whole, asked)).body
}

test('what is counted as shown is what anybody can see, and what is kept safe is in no count and no list', async () => {
  const [seen, unread, safe] = [
    await makeStory(db, { title: 'The drum' }),
    await makeStory(db, { title: 'The pool', state: 'waiting' }),
    await makeStory(db, { title: 'The walk' }),
  ]
  for (const { id } of [seen, unread, safe]) await tellAndAgree(stage, now, { surface: id })
  await takeDown(db, anybody, { surface: safe.id, own: false }, now)
  expect(await counts()).toContain('One is shown, one waits, one is hidden.')
  await db.updateTable('stories').set({ held: now, state: 'hidden' }).where('id', '=', safe.id).execute()
  const body = await counts()
  expect(body).toContain('One is shown, one waits, nothing is hidden.')
  expect([...body.matchAll(/href="\/stories\//g)], 'only what anybody can see is led to').toHaveLength(1)
  expect(body).not.toContain('The walk')
})

test('a story of which a photograph waits is shown in part, and which photograph waits, and for what', async () => {
  const { id: surface, slug: word } = await makeStory(db, { title: 'The swing' })
  const { version } = await tellAndAgree(stage, now, { surface })
  await tellAndCheck(stage, now, { surface })
  const body = await counts()
  expect(body).toMatch(/The swing[^]*?Photograph 2: Waits. They have not been asked.[^]*?Shown in part/)
  expect(body).not.toContain('Photograph 1: Waits')
  expect(body, 'and leads to what everybody sees').toContain(`href="/stories/${word}"`)
  expect(await seenAt(version)).toBe(true)
})

test('what waits of one story is told apart by its photograph', async () => {
  const { id: surface } = await makeStory(db, { title: 'The rain' })
  const { version } = await makePicture(db, { surface })
  await placeVersion(db, stage.teacher, placing(stage, { surface, version }), now)
  await sayWhoIsIn(
    db,
    stage.teacher,
    { surface, version, people: [adult()], nobody: false, by: stage.by },
    now,
  )
  const asked = { path: '/desk/pictures', db, now, viewer: stage.reviewer }
  expect((await pageOf(Waiting, waitingLoad, asked)).body).toMatch(/The rain[^]*?Photograph 1 ·/)
})

test('somebody is in as many stories as show them now: a photograph that was taken out is in none', async () => {
  const people = [adult({ who: { label: 'Q.T.', ageBand: 'adult', nextChange: null } })]
  const both = await tellAndAgree(stage, now, { surface: (await makeStory(db)).id, people })
  const again = { people: [adult({ who: { person: both.person } })], surface: both.surface }
  const { version } = await tellAndCheck(stage, now, again)
  const row = async (): Promise<string> => (/Q\.T\.<\/a>.*?<\/li>/s.exec(await counts()) ?? [''])[0]
  for (const [gone, said] of [
    [null, 'in one story'],
    [version, 'in one story'],
    [both.version, 'in no story'],
  ] as const) {
    if (gone) await takeOut(db, stage.teacher, { ...both, version: gone, by: stage.by }, now)
    expect(await row()).toContain(said)
  }
})

test('nobody is asked about a story of which there is nothing to look at', async () => {
  const gone = await makeStory(db, { title: 'The bell' })
  await tellAndAgree(stage, now, { surface: gone.id })
  await takeDown(db, anybody, { surface: gone.id, own: false }, now)
  const list = async () =>
    (await pageOf(Waiting, waitingLoad, { path: '/desk/pictures', db, now, viewer: stage.reviewer })).body
  expect(await list()).toContain('The bell')
  await db.deleteFrom('stories').where('id', '=', gone.id).execute()
  expect(await list()).not.toContain(`back/${gone.id}`)
})
