import { missing } from '#kernel/refusal.ts'
import { letterBy, type OwnLetter } from '#letters/server/reads/own.ts'
import type { Trx } from '#platform/server/db.ts'
import { hashToken } from '#platform/server/tokens.ts'

/** Answers a letter by the word of its own page, locked before it is read: a yes by e-mail at the same moment is before this, or after. Throws "missing" when there is none. */
export async function openLetter(trx: Trx, token: string): Promise<OwnLetter> {
  await trx.selectFrom('letters').select('id').where('token', '=', hashToken(token)).forUpdate().execute()
  const letter = await letterBy(trx, token)
  if (!letter) throw missing()
  return letter
}
