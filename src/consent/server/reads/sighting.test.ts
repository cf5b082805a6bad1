import { expect, test } from 'vitest'
import { decidedHere } from '#consent/server/reads/sighting.ts'
import { recordBestInterests } from '#consent/server/writes/best-interests.ts'
import { recordCapacity } from '#consent/server/writes/records.ts'
import { stageFor, tellAndAgree, tellAndCheck } from '../../../../test/consent/stage.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeWeek } from '../../../../test/make.ts'
import { makeMember } from '../../../../test/organisations.ts'

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
