import { describe, expect, test } from 'vitest'
import { requirementsOf } from '#consent/conversation.ts'
import { conversationOf } from '#consent/server/reads/asking.ts'
import { renditionFor } from '#consent/server/reads/rendition.ts'
import { standingOf } from '#consent/server/reads/standing.ts'
import { requestPermission, type Asked } from '#consent/server/writes/asking.ts'
import { recordBestInterests, reviewBestInterests } from '#consent/server/writes/best-interests.ts'
import { decide } from '#consent/server/writes/deciding.ts'
import {
  recordAuthority,
  recordCapacity,
  recordCompetence,
  recordHolders,
} from '#consent/server/writes/records.ts'
import type { Route } from '#kernel/permission-words.ts'
import { anybody } from '#kernel/viewer.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeWeek } from '../../../../test/make.ts'
import { adult, asking, deciding, stageFor, tellAndCheck, type Told } from '../../../../test/consent/stage.ts'

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-20T12:00:00Z')
const hours = (count: number): Date => new Date(now.getTime() + count * 3_600_000)
const stage = await stageFor(db)
const { lead, vetted, teacher, by } = stage

const seen = async ({ version }: Told, at: Date): Promise<boolean> =>
  (await renditionFor(db, anybody, { version, width: 640, format: 'jpg' }, at)) !== null
/** What the page says is there, and what the light says is missing. */
async function told(one: Told, route: Route, at: Date) {
  const conversation = await conversationOf(db, one, at)
  const { placements } = await standingOf(db, one.surface, at)
  return {
    needs: conversation ? requirementsOf(conversation, route).map(({ there }) => there) : [],
    missing: placements[0]?.people[0]?.missing.map(({ key }) => key.replace('consent.why.', '')) ?? [],
  }
}
const ask = (one: Told, route: Route, at: Date, holder: string | null = null): Promise<Asked> =>
  requestPermission(db, teacher, { ...asking({ ...one, by, route }), version: null, holder }, at)
const orders = <Item>(items: readonly Item[]): Item[][] =>
  items.length < 2
    ? [[...items]]
    : items.flatMap((item, at) => orders(items.toSpliced(at, 1)).map((rest) => [item, ...rest]))

type Step = (one: Told, at: Date) => Promise<unknown>
const words = 'Seen and written down.'
const capacity: Step = ({ person }, at) =>
  recordCapacity(db, vetted, { person, surface: null, outcome: 'lacks', review: '2028-04-01', words }, at)
const paper: Step = ({ person }, at) =>
  recordAuthority(
    db,
    lead,
    {
      person,
      surface: null,
      welfare: true,
      registered: true,
      sighted: true,
      starts: '2027-01-01',
      ends: null,
      words,
    },
    at,
  )
const attorneySaysYes: Step = async (one, at) =>
  decide(db, anybody, { ...deciding(await ask(one, 'attorney', at)), seen: 'no-sign' }, at)
const inInterest = ({ person, surface, version }: Told, at: Date): Promise<{ record: string }> =>
  recordBestInterests(
    db,
    lead,
    {
      person,
      surface,
      versions: [version],
      circle: 5,
      purposes: ['celebrate'],
      modes: ['face', 'body'],
      modifiers: [],
      consulted: 2,
      seen: 'no-sign',
      review: '2028-03-01',
      words,
    },
    at,
  )
const competence: Step = ({ person }, at) =>
  recordCompetence(db, lead, { person, surface: null, outcome: 'competent', words }, at)
const childSaysYes: Step = async (one, at) =>
  decide(db, anybody, deciding(await ask(one, 'young-person', at)), at)
const parentSaysYes: Step = async (one, at) =>
  decide(db, anybody, deciding(await ask(one, 'young-person', at, 'mother')), at)

const namesOf = (steps: [string, Step][]): string => steps.map(([name]) => name).join(', ')

const child = { label: 'C', ageBand: '13-15' as const, nextChange: '2029-02-01' }
const young = { label: 'Y', ageBand: '16-17' as const, nextChange: '2029-02-01' }
const attorney = { capacity, paper, attorneySaysYes }
const competent = { competence, childSaysYes, parentSaysYes }

describe('a permission counts from when all it needs is there', () => {
  test.each([
    ...orders(Object.entries(attorney)).map((steps) => ['attorney', namesOf(steps), steps] as const),
    ...orders(Object.entries(competent)).map((steps) => ['young-person', namesOf(steps), steps] as const),
  ])('rule 7: %s, in the order %s', async (route, _, steps) => {
    const people = route === 'attorney' ? [adult()] : [adult({ who: child })]
    const one = await tellAndCheck(stage, now, { people })
    for (const [at, [, step]] of steps.entries()) {
      expect(await seen(one, hours(at))).toBe(false)
      await step(one, hours(at))
    }
    const { needs, missing } = await told(one, route, hours(3))
    expect([new Set(needs), missing]).toEqual([new Set([true]), []])
    expect(await seen(one, hours(3))).toBe(true)
    // What is recorded later covers nothing earlier.
    for (const before of [0, 1]) expect(await seen(one, hours(before + 0.5))).toBe(false)
  })

  test('what it needs and the light say the same at each step', async () => {
    const one = await tellAndCheck(stage, now)
    await attorneySaysYes(one, now)
    expect(await told(one, 'attorney', now)).toEqual({
      needs: [false, false, false],
      missing: ['authority', 'capacity-record'],
    })
    await paper(one, hours(1))
    expect(await told(one, 'attorney', hours(1))).toEqual({
      needs: [false, true, true],
      missing: ['capacity-record'],
    })
    const two = await tellAndCheck(stage, now, { people: [adult({ who: child })] })
    await competence(two, now)
    await childSaysYes(two, now)
    expect(await told(two, 'young-person', now)).toEqual({ needs: [true, false], missing: ['parent-too'] })
  })

  test('rule 17: an assessment for another story opens nothing, whenever it is written down', async () => {
    const [one, other] = [await tellAndCheck(stage, now), await tellAndCheck(stage, now)]
    await attorneySaysYes(one, now)
    await paper(one, now)
    const about = { person: one.person, surface: other.surface, outcome: 'lacks' as const, words }
    await recordCapacity(db, vetted, { ...about, review: '2028-04-01' }, hours(1))
    expect((await told(one, 'attorney', hours(2))).missing).toEqual(['capacity-record'])
  })

  test.each([true, false])(
    'at 16 a parent’s yes and a decision in their best interests stand together (parent first: %s)',
    async (first) => {
      const one = await tellAndCheck(stage, now, { people: [adult({ who: young })] })
      await capacity(one, now)
      const asked: Step = async (_, at) =>
        decide(db, anybody, deciding(await ask(one, 'best-interests', at, 'mother')), at)
      for (const step of first ? [asked, inInterest] : [inInterest, asked]) await step(one, hours(1))
      expect(await told(one, 'best-interests', hours(2))).toEqual({
        needs: [true, true, false, true],
        missing: ['independent'],
      })
    },
  )

  test('rule 20: at 16 and 17 everybody with parental responsibility is asked about a decision in their best interests, and one no is enough', async () => {
    for (const father of ['yes', 'no'] as const) {
      const one = await tellAndCheck(stage, now, { people: [adult({ who: young })] })
      await capacity(one, now)
      const holders = ['mother', 'father'].map((label) => ({ label, as: 'parent' as const }))
      await recordHolders(db, lead, { person: one.person, holders }, now)
      const { record } = await inInterest(one, now)
      await reviewBestInterests(db, vetted, { record, agrees: true }, now)
      const says = async (who: string, answer: 'yes' | 'no', at: Date) =>
        decide(db, anybody, deciding({ ...(await ask(one, 'best-interests', at, who)), answer }), at)
      await says('mother', 'yes', hours(1))
      expect([await seen(one, hours(1)), (await told(one, 'best-interests', hours(1))).missing]).toEqual([
        false,
        ['holders'],
      ])
      await says('father', father, hours(2))
      expect(await seen(one, hours(2))).toBe(father === 'yes')
    }
  })
})
