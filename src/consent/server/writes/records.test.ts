import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { evidenceReads, readEvidence } from '#consent/server/evidence.ts'
import { renditionFor } from '#consent/server/reads/rendition.ts'
import { requestPermission } from '#consent/server/writes/asking.ts'
import { decide } from '#consent/server/writes/deciding.ts'
import { noteDeath } from '#consent/server/writes/people.ts'
import { standingOf } from '#consent/server/reads/standing.ts'
import { recordBestInterests, reviewBestInterests } from '#consent/server/writes/best-interests.ts'
import {
  endRecord,
  recordAuthority,
  recordCapacity,
  recordCompetence,
  recordHolders,
} from '#consent/server/writes/records.ts'
import type { Mode, Route } from '#kernel/permission-words.ts'
import { anybody, type Viewer } from '#kernel/viewer.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeMember } from '../../../../test/organisations.ts'
import { makeWeek } from '../../../../test/make.ts'
import { adult, asking, deciding, stageFor, tellAndCheck, type Told } from '../../../../test/consent/stage.ts'
import { refused } from '../../../../test/refused.ts'

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-20T12:00:00Z')
const later = (days: number): Date => new Date(now.getTime() + days * 86_400_000)
const stage = await stageFor(db)
const { lead, vetted, teacher, by } = stage
const independent = await makeMember(db, stage.school, { name: 'independent', vetted: true })

const seen = async (told: { version: string }, at: Date): Promise<boolean> =>
  (await renditionFor(db, anybody, { version: told.version, width: 640, format: 'jpg' }, at)) !== null
const no = async (press: Promise<unknown>): Promise<string> => (await refused(press)).key
const lacks = (person: string, surface: string | null = null) => ({
  person,
  surface,
  outcome: 'lacks' as const,
  review: '2028-04-01',
  words: 'We used pictures and his own phone. He could not weigh it.',
})
const weighed = (told: Told) => ({
  person: told.person,
  surface: told.surface,
  versions: [told.version],
  circle: 5,
  purposes: ['celebrate' as const],
  modes: ['face', 'body'] satisfies Mode[] as Mode[],
  modifiers: [],
  consulted: 2,
  seen: 'no-sign' as const,
  review: '2028-03-01',
  words: 'His sister and his key worker think he would be proud.',
})
const ask = (told: Told, route: Route, holder: string | null = null) =>
  requestPermission(db, teacher, { ...asking({ ...told, by, route }), holder }, now)

describe('a decision in somebody’s best interests', () => {
  test('needs the capacity record, another than the poster, and an independent look to be public', async () => {
    const told = await tellAndCheck(stage, now)
    expect(await no(recordBestInterests(db, lead, weighed(told), now))).toBe('consent.refusal.capacity')
    await recordCapacity(db, vetted, lacks(told.person), now)
    expect(await no(recordBestInterests(db, teacher, weighed(told), now))).toBe('refusal.missing')
    const alone = { ...weighed(told), consulted: 0 }
    expect(await no(recordBestInterests(db, lead, alone, now))).toBe('consent.refusal.consulted')
    const { record } = await recordBestInterests(db, lead, weighed(told), now)
    expect(await seen(told, now)).toBe(false)
    expect(await no(reviewBestInterests(db, lead, { record, agrees: true }, now))).toBe(
      'consent.refusal.reviewer',
    )
    await reviewBestInterests(db, independent, { record, agrees: true }, now)
    expect(await seen(told, now)).toBe(true)
    expect(await seen(told, new Date('2028-03-01T00:00:00Z'))).toBe(false)
  })

  test('rule 18: whoever posts does not decide', async () => {
    const told = await tellAndCheck({ ...stage, by: lead.account ?? '' }, now)
    await recordCapacity(db, vetted, lacks(told.person), now)
    expect(await no(recordBestInterests(db, lead, weighed(told), now))).toBe('consent.refusal.poster-decides')
  })

  test('a no is kept and permits nothing', async () => {
    const told = await tellAndCheck(stage, now)
    await recordCapacity(db, vetted, lacks(told.person), now)
    const { permission } = await recordBestInterests(db, lead, { ...weighed(told), circle: null }, now)
    expect([permission, await seen(told, now)]).toEqual([null, false])
  })

  test('rule 17: an assessment for one story is none for another', async () => {
    const [one, two] = [await tellAndCheck(stage, now), await tellAndCheck(stage, now)]
    await recordCapacity(db, vetted, lacks(one.person, two.surface), now)
    expect(await no(recordBestInterests(db, lead, weighed(one), now))).toBe('consent.refusal.capacity')
  })

  test('is not taken on an assessment that is due again', async () => {
    const told = await tellAndCheck(stage, now)
    await recordCapacity(db, vetted, { ...lacks(told.person), review: '2027-11-01' }, now)
    expect(await no(recordBestInterests(db, lead, weighed(told), later(12)))).toBe('consent.refusal.capacity')
    expect(await recordBestInterests(db, lead, weighed(told), later(11))).toHaveProperty('record')
  })

  test('is looked at again on a day ahead, and is about something that is there', async () => {
    const told = await tellAndCheck(stage, now)
    const today = '2027-10-20'
    const past = { ...lacks(told.person), review: today }
    expect(await no(recordCapacity(db, vetted, past, now))).toBe('consent.refusal.day-ahead')
    await recordCapacity(db, vetted, lacks(told.person), now)
    const over = (more: object) => no(recordBestInterests(db, lead, { ...weighed(told), ...more }, now))
    expect(await over({ review: today })).toBe('consent.refusal.day-ahead')
    expect(await over({ versions: [] })).toBe('consent.refusal.nothing-there')
  })

  test('pressed twice is written down once', async () => {
    const told = await tellAndCheck(stage, now)
    const formKey = randomUUID()
    const press = () => recordCapacity(db, vetted, { ...lacks(told.person), formKey }, now)
    const [one, two] = await Promise.all([press(), press()])
    expect(one).toEqual(two)
    const rows = await db.selectFrom('records').select('id').where('person', '=', told.person).execute()
    expect(rows).toEqual([{ id: one.record }])
  })

  test('is no way for somebody under 16', async () => {
    const who = { label: 'C', ageBand: '13-15' as const, nextChange: '2028-12-01' }
    const told = await tellAndCheck(stage, now, { people: [adult({ who })] })
    expect(await no(recordBestInterests(db, lead, weighed(told), now))).toBe('consent.refusal.record-age')
  })

  test('rule 21: that they can decide again ends it in the same transaction', async () => {
    const told = await tellAndCheck(stage, now)
    await recordCapacity(db, vetted, lacks(told.person), now)
    const { record } = await recordBestInterests(db, lead, weighed(told), now)
    await reviewBestInterests(db, independent, { record, agrees: true }, now)
    expect(await seen(told, later(1))).toBe(true)
    await recordCapacity(db, vetted, { ...lacks(told.person), outcome: 'has' }, later(1))
    expect(await seen(told, later(1))).toBe(false)
    const own = await ask(told, 'own')
    await decide(db, anybody, deciding(own), later(1))
    // They say yes themselves; what was hidden comes back by a second person.
    expect(await seen(told, later(1))).toBe(false)
  })
})

describe('an attorney', () => {
  const paper = (person: string) => ({
    person,
    surface: null,
    welfare: true,
    registered: true,
    sighted: true,
    starts: '2027-01-01',
    ends: null,
    words: 'Registered, health and welfare.',
  })

  test('decides while the paper holds; it ends with the paper, at that moment', async () => {
    const told = await tellAndCheck(stage, now)
    await recordCapacity(db, vetted, lacks(told.person), now)
    const { record } = await recordAuthority(db, lead, paper(told.person), now)
    const asked = await ask(told, 'attorney')
    await decide(db, anybody, { ...deciding(asked), seen: 'no-sign' }, now)
    expect(await seen(told, now)).toBe(true)
    await endRecord(db, lead, { record }, later(2))
    expect([await seen(told, later(2)), await seen(told, later(1))]).toEqual([false, false])
  })

  test.each<[string, object, Date?]>([
    ['is about property', { welfare: false }],
    ['is not registered', { registered: false }],
    ['was not seen by anybody', { sighted: false }],
    ['has not begun', { starts: '2027-12-01' }],
    ['has ended', { ends: '2027-10-21' }, later(1)],
  ])('decides nothing when the paper %s', async (_what, over, at = now) => {
    const told = await tellAndCheck(stage, now)
    await recordCapacity(db, vetted, lacks(told.person), now)
    await recordAuthority(db, lead, { ...paper(told.person), ...over }, now)
    await decide(db, anybody, { ...deciding(await ask(told, 'attorney')), seen: 'no-sign' }, now)
    expect(await seen(told, at)).toBe(false)
  })

  test('has a paper that ends after it begins, on a day ahead', async () => {
    const told = await tellAndCheck(stage, now)
    const over = (more: object) => no(recordAuthority(db, lead, { ...paper(told.person), ...more }, now))
    expect(await over({ ends: '2027-10-20' })).toBe('consent.refusal.day-ahead')
    const turned = { starts: '2027-12-02', ends: '2027-12-01' }
    expect(await over(turned)).toBe('consent.refusal.ends-first')
  })

  test('rule 16: decides nothing for an adult whom nobody assessed', async () => {
    const told = await tellAndCheck(stage, now)
    await recordAuthority(db, lead, paper(told.person), now)
    await decide(db, anybody, { ...deciding(await ask(told, 'attorney')), seen: 'no-sign' }, now)
    expect(await seen(told, now)).toBe(false)
  })
})

describe('a child', () => {
  /** Whoever keeps the records says that these are all. */
  const onlyMother = (person: string) =>
    recordHolders(db, lead, { person, holders: [{ label: 'mother', as: 'parent' }] }, now)

  const child = adult({ who: { label: 'C', ageBand: '13-15', nextChange: '2028-02-01' } })

  test('one more who holds parental responsibility has to be asked before anything is seen again', async () => {
    const told = await tellAndCheck(stage, now, { people: [child] })
    await decide(db, anybody, deciding(await ask(told, 'parents', 'mother')), now)
    expect(await seen(told, now)).toBe(false)
    await onlyMother(told.person)
    expect(await seen(told, now)).toBe(true)
    const holders = [
      { label: 'Mother', as: 'parent' as const },
      { label: 'council', as: 'council' as const },
    ]
    await recordHolders(db, lead, { person: told.person, holders }, later(1))
    expect(await seen(told, later(1))).toBe(false)
    const council = await ask(told, 'parents', 'council')
    await decide(db, anybody, deciding(council), later(2))
    expect((await standingOf(db, told.surface, later(2))).placements[0]?.people[0]?.missing).toEqual([
      { key: 'consent.why.sighted', params: {} },
    ])
  })

  test('rule 21: what a parent said ends with the first moment of the month of 16', async () => {
    const told = await tellAndCheck(stage, now, { people: [child] })
    await onlyMother(told.person)
    await decide(db, anybody, deciding(await ask(told, 'parents', 'mother')), now)
    expect(await seen(told, new Date('2028-01-31T23:59:59.999Z'))).toBe(true)
    expect(await seen(told, new Date('2028-02-01T00:00:00Z'))).toBe(false)
  })

  test('who understands decides, and a parent has to agree as well', async () => {
    const told = await tellAndCheck(stage, now, { people: [child] })
    const own = await ask(told, 'young-person')
    await decide(db, anybody, deciding(own), now)
    expect(await seen(told, now)).toBe(false)
    const competent = {
      person: told.person,
      surface: null,
      outcome: 'competent' as const,
      words: 'Said it back.',
    }
    await recordCompetence(db, lead, competent, now)
    expect(await seen(told, now)).toBe(false)
    const { token } = await ask(told, 'young-person', 'mother')
    const asked = { token, permission: own.permission }
    await decide(db, anybody, deciding(asked), now)
    expect(await seen(told, now)).toBe(true)
  })
})

test('of somebody who has died nothing is shown, and nothing new', async () => {
  const told = await tellAndCheck(stage, now)
  await decide(db, anybody, deciding(await ask(told, 'own')), now)
  expect(await seen(told, now)).toBe(true)
  await noteDeath(db, lead, { person: told.person }, later(1))
  expect(await seen(told, later(1))).toBe(false)
})

describe('rule 33', () => {
  test('words of records lie sealed, are read only by whoever records there, and every read is written down', async () => {
    const told = await tellAndCheck(stage, now)
    await recordCapacity(db, vetted, lacks(told.person), now)
    const { id: evidence, sealed } = await db
      .selectFrom('evidence')
      .select(['id', 'sealed'])
      .where('person', '=', told.person)
      .executeTakeFirstOrThrow()
    expect(sealed.toString('utf8')).not.toContain('phone')
    for (const viewer of [anybody, teacher, stage.reviewer] satisfies Viewer[]) {
      expect(await no(readEvidence(db, viewer, { evidence, why: 'curious' }, now))).toBe('refusal.missing')
    }
    expect(await evidenceReads(db, lead, evidence)).toEqual([])
    const read = await readEvidence(db, lead, { evidence, why: 'review' }, later(1))
    expect(read).toMatchObject({ what: 'capacity', words: lacks('').words })
    expect(await evidenceReads(db, lead, evidence)).toEqual([
      { account: lead.account, why: 'review', at: later(1) },
    ])
  })

  test('a sealed entry that was moved to another or changed is not opened', async () => {
    const [one, two] = [await tellAndCheck(stage, now), await tellAndCheck(stage, now)]
    await recordCapacity(db, vetted, lacks(one.person), now)
    await recordCapacity(db, vetted, lacks(two.person), now)
    const of = (person: string) =>
      db
        .selectFrom('evidence')
        .select(['id', 'sealed'])
        .where('person', '=', person)
        .executeTakeFirstOrThrow()
    const [first, second] = [await of(one.person), await of(two.person)]
    await db.updateTable('evidence').set({ sealed: second.sealed }).where('id', '=', first.id).execute()
    await expect(readEvidence(db, lead, { evidence: first.id, why: 'review' }, now)).rejects.toThrow(Error)
    expect(await evidenceReads(db, lead, first.id)).toEqual([])
  })
})
