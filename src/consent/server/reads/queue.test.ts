import { expect, test } from 'vitest'
import { waitingForSecond } from '#consent/server/reads/queue.ts'
import { toLook } from '#consent/server/reads/looks.ts'
import { recordBestInterests, reviewBestInterests } from '#consent/server/writes/best-interests.ts'
import { recordCapacity } from '#consent/server/writes/records.ts'
import { sayWhoIsIn } from '#consent/server/writes/saying.ts'
import { withdraw } from '#consent/server/writes/withdrawing.ts'
import { anybody, type Viewer } from '#kernel/viewer.ts'
import { adult, stageFor, tellAndAgree, tellAndCheck } from '../../../../test/consent/stage.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeWeek } from '../../../../test/make.ts'

const db = await testDatabase()
await makeWeek(db)
const stage = await stageFor(db)
const now = new Date('2027-10-20T12:00:00Z')

test('what was said of a picture leaves the queue when somebody in it takes their yes back: nobody can look any more', async () => {
  const { surface, version, token, person } = await tellAndAgree(stage, now)
  const people = [adult(), adult({ who: { person } })]
  const saying = { surface, version, people, nobody: false, by: stage.by }
  const { said } = await sayWhoIsIn(db, stage.teacher, saying, now)
  const waits = async () => (await waitingForSecond(db, stage.vetted)).some((one) => one.said === said)
  expect(await waits()).toBe(true)
  await withdraw(db, anybody, { token, everywhere: false, formKey: '' }, now)
  expect(await waits()).toBe(false)
})

test('rule 18: a decision in somebody’s best interests waits for an independent look, with its picture, for everybody who neither decided nor posted it', async () => {
  const told = await tellAndCheck(stage, now)
  const { person, surface, version } = told
  const words = 'Asked with pictures.'
  const capacity = { person, surface: null, outcome: 'lacks' as const, review: '2028-04-01', words }
  await recordCapacity(db, stage.vetted, capacity, now)
  const decision = {
    person,
    surface,
    versions: [version],
    circle: 5,
    purposes: ['celebrate' as const],
    modes: ['face' as const, 'body' as const],
    modifiers: [],
    consulted: 2,
    seen: 'no-sign' as const,
    review: '2028-03-01',
    words,
  }
  const { record } = await recordBestInterests(db, stage.lead, decision, now)
  const outside = await stageFor(db)
  const waits = async (viewer: Viewer) =>
    (await waitingForSecond(db, viewer)).filter((one) => one.record === record)
  expect(await waits(stage.vetted)).toMatchObject([{ what: 'look', surface, since: now }])
  expect(await waits(stage.reviewer)).toHaveLength(1)
  expect(await toLook(db, stage.vetted, record, now)).toMatchObject({ versions: [version], label: 'S.K.' })
  expect(await toLook(db, stage.reviewer, record, now)).toMatchObject({ label: '', reasons: null })
  for (const viewer of [stage.lead, stage.teacher, outside.vetted, anybody]) {
    expect(await waits(viewer)).toEqual([])
    await expect(toLook(db, viewer, record, now)).rejects.toMatchObject({ kind: 'missing' })
  }
  await reviewBestInterests(db, stage.vetted, { record, agrees: true }, now)
  expect(await waits(stage.reviewer)).toEqual([])
  await expect(toLook(db, stage.reviewer, record, now)).rejects.toMatchObject({ kind: 'missing' })
})
