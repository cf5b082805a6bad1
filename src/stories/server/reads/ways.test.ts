import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, describe, expect, test } from 'vitest'
import type { Shown } from '#consent/permission.ts'
import { standingOf } from '#consent/server/reads/standing.ts'
import { requestPermission } from '#consent/server/writes/asking.ts'
import { decide } from '#consent/server/writes/deciding.ts'
import {
  recordAuthority,
  recordCapacity,
  recordCompetence,
  recordHolders,
} from '#consent/server/writes/records.ts'
import { sightPaper } from '#consent/server/writes/sighting.ts'
import { restore } from '#consent/server/writes/taking-down.ts'
import { changePolicy } from '#consent/server/writes/policy.ts'
import type { Route } from '#kernel/permission-words.ts'
import { anybody } from '#kernel/viewer.ts'
import { storyBySlug } from '#stories/server/reads/wall.ts'
import {
  adult,
  asking,
  deciding,
  schoolPolicy,
  stageFor,
  tellAndCheck,
  type Stage,
} from '../../../../test/consent/stage.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeStory, makeWeek } from '../../../../test/make.ts'
import { makeSupported } from '../../../../test/organisations.ts'

const db = await testDatabase()
await makeWeek(db)
const stage = await stageFor(db)

let at = Date.parse('2027-10-22T12:00:00Z')
/** A moment after all before. */
const next = (): Date => new Date((at += 60_000))

// What was said to every web process of pages to let go of.
const listener = new pg.Client({ connectionString: db.url })
const heard: string[] = []
await listener.connect()
listener.on('notification', ({ payload = '' }) => heard.push(payload))
await listener.query('listen pages')
afterAll(() => listener.end())

/** Waits until everything that was said so far has been heard. */
async function hear(): Promise<void> {
  const word = randomUUID()
  await sql`select pg_notify('pages', ${word})`.execute(db)
  await expect.poll(() => heard.includes(word), { timeout: 15_000 }).toBe(true)
}
/** Does something, and expects that kept pages were let go of by it. */
async function clearing(doing: () => Promise<unknown>): Promise<void> {
  await hear()
  heard.length = 0
  await doing()
  await hear()
  expect(heard).toContain('')
}

const ages = {
  child: { ageBand: '13-15', nextChange: '2029-01-01' },
  sixteen: { ageBand: '16-17', nextChange: '2029-01-01' },
  grown: { ageBand: 'adult', nextChange: null },
} as const

/** A story whose picture somebody else has checked, of one person whom the school supports. */
async function tell(age: keyof typeof ages, over: Partial<Shown> = {}, by: Stage = stage) {
  const story = await makeStory(db, { published: '2027-10-01T12:00:00Z' })
  const supported = await makeSupported(db, by.school, { label: randomUUID().slice(0, 8), ...ages[age] })
  const people = [adult({ who: { supported }, ...over })]
  const told = await tellAndCheck(by, next(), { surface: story.id, people })
  return { ...told, slug: story.slug, stage: by }
}
type Kept = Awaited<ReturnType<typeof tell>>

const onWall = async ({ slug, version }: Kept): Promise<boolean> =>
  (await storyBySlug(db, slug, next()))?.pictures.some(({ id }) => id === version) ?? false
const asked = (told: Kept, route: Route, holder: string | null = null) => {
  const { surface, person, stage: by } = told
  return requestPermission(
    db,
    by.teacher,
    { ...asking({ surface, person, by: by.by, route }), holder },
    next(),
  )
}
type Link = Awaited<ReturnType<typeof asked>>
const says = (link: Link, answer: 'yes' | 'no' = 'yes', seen: 'yes' | 'no-sign' | 'no' | null = null) =>
  decide(db, anybody, { ...deciding({ ...link, answer }), seen }, next())
const whys = async ({ surface }: Kept): Promise<string[]> =>
  (await standingOf(db, surface, next())).placements.flatMap(({ missing, people }) =>
    [...missing, ...people.flatMap((one) => one.missing)].map(({ key }) => key),
  )
const holders = (told: Kept, ...all: ['parent' | 'council', string][]) =>
  recordHolders(
    db,
    stage.lead,
    { person: told.person, holders: all.map(([as, label]) => ({ as, label })) },
    next(),
  )

describe('parents decide', () => {
  test('both said yes: on the wall with the second yes, whoever answers first', async () => {
    for (const order of [
      ['mother', 'father'],
      ['father', 'mother'],
    ]) {
      const told = await tell('child')
      const links = new Map<string, Link>()
      await holders(told, ['parent', 'mother'], ['parent', 'father'])
      for (const one of ['mother', 'father']) links.set(one, await asked(told, 'parents', one))
      const [first, second] = order.map((one) => links.get(one))
      if (!first || !second) throw new Error('Not asked')
      await says(first, 'yes', 'yes')
      expect(await onWall(told)).toBe(false)
      await clearing(() => says(second, 'yes', 'yes'))
      expect(await onWall(told)).toBe(true)
    }
  })

  test('one said no: never on the wall, whoever says yes before or after', async () => {
    for (const noFirst of [true, false]) {
      const told = await tell('child')
      const [mother, father] = [
        await asked(told, 'parents', 'mother'),
        await asked(told, 'parents', 'father'),
      ]
      await says(noFirst ? mother : father, noFirst ? 'no' : 'yes')
      await says(noFirst ? father : mother, noFirst ? 'yes' : 'no')
      expect(await onWall(told)).toBe(false)
      expect(await whys(told)).toContain('consent.why.one-no')
    }
  })

  test('a second parent who is asked after the first yes hides it until they answer, and then somebody else brings it back', async () => {
    const told = await tell('child')
    await says(await asked(told, 'parents', 'mother'))
    expect(await whys(told)).toEqual(['consent.why.holders-all'])
    await clearing(() => holders(told, ['parent', 'mother']))
    expect(await onWall(told)).toBe(true)
    let father: Link | undefined
    await clearing(async () => (father = await asked(told, 'parents', 'father')))
    expect(await onWall(told)).toBe(false)
    if (father) await says(father)
    expect(await onWall(told)).toBe(false)
    expect(await whys(told)).toEqual(['consent.why.second-person'])
    const { surface } = told
    await clearing(() => restore(db, stage.vetted, { surface, reason: 'Both said yes' }, next()))
    expect(await onWall(told)).toBe(true)
  })

  test('a no that the child showed one of them counts, also when the other has not answered', async () => {
    const told = await tell('child')
    const [mother, father] = [await asked(told, 'parents', 'mother'), await asked(told, 'parents', 'father')]
    await says(mother, 'yes', 'no')
    await says(father, 'yes', 'yes')
    expect(await onWall(told)).toBe(false)
    expect(await whys(told)).toContain('consent.why.objection')
  })

  test('nothing is on the wall while nobody saw a yes of the child', async () => {
    const told = await tell('child', { seen: null })
    await holders(told, ['parent', 'mother'])
    await says(await asked(told, 'parents', 'mother'), 'yes', 'no-sign')
    expect(await onWall(told)).toBe(false)
    expect(await whys(told)).toEqual(['consent.why.yes-unseen'])
  })

  test('a council with a care order decides with every parent who is known, and not against one of them', async () => {
    const alone = await tell('child')
    await holders(alone, ['council', 'Leeds'])
    await says(await asked(alone, 'parents', 'Leeds'))
    // Its order has to be seen by somebody who neither posted nor answers for it.
    expect(await onWall(alone)).toBe(false)
    const { id: record } = await db
      .selectFrom('records')
      .select('id')
      .where('person', '=', alone.person)
      .where('kind', '=', 'holder')
      .executeTakeFirstOrThrow()
    const sight = { surface: alone.surface, record, seen: true }
    await clearing(() => sightPaper(db, stage.vetted, sight, next()))
    expect(await onWall(alone)).toBe(true)

    const both = await tell('child')
    await holders(both, ['council', 'Leeds'], ['parent', 'mother'])
    const [leeds, mother] = [await asked(both, 'parents', 'Leeds'), await asked(both, 'parents', 'mother')]
    await says(leeds)
    expect(await onWall(both)).toBe(false)
    await says(mother, 'no')
    // Nor when she is taken off the list after her no.
    await holders(both, ['council', 'Leeds'])
    expect(await onWall(both)).toBe(false)
  })

  test('who is left when somebody turns out to hold no responsibility is asked anew, and answers', async () => {
    const told = await tell('child')
    await holders(told, ['parent', 'mother'], ['parent', 'uncle'])
    await says(await asked(told, 'parents', 'mother'))
    await holders(told, ['parent', 'mother'])
    expect(await onWall(told)).toBe(false)
    await says(await asked(told, 'parents', 'mother'))
    expect(await onWall(told)).toBe(true)
  })
})

describe('a young person decides', () => {
  test('at 16 and 17 by themselves, and no parent is asked', async () => {
    const told = await tell('sixteen')
    const link = await asked(told, 'young-person')
    expect(await onWall(told)).toBe(false)
    await clearing(() => says(link))
    expect(await onWall(told)).toBe(true)
  })

  test('under 16 when it is written down that they understand, and a parent agrees as well', async () => {
    const told = await tell('child')
    await says(await asked(told, 'young-person'))
    expect(await onWall(told)).toBe(false)
    const { person } = told
    const understands = { person, surface: null, outcome: 'competent' as const, words: 'She explained it.' }
    await recordCompetence(db, stage.lead, understands, next())
    expect(await onWall(told)).toBe(false)
    const again = await asked(told, 'young-person')
    await says(again)
    await clearing(async () => says(await asked(told, 'young-person', 'mother')))
    expect(await onWall(told)).toBe(true)
  })

  test('under 16 alone where the policy says so, from the moment it is written down that they understand', async () => {
    const own = await stageFor(db)
    const write = changePolicy(async (trx) => {
      const rules = JSON.stringify({ ...schoolPolicy, parentToo: false })
      await trx
        .insertInto('policies')
        .values({ organisation: own.school, version: 2, rules, created: new Date(at) })
        .execute()
      return { organisation: own.school, slug: '', people: 'all' as const }
    })
    await write(db, own.lead, {}, next())
    const told = await tell('child', {}, own)
    await says(await asked(told, 'young-person'))
    expect(await onWall(told)).toBe(false)
    const understands = {
      person: told.person,
      surface: null,
      outcome: 'competent' as const,
      words: 'She did.',
    }
    await clearing(() => recordCompetence(db, own.lead, understands, next()))
    expect(await onWall(told)).toBe(true)
  })
})

describe('an attorney decides', () => {
  const paper = { surface: null, sighted: true, welfare: true, registered: true, words: 'Seen.' } as const
  const lacks = { surface: null, outcome: 'lacks' as const, review: '2028-09-01', words: 'We used pictures.' }

  test('once somebody saw the paper and wrote down why they cannot, and their signs were looked for', async () => {
    const told = await tell('grown', { seen: null })
    const { person } = told
    await recordCapacity(db, stage.lead, { person, ...lacks }, next())
    const ended = { person, ...paper, starts: '2027-01-01', ends: '2028-01-01' }
    await recordAuthority(db, stage.lead, ended, next())
    const link = await asked(told, 'attorney')
    expect(await onWall(told)).toBe(false)
    await clearing(() => says(link, 'yes', 'no-sign'))
    expect(await onWall(told)).toBe(true)
    expect(await storyBySlug(db, told.slug, new Date('2027-12-31T23:59:59Z'))).not.toBeNull()
    expect(await storyBySlug(db, told.slug, new Date('2028-01-01T00:00:00Z'))).toBeNull()
  })

  test('also by a yes from before the paper was seen, from when all is written down', async () => {
    const told = await tell('grown', { seen: 'no-sign' })
    const whose = { person: told.person, starts: '2027-01-01', ends: null }
    await says(await asked(told, 'attorney'), 'yes', 'no-sign')
    await recordCapacity(db, stage.lead, { person: told.person, ...lacks }, next())
    expect(await onWall(told)).toBe(false)
    await recordAuthority(db, stage.lead, { ...whose, ...paper }, next())
    expect(await onWall(told)).toBe(true)
  })

  test('not by a paper about property, nor one that is not registered', async () => {
    for (const not of [{ welfare: false }, { registered: false }]) {
      const told = await tell('grown', { seen: 'no-sign' })
      const other = { person: told.person, ...paper, ...not, starts: '2027-01-01', ends: null }
      await recordCapacity(db, stage.lead, { person: told.person, ...lacks }, next())
      await recordAuthority(db, stage.lead, other, next())
      await says(await asked(told, 'attorney'), 'yes', 'no-sign')
      expect(await onWall(told)).toBe(false)
      expect(await whys(told)).toEqual(['consent.why.authority'])
    }
  })
})
