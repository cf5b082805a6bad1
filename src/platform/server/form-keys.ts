import type { Trx } from '#platform/server/db.ts'

/** Does the work once per form: a second press with the same key waits for the first and is given its answer. Without a key it simply does the work. */
export async function onceOnly<Result>(
  trx: Trx,
  scope: string,
  key: string,
  work: () => Promise<Result>,
): Promise<Result> {
  if (key === '') return work()
  const mine = await trx
    .insertInto('formKeys')
    .values({ scope, key })
    .onConflict((conflict) => conflict.doNothing())
    .returning('key')
    .executeTakeFirst()
  if (!mine) {
    const first = await trx
      .selectFrom('formKeys')
      .select('result')
      .where('scope', '=', scope)
      .where('key', '=', key)
      .executeTakeFirstOrThrow()
    return first.result as Result
  }
  const result = await work()
  await trx
    .updateTable('formKeys')
    .set({ result: JSON.stringify(result ?? null) })
    .where('scope', '=', scope)
    .where('key', '=', key)
    .execute()
  return result
}
