import { expect, test } from 'vitest'
import { conversationOf } from '#consent/server/reads/asking.ts'
import { decidedHere } from '#consent/server/reads/sighting.ts'
import { recordBestInterests } from '#consent/server/writes/best-interests.ts'
import { recordAuthority, recordCapacity } from '#consent/server/writes/records.ts'
import { adult, stageFor, tellAndAgree, tellAndCheck } from '../../../../test/consent/stage.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeWeek } from '../../../../test/make.ts'
import { makeMember, makeSupported } from '../../../../test/organisations.ts'

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-20T12:00:00Z')
const stage = await stageFor(db)
const { lead, vetted, reviewer } = stage
const other = await makeMember(db, stage.school, { name: 'other', vetted: true })

test('whoever checks reads that a lead decided and a practitioner found it, where nobody had a link', async () => {
  const { person, surface, version } = await tellAndCheck(stage, now)
  const found = { outcome: 'lacks' as const, review: '2028-04-01', words: 'We used pictures.' }
  await recordCapacity(db, vetted, { person, surface, ...found }, now)
  const weighed = {
    person,
    surface,
    versions: [version],
    circle: 5,
    purposes: ['celebrate' as const],
    modes: ['face' as const],
    modifiers: [],
    consulted: 2,
    seen: 'no-sign' as const,
    review: '2028-03-01',
    words: 'He would be proud.',
  }
  await recordBestInterests(db, lead, weighed, now)
  for (const viewer of [other, reviewer]) {
    const [decided] = await decidedHere(db, viewer, surface, now)
    expect(decided?.by).toBe('lead')
    expect(decided?.records.map((one) => [one.facts.type, one.by, one.decided])).toEqual([
      ['capacity', 'vetted', false],
      ['best-interests', 'lead', true],
    ])
  }
})

test('and that it came by a link, where somebody answered one', async () => {
  const { surface } = await tellAndAgree(stage, now)
  expect((await decidedHere(db, other, surface, now)).map(({ by }) => by)).toEqual(['link'])
})

test('whoever checks what a paper form of an attorney allows reads what is not written down yet, also where it is written for one story and the form is for all', async () => {
  const supported = await makeSupported(db, stage.school, { label: 'J.D.', ageBand: 'adult' })
  const form = {
    dated: '2027-09-01',
    circle: 6 as const,
    purposes: ['celebrate' as const],
    modes: ['face' as const],
  }
  const named = { namesThisSite: true, namesSocialMedia: true, title: 'Pictures', says: 'They may be shown.' }
  const { id } = await db
    .insertInto('paperForms')
    .values({ organisation: stage.school, ...form, ...named })
    .returning('id')
    .executeTakeFirstOrThrow()
  const yes = { answer: 'yes' as const, route: 'attorney' as const, byWhom: 'attorney' as const }
  const entered = { signed: '2027-09-02', enteredBy: lead.account, entered: now }
  await db
    .insertInto('paperAnswers')
    .values({ supported, form: id, ...yes, ...entered })
    .execute()
  const people = [adult({ who: { supported } })]
  const { person, surface } = await tellAndCheck(stage, now, { people })
  const lacking = async () => (await decidedHere(db, other, surface, now)).map((one) => one.lacking)
  expect(await lacking()).toEqual([['authority', 'capacity-record']])
  expect((await conversationOf(db, { surface, person }, now))?.forAll).toBe(true)
  const paper = { sighted: true, welfare: true, registered: true, starts: '2027-01-01', ends: null }
  const lacks = { outcome: 'lacks' as const, review: '2028-09-01' }
  for (const [about, left] of [
    [surface, ['authority-narrow', 'capacity-narrow']],
    [null, []],
  ] as const) {
    const written = { person, surface: about, words: 'Seen.' }
    await recordAuthority(db, vetted, { ...written, ...paper }, now)
    await recordCapacity(db, vetted, { ...written, ...lacks }, now)
    expect(await lacking()).toEqual([left])
  }
})
