import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { placeInOrder } from '#media/server/writes/place-in-order.ts'
import { testDatabase } from '../../../../test/db.ts'

const db = await testDatabase()

/** Begins an upload at a minute of an hour. */
const begin = async (surface: string, minute: number): Promise<string> => {
  const created = `2027-10-19T10:${String(minute).padStart(2, '0')}:00Z`
  const row = await db
    .insertInto('uploads')
    .values({ surface, bytes: 10, created })
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}
const arrive = (surface: string, upload: string): Promise<void> =>
  db.transaction().execute(async (trx) => {
    const position = await placeInOrder(trx, surface, upload)
    await trx.insertInto('versions').values({ surface, upload, position }).execute()
  })
const order = async (surface: string): Promise<string[]> => {
  const rows = await db
    .selectFrom('versions')
    .select('upload')
    .where('surface', '=', surface)
    .orderBy('position')
    .execute()
  return rows.map((row) => row.upload)
}

test('pictures stand in the order in which they were begun, whichever came whole first', async () => {
  const surface = randomUUID()
  const [first, second, third] = await Promise.all([1, 2, 3].map((minute) => begin(surface, minute)))
  for (const upload of [third, first, second]) await arrive(surface, upload ?? '')
  expect(await order(surface)).toEqual([first, second, third])
})

test('one that is sent another day stands behind those that are there, in the order somebody gave them', async () => {
  const surface = randomUUID()
  const [first, second] = await Promise.all([1, 2].map((minute) => begin(surface, minute)))
  await arrive(surface, first ?? '')
  await arrive(surface, second ?? '')
  await db
    .updateTable('versions')
    .set({ position: 5 })
    .where('upload', '=', first ?? '')
    .execute()
  const late = await begin(surface, 30)
  await arrive(surface, late)
  expect(await order(surface)).toEqual([second, first, late])
})
