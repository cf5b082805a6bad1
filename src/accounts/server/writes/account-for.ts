import type { Db } from '#platform/server/db.ts'

/** Answers the account of an address, made with the name when it is new. */
export async function accountFor(db: Db, email: string, name = ''): Promise<string> {
  const row = await db
    .insertInto('accounts')
    .values({ email, name })
    .onConflict((conflict) => conflict.column('email').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (row) return row.id
  const there = await db
    .selectFrom('accounts')
    .select('id')
    .where('email', '=', email)
    .executeTakeFirstOrThrow()
  return there.id
}
