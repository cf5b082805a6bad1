import { expect, test } from 'vitest'
import { personStands } from '#consent/server/reads/person-stands.ts'
import { recordBestInterests, reviewBestInterests } from '#consent/server/writes/best-interests.ts'
import { recordCapacity } from '#consent/server/writes/records.ts'
import { anybody } from '#kernel/viewer.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeWeek } from '../../../../test/make.ts'
import { makeMember } from '../../../../test/organisations.ts'
import { stageFor, tellAndCheck } from '../../../../test/consent/stage.ts'

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-20T12:00:00Z')
const stage = await stageFor(db)
const { lead, vetted, teacher, school: organisation } = stage
const independent = await makeMember(db, organisation, { name: 'looks', vetted: true })

test('whoever keeps the records sees what is missing until a decision by somebody else is whole, and nobody else does', async () => {
  const { person, surface, version } = await tellAndCheck(stage, now)
  const stands = async () => {
    const [one] = await personStands(db, lead, { organisation, person }, now)
    return one && { light: one.light, missing: one.missing.map(({ key }) => key), lacks: one.lacks }
  }
  expect(await stands()).toEqual({ light: 'amber', missing: ['consent.why.not-asked'], lacks: false })
  const words = { person, surface, words: 'Weighed.', review: '2028-03-01' }
  await recordCapacity(db, vetted, { ...words, outcome: 'lacks' }, now)
  const decided = { circle: 5, purposes: ['celebrate' as const], modifiers: [], modes: ['face' as const] }
  const looked = { versions: [version], consulted: 1, seen: 'no-sign' as const }
  const { record } = await recordBestInterests(db, lead, { ...words, ...decided, ...looked }, now)
  expect(await stands()).toEqual({ light: 'amber', missing: ['consent.why.independent'], lacks: true })
  await reviewBestInterests(db, independent, { record }, now)
  expect(await stands()).toEqual({ light: 'green', missing: [], lacks: true })
  for (const viewer of [anybody, teacher, stage.reviewer])
    await expect(personStands(db, viewer, { organisation, person }, now)).rejects.toThrow('refusal.missing')
})
