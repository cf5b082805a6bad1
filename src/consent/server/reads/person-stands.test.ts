import { expect, test } from 'vitest'
import { personStands } from '#consent/server/reads/person-stands.ts'
import { renditionFor } from '#consent/server/reads/rendition.ts'
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
  await reviewBestInterests(db, independent, { record, agrees: true }, now)
  expect(await stands()).toEqual({ light: 'green', missing: [], lacks: true })
  for (const viewer of [anybody, teacher, stage.reviewer])
    await expect(personStands(db, viewer, { organisation, person }, now)).rejects.toThrow('refusal.missing')
})

test('a decision that somebody independent does not agree with stays from the public pages, whoever agrees besides, and whoever leads sees why', async () => {
  const { person, surface, version } = await tellAndCheck(stage, now)
  const words = { person, surface, words: 'Weighed.', review: '2028-03-01' }
  await recordCapacity(db, vetted, { ...words, outcome: 'lacks' }, now)
  const decided = { circle: 5, purposes: ['celebrate' as const], modifiers: [], modes: ['face' as const] }
  const looked = { versions: [version], consulted: 1, seen: 'no-sign' as const }
  const { record } = await recordBestInterests(db, lead, { ...words, ...decided, ...looked }, now)
  for (const agrees of [false, true]) {
    await reviewBestInterests(db, independent, { record, agrees }, now)
    const [one] = await personStands(db, lead, { organisation, person }, now)
    expect(one?.missing.map(({ key }) => key)).toEqual(['consent.why.disagreed'])
    expect(one?.decision).toMatchObject({ disagreed: true, circle: 5, consulted: 1 })
    expect(await renditionFor(db, anybody, { version, width: 640, format: 'jpg' }, now)).toBeNull()
  }
})
