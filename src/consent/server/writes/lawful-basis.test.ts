import { expect, test } from 'vitest'
import { renditionFor } from '#consent/server/reads/rendition.ts'
import { standingOf } from '#consent/server/reads/standing.ts'
import { requestPermission } from '#consent/server/writes/asking.ts'
import { decide } from '#consent/server/writes/deciding.ts'
import { askForCircle, placeVersion } from '#consent/server/writes/placing.ts'
import { changePolicy } from '#consent/server/writes/policy.ts'
import { checkWhoIsIn, sayWhoIsIn } from '#consent/server/writes/saying.ts'
import { restore } from '#consent/server/writes/taking-down.ts'
import { anybody } from '#kernel/viewer.ts'
import {
  adult,
  asking,
  deciding,
  makePicture,
  placing,
  schoolPolicy,
  stageFor,
  tellAndAgree,
  type Stage,
} from '../../../../test/consent/stage.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeWeek } from '../../../../test/make.ts'

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-20T12:00:00Z')
const later = (days: number): Date => new Date(now.getTime() + days * 86_400_000)

const seen = async ({ version }: { version: string }, at = now, viewer = anybody): Promise<boolean> =>
  (await renditionFor(db, viewer, { version, width: 640, format: 'jpg' }, at)) !== null
let version = 1
const write = (stage: Stage, over: Partial<typeof schoolPolicy>, at: Date) =>
  changePolicy(async (trx) => {
    version += 1
    const rules = JSON.stringify({ ...schoolPolicy, ...over })
    await trx
      .insertInto('policies')
      .values({ organisation: stage.school, version, rules, created: at })
      .execute()
    return { organisation: stage.school, slug: '', people: 'all' as const }
  })(db, stage.lead, {}, at)
const lacks = async (surface: string, at: Date): Promise<string[]> =>
  (await standingOf(db, surface, at)).placements.flatMap(({ missing, people }) =>
    [...missing, ...people.flatMap((one) => one.missing)].map(({ key }) => key),
  )

test.each(['basis', 'condition'] as const)(
  'rule 19: emptied, the %s hides at once; written again it publishes nothing until a second person brings it back',
  async (empty) => {
    const stage = await stageFor(db)
    const told = await tellAndAgree(stage, now)
    expect(await seen(told)).toBe(true)
    await write(stage, { [empty]: ' ' }, later(1))
    expect(await seen(told, later(1))).toBe(false)
    expect(await lacks(told.surface, later(1))).toContain('consent.why.lawful-basis')
    await write(stage, {}, later(2))
    expect(await seen(told, later(2))).toBe(false)
    await restore(db, stage.vetted, { surface: told.surface, reason: 'it is written' }, later(3))
    expect(await seen(told, later(3))).toBe(true)
  },
)

test('without both nobody is shown beyond the organisation, whoever said yes; what shows nobody needs neither', async () => {
  const stage = await stageFor(db)
  await write(stage, { basis: '', condition: '' }, now)
  const told = await tellAndAgree(stage, later(1))
  expect(await seen(told, later(1))).toBe(false)
  expect(await lacks(told.surface, later(1))).toEqual(['consent.why.lawful-basis'])
  const inside = await share(stage, { circle: 2 })
  expect(await seen(inside, later(1), stage.teacher)).toBe(true)
  const hands = await share(stage, { nobody: true })
  expect(await seen(hands, later(1))).toBe(true)
})

test('where the site itself answers, the yes of whoever is in it is the basis, and nobody else’s', async () => {
  const stage = await stageFor(db)
  expect(await seen(await share(stage, { organisation: null }), later(1))).toBe(true)
  expect(await seen(await share(stage, { organisation: null, route: 'other-adult' }), later(1))).toBe(true)
  expect(await seen(await share(stage, { organisation: null, nobody: true }), later(1))).toBe(true)
})

type Over = {
  circle?: 2 | 5
  nobody?: boolean
  organisation?: null
  route?: 'own' | 'other-adult'
}

/** A picture that is said, checked, asked for and agreed to. */
async function share(stage: Stage, { circle = 5, nobody = false, route = 'own', ...over }: Over) {
  const at = later(1)
  const { teacher, vetted, reviewer, by } = stage
  const { version: picture, surface } = await makePicture(db)
  await placeVersion(db, teacher, placing(stage, { surface, version: picture, circle, ...over }), at)
  const saying = { surface, version: picture, people: nobody ? [] : [adult()], nobody, by }
  const { said, people } = await sayWhoIsIn(db, teacher, saying, at)
  const checker = over.organisation === null ? reviewer : vetted
  await checkWhoIsIn(db, checker, { said, wrong: [], covered: [] }, at)
  await askForCircle(db, teacher, { surface, circle, by }, at)
  const [person] = people
  if (person !== undefined) {
    const asked = await requestPermission(db, teacher, asking({ surface, person, by, route, circle }), at)
    await decide(db, anybody, deciding(asked), at)
  }
  return { surface, version: picture }
}
