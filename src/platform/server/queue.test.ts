import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { addJob, giveBackJobs } from '#platform/server/queue.ts'
import { testDatabase } from '../../../test/db.ts'

const db = await testDatabase()

test('a job that a killed worker had in hand is free when the next worker starts', async () => {
  await addJob(db, 'letter.due', { id: 'in hand' })
  await addJob(db, 'letter.due', { id: 'not begun' })
  await sql`update graphile_worker._private_jobs set locked_by = 'worker-that-died', locked_at = now(), attempts = 1
    where payload ->> 'id' = 'in hand'`.execute(db)
  const locked = async () =>
    (
      await sql<{
        n: number
      }>`select count(*)::int as n from graphile_worker.jobs where locked_at is not null`.execute(db)
    ).rows[0]?.n
  expect(await locked()).toBe(1)
  await giveBackJobs(db)
  expect(await locked()).toBe(0)
})
