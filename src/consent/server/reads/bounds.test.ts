import { expect, test } from 'vitest'
import { nextMoment } from '#consent/server/reads/standing.ts'
import { takeDown } from '#consent/server/writes/taking-down.ts'
import { anybody } from '#kernel/viewer.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeWeek } from '../../../../test/make.ts'
import { stageFor, tellAndAgree } from '../../../../test/consent/stage.ts'

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-20T12:00:00Z')
const soon = (seconds: number): Date => new Date(now.getTime() + seconds * 1000)
const minute = soon(60)
const stage = await stageFor(db)

test('what is kept of a page ends when something begins to be seen, and again when its permission ends', async () => {
  expect(await nextMoment(db, now, minute)).toBeNull()
  const { surface, permission } = await tellAndAgree(stage, now, { notBefore: soon(20) })
  expect(await nextMoment(db, now, minute)).toEqual(soon(20))
  expect(await nextMoment(db, soon(20), minute)).toBeNull()
  const { ends } = await db
    .selectFrom('permissions')
    .select('ends')
    .where('id', '=', permission)
    .executeTakeFirstOrThrow()
  const before = new Date(ends.getTime() - 30_000)
  expect(await nextMoment(db, before, new Date(before.getTime() + 60_000))).toEqual(ends)
  await takeDown(db, anybody, { surface, own: false }, soon(1))
  expect(await nextMoment(db, soon(1), minute)).toBeNull()
  expect(await nextMoment(db, before, new Date(before.getTime() + 60_000))).toBeNull()
})

test('rule 6: of two moments the sooner counts, and one that is over does not', async () => {
  await tellAndAgree(stage, now, { notBefore: soon(40) })
  await tellAndAgree(stage, now, { notBefore: soon(10) })
  expect(await nextMoment(db, now, minute)).toEqual(soon(10))
  expect(await nextMoment(db, soon(10), minute)).toEqual(soon(40))
  expect(await nextMoment(db, soon(40), minute)).toBeNull()
  expect(await nextMoment(db, now, soon(10))).toBeNull()
})
