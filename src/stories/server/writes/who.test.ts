import { beforeAll, describe, expect, test } from 'vitest'
import { saidOn } from '#consent/server/reads/people.ts'
import { placeVersion } from '#consent/server/writes/placing.ts'
import { Refusal } from '#kernel/refusal.ts'
import { anybody } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'
import { afterArrival, heldStory } from '#stories/server/reads/own-pictures.ts'
import { personToAsk } from '#stories/server/reads/ask.ts'
import { askPerson } from '#stories/server/writes/ask.ts'
import { tellSame, tellWhoIsIn, type ToldWho } from '#stories/server/writes/who.ts'
import { makePicture, placing, stageFor, type Stage } from '../../../../test/consent/stage.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeWeek } from '../../../../test/make.ts'
import { makeSupported } from '../../../../test/organisations.ts'
import { makeTold } from '../../../../test/permission-site.ts'

const now = new Date('2027-10-20T12:00:00Z')
let db: Db
let stage: Stage
beforeAll(async () => {
  db = await testDatabase()
  await makeWeek(db)
  stage = await stageFor(db)
})

/** A story of the teacher's with so many photographs. */
async function told(photographs: number) {
  const story = await makeTold(db, stage.by, 'She answered my hum')
  const versions: string[] = []
  for (let at = 0; at < photographs; at += 1) {
    const { version } = await makePicture(db, { surface: story.id })
    await placeVersion(db, stage.teacher, placing(stage, { surface: story.id, version }), now)
    versions.push(version)
  }
  return { ...story, versions }
}
const someone = (label: string) => ({ label, ageBand: 'adult' as const, nextChange: null })
const said = (token: string, version: string, over: Partial<ToldWho> = {}) => ({
  token,
  version,
  people: [{ who: someone('S.K.'), modes: ['face' as const], names: [], seen: 'yes' as const }],
  aged: [],
  strangers: 0,
  nobody: false,
  more: false,
  show: false,
  words: null,
  formKey: '',
  ...over,
})

describe('who is in a photograph', () => {
  test('is said one after another, until all are said', async () => {
    const { token, versions } = await told(3)
    const [first = '', second = '', third = ''] = versions
    expect(await tellWhoIsIn(db, stage.teacher, said(token, second), now)).toEqual({
      version: third,
      more: false,
    })
    expect(await tellWhoIsIn(db, stage.teacher, said(token, third), now)).toEqual({
      version: first,
      more: false,
    })
    const done = { version: null, more: false }
    expect(await tellWhoIsIn(db, stage.teacher, said(token, first), now)).toEqual(done)
  })

  test('is the same as in another one with one press, but for what they showed', async () => {
    const { id, token, versions } = await told(2)
    const [first = '', second = ''] = versions
    await tellWhoIsIn(db, stage.teacher, said(token, first), now)
    await tellSame(db, stage.teacher, { token, version: second, from: first }, now)
    const [one, other] = await saidOn(db, id)
    expect(other?.people).toMatchObject([{ person: one?.people[0]?.person, modes: ['face'], seen: null }])
    expect(one?.people[0]?.seen).toBe('yes')
  })

  test('is kept with what it shows, and asked to be shown, in one press; words that are there stay', async () => {
    const { id, token, versions } = await told(1)
    const [version = ''] = versions
    await db.updateTable('versions').set({ words: '', caption: 'Lunch' }).where('id', '=', version).execute()
    const kept = () =>
      db
        .selectFrom('versions as v')
        .innerJoin('placements as p', 'p.version', 'v.id')
        .select(['v.words', 'v.caption', 'p.state'])
        .where('p.surface', '=', id)
        .executeTakeFirst()
    await tellWhoIsIn(db, stage.teacher, said(token, version), now)
    expect(await kept()).toEqual({ words: '', caption: 'Lunch', state: 'draft' })
    await tellWhoIsIn(db, stage.teacher, said(token, version, { words: 'A drum.', show: true }), now)
    expect(await kept()).toEqual({ words: 'A drum.', caption: 'Lunch', state: 'held' })
    await tellWhoIsIn(db, stage.teacher, said(token, version, { words: 'Other words.' }), now)
    expect((await kept())?.words).toBe('A drum.')
  })

  test('is said next after pictures have arrived, once all are ready', async () => {
    const { token, versions } = await told(2)
    const [first = '', second = ''] = versions
    const came = () => afterArrival(db, stage.teacher, token, now)
    expect(await came()).toEqual({ making: false, refused: false, unsaid: first })
    await tellWhoIsIn(db, stage.teacher, said(token, first), now)
    await db.updateTable('versions').set({ state: 'waiting' }).where('id', '=', second).execute()
    expect(await came()).toEqual({ making: true, refused: false, unsaid: second })
    await db.updateTable('versions').set({ state: 'made' }).where('id', '=', second).execute()
    await tellWhoIsIn(db, stage.teacher, said(token, second), now)
    expect((await came()).unsaid).toBeNull()
  })

  test('pressed twice is said once', async () => {
    const { id, token, versions } = await told(1)
    const input = said(token, versions[0] ?? '', { strangers: 2, formKey: crypto.randomUUID() })
    await tellWhoIsIn(db, stage.teacher, input, now)
    await tellWhoIsIn(db, stage.teacher, input, now)
    const people = (await saidOn(db, id))[0]?.people.map(({ label }) => label)
    expect(people).toEqual(['S.K.', 'Somebody not known 1', 'Somebody not known 2'])
  })

  test('is not kept with a month that cannot be the next change of an age', async () => {
    const { id, token, versions } = await told(1)
    const child = { label: 'T.', ageBand: '16-17' as const }
    const say = (nextChange: `${number}-${number}-01`) =>
      tellWhoIsIn(
        db,
        stage.teacher,
        said(token, versions[0] ?? '', {
          people: [{ who: { ...child, nextChange }, modes: ['face'], names: [], seen: null }],
          aged: [{ row: 1, ...child, nextChange }],
        }),
        now,
      )
    for (const never of ['2020-05-01', '2035-05-01'] as const)
      await expect(say(never)).rejects.toMatchObject({
        key: 'organisations.people.month-wrong',
        field: 'new.1.year',
      })
    await say('2028-05-01')
    const person = (await saidOn(db, id))[0]?.people[0]?.person ?? ''
    const { conversation } = await personToAsk(db, stage.teacher, { token, person }, now)
    expect(conversation).toMatchObject({ ageBand: '16-17', nextChange: '2028-05-01' })
  })

  test('names those whom an organisation supports only when a member does', async () => {
    const { token, versions } = await told(1)
    const supported = await makeSupported(db, stage.school)
    const people = [{ who: { supported }, modes: ['face' as const], names: [], seen: null }]
    const input = said(token, versions[0] ?? '', { people })
    await expect(tellWhoIsIn(db, anybody, input, now)).rejects.toBeInstanceOf(Refusal)
    expect((await heldStory(db, anybody, token, now)).member).toBe(false)
    expect((await heldStory(db, stage.teacher, token, now)).member).toBe(true)
    await tellWhoIsIn(db, stage.teacher, input, now)
  })
})

test('whoever tells a story by its mailed link is the account of that address', async () => {
  const { token } = await told(0)
  expect((await heldStory(db, anybody, token, now)).hand).toBe(stage.by)
})

test('a link to hand over asks about everything in the story that somebody is in', async () => {
  const { id, token, versions } = await told(2)
  const [first = '', second = ''] = versions
  await tellWhoIsIn(db, stage.teacher, said(token, first), now)
  await tellSame(db, stage.teacher, { token, version: second, from: first }, now)
  const person = (await saidOn(db, id))[0]?.people[0]?.person ?? ''
  const { conversation } = await personToAsk(db, stage.teacher, { token, person }, now)
  expect(conversation.versions).toEqual(versions)
  const { link } = await askPerson(
    db,
    anybody,
    { token, person, route: 'own', holder: null, formKey: '' },
    now,
  )
  expect(new URL(link).pathname).toMatch(/^\/consent\/[\w-]{32}$/)
  const forged = personToAsk(db, stage.teacher, { token, person: crypto.randomUUID() }, now)
  await expect(forged).rejects.toBeInstanceOf(Refusal)
})
