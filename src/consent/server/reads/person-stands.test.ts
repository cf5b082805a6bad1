import { expect, test } from 'vitest'
import { holderSaid } from '#consent/conversation.ts'
import { conversationOf } from '#consent/server/reads/asking.ts'
import { personStands } from '#consent/server/reads/person-stands.ts'
import { renditionFor } from '#consent/server/reads/rendition.ts'
import { standingOf } from '#consent/server/reads/standing.ts'
import { requestPermission } from '#consent/server/writes/asking.ts'
import { recordBestInterests, reviewBestInterests } from '#consent/server/writes/best-interests.ts'
import { decide } from '#consent/server/writes/deciding.ts'
import { recordCapacity, recordCompetence, recordHolders } from '#consent/server/writes/records.ts'
import type { Route } from '#kernel/permission-words.ts'
import { anybody } from '#kernel/viewer.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeWeek } from '../../../../test/make.ts'
import { makeMember } from '../../../../test/organisations.ts'
import { adult, asking, deciding, stageFor, tellAndCheck } from '../../../../test/consent/stage.ts'

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

const missingOf = async (surface: string, person: string) => {
  const [part] = (await standingOf(db, surface, now)).placements
  const one = part?.people.find((of) => of.person === person)
  return { missing: one?.missing.map(({ key }) => key.replace('consent.why.', '')), route: one?.route }
}
/** Asks somebody, or one of several, and they say yes. */
async function agree(on: { person: string; surface: string }, route: Route, holder: string | null = null) {
  const link = await requestPermission(
    db,
    teacher,
    { ...asking({ ...on, by: stage.by, route }), holder },
    now,
  )
  await decide(db, anybody, { ...deciding(link), seen: holder === null ? null : 'yes' }, now)
}

test('what is decided for somebody of 16 or 17 in their best interests lacks those who hold parental responsibility, and says no more of their own yes', async () => {
  const who = { label: 'Y.T.', ageBand: '16-17' as const, nextChange: '2029-01-01' }
  const { person, surface, version } = await tellAndCheck(stage, now, { people: [adult({ who })] })
  await db.updateTable('peopleShown').set({ organisation }).where('id', '=', person).execute()
  await agree({ person, surface }, 'young-person')
  const words = { person, surface, words: 'Weighed.', review: '2028-03-01' }
  await recordCapacity(db, vetted, { ...words, outcome: 'lacks' }, now)
  expect(await missingOf(surface, person)).toMatchObject({ missing: ['capacity-lost'] })
  const decided = { circle: 5, purposes: ['celebrate' as const], modifiers: [], modes: ['face' as const] }
  const looked = { versions: [version], consulted: 1, seen: 'no-sign' as const }
  const { record } = await recordBestInterests(db, lead, { ...words, ...decided, ...looked }, now)
  await reviewBestInterests(db, independent, { record, agrees: true }, now)
  expect(await missingOf(surface, person)).toEqual({ missing: ['holders'], route: 'best-interests' })
  await agree({ person, surface }, 'best-interests', 'mother')
  expect(await missingOf(surface, person)).toMatchObject({ missing: [] })
})

test('once a child who understands it has said yes, what is missing is a parent who agrees, also where that parent decided before', async () => {
  const who = { label: 'A.B.', ageBand: '13-15' as const, nextChange: '2029-01-01' }
  const { person, surface } = await tellAndCheck(stage, now, { people: [adult({ who })] })
  await recordHolders(db, lead, { person, holders: [{ label: 'mother', as: 'parent' }] }, now)
  await agree({ person, surface }, 'parents', 'mother')
  const understands = { person, surface, outcome: 'competent' as const, words: 'She explained it.' }
  await recordCompetence(db, lead, understands, now)
  expect(await missingOf(surface, person)).toMatchObject({ missing: ['competent'] })
  await agree({ person, surface }, 'young-person')
  expect(await missingOf(surface, person)).toEqual({ missing: ['parent-too'], route: 'young-person' })
  const mother = (await conversationOf(db, { surface, person }, now))?.holders[0]
  if (!mother) throw new Error('nobody is known')
  expect([holderSaid(mother, 'parents'), holderSaid(mother, 'young-person')]).toEqual(['yes', null])
})

test('whoever said no and is asked again is still told of as somebody who said no, until they answer', async () => {
  const { person, surface } = await tellAndCheck(stage, now)
  const link = await requestPermission(db, teacher, asking({ person, surface, by: stage.by }), now)
  await decide(db, anybody, deciding({ ...link, answer: 'no' }), now)
  expect(await missingOf(surface, person)).toMatchObject({ missing: ['declined'] })
  const again = await requestPermission(db, teacher, asking({ person, surface, by: stage.by }), now)
  expect(await missingOf(surface, person)).toMatchObject({ missing: ['objection', 'no-answer'] })
  await decide(db, anybody, deciding(again), now)
  expect(await missingOf(surface, person)).toMatchObject({ missing: [] })
})
