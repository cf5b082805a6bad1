import { expect, test } from 'vitest'
import { personPage } from '#consent/server/reads/person.ts'
import { standingOf } from '#consent/server/reads/standing.ts'
import { requestPermission } from '#consent/server/writes/asking.ts'
import { decide } from '#consent/server/writes/deciding.ts'
import { keepWithinOurs } from '#consent/server/writes/narrowing.ts'
import { recordHolders } from '#consent/server/writes/records.ts'
import { anybody } from '#kernel/viewer.ts'
import {
  adult,
  asking,
  deciding,
  schoolPolicy,
  stageFor,
  tellAndCheck,
} from '../../../../test/consent/stage.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeWeek } from '../../../../test/make.ts'

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-20T12:00:00Z')
const later = (minutes: number): Date => new Date(now.getTime() + minutes * 60_000)
const stage = await stageFor(db)
await db
  .updateTable('policies')
  .set({ rules: JSON.stringify({ ...schoolPolicy, widest: { ...schoolPolicy.widest, parents: 6 } }) })
  .where('organisation', '=', stage.school)
  .execute()

const child = { label: 'Little dot', ageBand: '13-15' as const, nextChange: '2029-05-01' }

/** A child in a picture, whose two parents were asked whether it may go beyond our control as well. */
async function askedOfTwo() {
  const told = await tellAndCheck(stage, now, { people: [adult({ who: child })] })
  const ask = { ...asking({ ...told, by: stage.by, circle: 6 }), route: 'parents' as const }
  const mother = await requestPermission(db, stage.teacher, { ...ask, holder: 'mother' }, now)
  const father = await requestPermission(db, stage.teacher, { ...ask, holder: 'father' }, now)
  const holders = ['mother', 'father'].map((label) => ({ label, as: 'parent' as const }))
  await recordHolders(db, stage.lead, { person: told.person, holders }, now)
  return { ...told, mother, father, ask }
}
type Asked = Awaited<ReturnType<typeof askedOfTwo>>

const presses = {
  'the mother says yes': ({ mother }: Asked, at: Date) =>
    decide(db, anybody, { ...deciding(mother), seen: 'yes' as const, circle: 6 }, at),
  'the mother keeps it here': ({ mother }: Asked, at: Date) =>
    keepWithinOurs(db, anybody, { token: mother.token, formKey: '' }, at),
  'the father says yes': ({ father }: Asked, at: Date) =>
    decide(db, anybody, { ...deciding(father), seen: 'yes' as const, circle: 6 }, at),
}
type Press = keyof typeof presses
const ordersOf = (left: readonly Press[]): Press[][] =>
  left.length === 0
    ? [[]]
    : left.flatMap((one) => ordersOf(left.filter((other) => other !== one)).map((rest) => [one, ...rest]))
const all = Object.keys(presses) as Press[]
const stands = async ({ surface }: Asked, at: Date) => (await standingOf(db, surface, at)).placements[0]

test('both parents’ yes lets it go beyond our control', async () => {
  const told = await askedOfTwo()
  await presses['the mother says yes'](told, later(1))
  await presses['the father says yes'](told, later(2))
  expect(await stands(told, later(3))).toMatchObject({ light: 'green', beyond: true })
})

test.each(ordersOf(all).map((order) => ({ order })))(
  'rule 20: one parent’s “keep it here” counts in whatever order: $order',
  async ({ order }) => {
    const told = await askedOfTwo()
    for (const [at, press] of order.entries()) {
      await presses[press](told, later(at + 1))
      const both = at === 1 && order[2] === 'the mother keeps it here'
      expect((await stands(told, later(at + 1)))?.beyond).toBe(both)
    }
    expect(await stands(told, later(4))).toMatchObject({ light: 'green', beyond: false })
    for (const { token } of [told.mother, told.father])
      expect((await personPage(db, token, later(4)))?.asked).toMatchObject([{ state: 'given', allowed: 5 }])
  },
)

test('what one parent took back, both are asked anew, and only both bring it back', async () => {
  const told = await askedOfTwo()
  for (const [at, press] of all.entries()) await presses[press](told, later(at + 1))
  const again = async (holder: 'mother' | 'father', minutes: number) => {
    const anew = await requestPermission(db, stage.teacher, { ...told.ask, holder }, later(minutes))
    await decide(db, anybody, { ...deciding(anew), seen: 'yes' as const, circle: 6 }, later(minutes))
  }
  await again('father', 5)
  expect(await stands(told, later(5))).toMatchObject({ light: 'green', beyond: false })
  await again('mother', 6)
  expect(await stands(told, later(6))).toMatchObject({ light: 'green', beyond: true })
})
