import { day } from '#kernel/limits.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { keptDays, mostOffices } from '#letters/letter.ts'
import { chosenBy } from '#letters/server/reads/choice.ts'
import { refsFound, type OfficeSearch } from '#letters/server/reads/search-offices.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { countOrRefuse } from '#platform/server/rates.ts'
import { hashToken, newToken } from '#platform/server/tokens.ts'

type Which = {
  choice: string | null
  offices: readonly string[]
  /** Everything that this finds, too. */
  all?: OfficeSearch | undefined
}

/** Chooses offices, one by one or all that a search finds, after those chosen before; answers the word of the choice, which is kept for 28 days from the last change. A word that nobody knows any more begins a new one. Refuses more than a thousand, and changes nothing then. Idempotent but for the word. */
export const chooseOffices = (
  db: Db,
  _viewer: Viewer,
  input: Which & { from?: string },
  now: Date,
): Promise<{ choice: string }> =>
  inTransaction(db, async (trx) => {
    const before = await lockChoice(trx, input.choice, now)
    const found = input.all ? await refsFound(trx, input.all, mostOffices + 1, now) : { refs: [], count: 0 }
    if (found.count > mostOffices)
      throw new Refusal('invalid', 'letters.who.too-many', { count: found.count, most: mostOffices }, 'q')
    const refs = [...new Set([...(before?.offices ?? []), ...input.offices, ...found.refs])]
    if (refs.length === 0) throw new Refusal('invalid', 'letters.who.tick', {}, 'office')
    if (refs.length > mostOffices) {
      const params = { count: refs.length, most: mostOffices }
      throw new Refusal('invalid', 'letters.who.too-many', params, input.all ? 'q' : 'office')
    }
    if (before) {
      await keep(trx, before.word, refs, now)
      return { choice: before.word }
    }
    if (input.from !== undefined) {
      await countOrRefuse(trx, { name: 'office-choice', of: input.from, most: 60, minutes: 60 }, now)
    }
    const { token, hash } = newToken()
    await trx
      .insertInto('officeChoices')
      .values({ token: hash, offices: refs, until: untilOf(now) })
      .execute()
    return { choice: token }
  })

/** Takes offices out of a choice: those named, all that a search finds, those without an address, or every one. Idempotent; a choice that is not there stays so. */
export const leaveOut = (
  db: Db,
  _viewer: Viewer,
  input: Which & { sort?: 'no-address' | 'every' | undefined },
  now: Date,
): Promise<{ choice: string | null }> =>
  inTransaction(db, async (trx) => {
    const before = await lockChoice(trx, input.choice, now)
    if (!before) return { choice: null }
    const found = input.all ? (await refsFound(trx, input.all, 100_000, now)).refs : []
    const bare = input.sort === 'no-address' ? await withoutAddress(trx, before.word, now) : []
    const out = new Set([...input.offices, ...found, ...bare])
    const refs = input.sort === 'every' ? [] : before.offices.filter((one) => !out.has(one))
    await keep(trx, before.word, refs, now)
    return { choice: before.word }
  })

const withoutAddress = async (trx: Trx, word: string, now: Date): Promise<string[]> =>
  ((await chosenBy(trx, word, now))?.offices ?? []).flatMap((one) => (one.address === null ? [one.ref] : []))

const untilOf = (now: Date): Date => new Date(now.getTime() + keptDays * day)

async function lockChoice(trx: Trx, word: string | null, now: Date) {
  if (word === null) return null
  const row = await trx
    .selectFrom('officeChoices')
    .select('offices')
    .where('token', '=', hashToken(word))
    .where('until', '>', now)
    .forUpdate()
    .executeTakeFirst()
  return row ? { word, offices: row.offices } : null
}

const keep = (trx: Trx, word: string, offices: readonly string[], now: Date) =>
  trx
    .updateTable('officeChoices')
    .set({ offices: [...offices], until: untilOf(now) })
    .where('token', '=', hashToken(word))
    .execute()

/** Forgets choices that nobody has touched for 28 days; answers how many. */
export async function forgetChoices(db: Db, now: Date): Promise<number> {
  const { numDeletedRows } = await db.deleteFrom('officeChoices').where('until', '<=', now).executeTakeFirst()
  return Number(numDeletedRows)
}
