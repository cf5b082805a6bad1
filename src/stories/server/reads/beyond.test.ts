import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { standingOf } from '#consent/server/reads/standing.ts'
import { linkForSupporter, requestPermission } from '#consent/server/writes/asking.ts'
import { decide } from '#consent/server/writes/deciding.ts'
import { changePolicy } from '#consent/server/writes/policy.ts'
import { keepWithinOurs } from '#consent/server/writes/narrowing.ts'
import { personPage } from '#consent/server/reads/person.ts'
import { withdraw } from '#consent/server/writes/withdrawing.ts'
import type { Circle } from '#kernel/permission-words.ts'
import { anybody } from '#kernel/viewer.ts'
import { noFilter } from '#stories/filter.ts'
import { asJson } from '#stories/formats.ts'
import { storiesOf, storyBySlug } from '#stories/server/reads/wall.ts'
import {
  adult,
  asking,
  deciding,
  schoolPolicy,
  stageFor,
  tellAndCheck,
} from '../../../../test/consent/stage.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeStory, makeWeek } from '../../../../test/make.ts'

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-22T12:00:00Z')
const stage = await stageFor(db)
const site = 'https://week.example'

/** A photograph on the week's pages of people each of whom was asked whether it may go beyond our control, and said how far. */
async function askedBeyond(surface: string, said: readonly (Circle | null)[]) {
  const people = said.map((_, at) => adult({ who: { label: `P${at}`, ageBand: 'adult', nextChange: null } }))
  const told = await tellAndCheck(stage, now, { surface, people })
  const tokens: string[] = []
  for (const [at, circle] of said.entries()) {
    const wish = asking({ surface, person: told.people[at] ?? '', by: stage.by, circle: 6 })
    const { token, permission } = await requestPermission(db, stage.teacher, wish, now)
    await decide(db, anybody, { ...deciding({ token, permission }), circle }, now)
    tokens.push(token)
  }
  await db
    .insertInto('renditions')
    .values({ version: told.version, width: 640, height: 480, format: 'webp', bytes: 1, key: randomUUID() })
    .execute()
  return { ...told, tokens }
}
/** The photographs of a story as they leave in a feed. */
async function inFeed(slug: string): Promise<string[] | undefined> {
  const wall = await storiesOf(db, { ...noFilter, week: 2027 }, now, { whole: true, beyond: true })
  return wall.stories.find((one) => one.slug === slug)?.pictures.map(({ id }) => id)
}

test('a photograph that everybody in it allowed beyond our control stands in a feed as on the page, until one says no', async () => {
  const story = await makeStory(db, { title: 'Beyond', body: 'She.\n\n[picture 1]' })
  const { version, tokens } = await askedBeyond(story.id, [6, 6])
  expect(await inFeed(story.slug)).toEqual([version])
  const wall = await storiesOf(db, { ...noFilter, week: 2027 }, now, { whole: true, beyond: true })
  const told = wall.stories.find(({ slug }) => slug === story.slug)
  expect(told && asJson(told, site).html).toContain(`/media/${version}/`)
  expect((await standingOf(db, story.id, now)).placements[0]?.beyond).toBe(true)
  await withdraw(db, anybody, { token: tokens[1] ?? '', everywhere: false, formKey: '' }, now)
  const after = await storiesOf(db, { ...noFilter, week: 2027 }, now, { whole: true, beyond: true })
  expect(JSON.stringify(after.stories)).not.toContain(version)
})

test('a photograph stays on our own pages when one of two said yes to these only, or left the question out', async () => {
  for (const said of [[6, 5], [6, null], [null]]) {
    const story = await makeStory(db, { title: 'On the page', body: '[picture 1]' })
    const { version } = await askedBeyond(story.id, said as (Circle | null)[])
    expect((await storyBySlug(db, story.slug, now))?.pictures).toMatchObject([{ id: version }])
    expect(await inFeed(story.slug)).toEqual([])
    expect((await standingOf(db, story.id, now)).placements[0]).toMatchObject({
      light: 'green',
      beyond: false,
    })
  }
})

test('a photograph leaves the feed and stays on the page when the policy goes no further, and a looser one brings nothing back', async () => {
  const own = await stageFor(db)
  const story = await makeStory(db, { title: 'Policy', body: '[picture 1]' })
  const told = await tellAndCheck(own, now, { surface: story.id })
  const wish = asking({ surface: story.id, person: told.person, by: own.by, circle: 6 })
  const { token, permission } = await requestPermission(db, own.teacher, wish, now)
  await decide(db, anybody, { ...deciding({ token, permission }), circle: 6 }, now)
  expect(await inFeed(story.slug)).toEqual([told.version])
  for (const [version, widest] of [5, 6].entries()) {
    const then = new Date(now.getTime() + (version + 1) * 60_000)
    const write = changePolicy(async (trx) => {
      const rules = JSON.stringify({ ...schoolPolicy, widest: { ...schoolPolicy.widest, own: widest } })
      const row = { organisation: own.school, version: version + 2, rules, created: then }
      await trx.insertInto('policies').values(row).execute()
      return { organisation: own.school, slug: '', people: 'all' as const }
    })
    await write(db, own.lead, {}, then)
    expect(await inFeed(story.slug)).toEqual([])
    expect((await storyBySlug(db, story.slug, now))?.pictures).toHaveLength(1)
  }
})

test('whoever takes back only that it goes beyond our control takes it out of the feed in the same transaction, and leaves it on the page', async () => {
  const story = await makeStory(db, { title: 'Kept here', body: '[picture 1]' })
  const { version, tokens, person } = await askedBeyond(story.id, [6, 6])
  const narrow = { token: tokens[0] ?? '', formKey: 'once' }
  await db.transaction().execute(async (trx) => {
    await keepWithinOurs(trx, anybody, narrow, now)
    const wall = await storiesOf(trx, { ...noFilter, week: 2027 }, now, { whole: true, beyond: true })
    expect(JSON.stringify(wall.stories)).not.toContain(version)
    expect((await storyBySlug(trx, story.slug, now))?.pictures).toMatchObject([{ id: version }])
  })
  expect((await standingOf(db, story.id, now)).placements[0]).toMatchObject({ light: 'green', beyond: false })
  const page = await personPage(db, tokens[0] ?? '', now)
  expect(page?.asked).toMatchObject([{ state: 'given', allowed: 5, narrowed: now }])
  await keepWithinOurs(db, anybody, { ...narrow, formKey: 'twice' }, now)
  const said = await db.selectFrom('consentEvents').select('id').where('kind', '=', 'narrowed').execute()
  expect(said).toHaveLength(1)
  const anew = asking({ surface: story.id, person, by: stage.by, circle: 6 })
  const { token, permission } = await requestPermission(db, stage.teacher, anew, now)
  expect(page?.asked.map((one) => one.permission)).not.toContain(permission)
  await decide(db, anybody, { ...deciding({ token, permission }), circle: null }, now)
  expect(await inFeed(story.slug)).toEqual([])
})

test('only a new yes to going beyond our control, in answer to a new question, brings it back into the feed', async () => {
  const story = await makeStory(db, { title: 'Again', body: '[picture 1]' })
  const { version, tokens, person } = await askedBeyond(story.id, [6])
  await keepWithinOurs(db, anybody, { token: tokens[0] ?? '', formKey: '' }, now)
  expect(await inFeed(story.slug)).toEqual([])
  const anew = asking({ surface: story.id, person, by: stage.by, circle: 6 })
  const { token, permission } = await requestPermission(db, stage.teacher, anew, now)
  await decide(db, anybody, { ...deciding({ token, permission }), circle: 6 }, now)
  expect(await inFeed(story.slug)).toEqual([version])
})

test('a link of a supporter takes nothing back of how far it goes', async () => {
  const story = await makeStory(db, { title: 'With', body: '[picture 1]' })
  const { version, person } = await askedBeyond(story.id, [6])
  const { token } = await linkForSupporter(
    db,
    stage.teacher,
    { surface: story.id, person, by: stage.by },
    now,
  )
  await expect(keepWithinOurs(db, anybody, { token, formKey: '' }, now)).rejects.toThrow('refusal.missing')
  expect(await inFeed(story.slug)).toEqual([version])
})
