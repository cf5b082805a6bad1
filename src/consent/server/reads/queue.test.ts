import { expect, test } from 'vitest'
import { waitingForSecond } from '#consent/server/reads/queue.ts'
import { sayWhoIsIn } from '#consent/server/writes/saying.ts'
import { withdraw } from '#consent/server/writes/withdrawing.ts'
import { anybody } from '#kernel/viewer.ts'
import { adult, stageFor, tellAndAgree } from '../../../../test/consent/stage.ts'
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
