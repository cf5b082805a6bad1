import { Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { isUnderWay } from '#letters/delivery.ts'
import type { LetterWords } from '#letters/letter.ts'
import type { TakenOffice } from '#letters/own.ts'
import { callOffAll } from '#letters/server/writes/call-off.ts'
import { eraseLetters } from '#letters/server/writes/erase.ts'
import { openLetter } from '#letters/server/writes/open-letter.ts'
import { readConfig } from '#platform/server/config.ts'
import { inTransaction, type Db } from '#platform/server/db.ts'

type Changed = LetterWords & { token: string; revision: number }

const columnsOf = ({ title, words, name, lines, greeting, closing }: LetterWords) => ({
  title,
  words,
  sender: JSON.stringify({ name, lines, greeting, closing }),
})

/** Changes the words of a letter that are kept here; of one whose words are not kept it keeps none. Refuses a form that is older than what stands there, words that somebody else has signed, and words that are on their way to somebody. */
export async function saveWords(db: Db, _viewer: Viewer, input: Changed, _now: Date): Promise<void> {
  await inTransaction(db, async (trx) => {
    const letter = await openLetter(trx, input.token)
    if (letter.kept === null) return
    if (letter.signatures.length > 0) throw new Refusal('conflict', 'letters.signed-already')
    if (letter.revision !== input.revision) throw new Refusal('conflict', 'refusal.stale')
    if (letter.deliveries.some(({ state }) => isUnderWay(state)))
      throw new Refusal('conflict', 'letters.send.under-way')
    await trx
      .updateTable('letters')
      .set({ ...columnsOf(input), revision: letter.revision + 1 })
      .where('id', '=', letter.id)
      .execute()
  })
}

/** What a page needs to bring back what was erased: it is kept nowhere else. */
export type Taken = { words: LetterWords | null; email: string | null; offices: TakenOffice[] }

/** Erases everything personal of a letter at once, and answers what it was, for the page on which that can be undone. What waits to be sent from here is called off. Signatures do not come back. Pressing again does no harm. */
export async function eraseLetter(
  db: Db,
  _viewer: Viewer,
  input: { token: string },
  now: Date,
): Promise<Taken> {
  const { files, taken } = await inTransaction(db, async (trx) => {
    const letter = await openLetter(trx, input.token)
    const typed = letter.deliveries.filter((one) => one.ref === null && one.office !== null)
    const offices = typed.map(({ id, office, address, email }) => ({ id, office, address, email }))
    await callOffAll(trx, letter, now)
    const gone = await eraseLetters(trx, [letter.id], now)
    return { files: gone.files, taken: { words: letter.kept, email: letter.email, offices } }
  })
  await files(readConfig())
  return taken
}

type Back = {
  token: string
  words: LetterWords | null
  email: string | null
  offices: readonly TakenOffice[]
}

/** Brings back what was erased a moment ago, as the page that still holds it sends it, until the day on which it would have been erased anyway. Nothing of it leaves by a yes of before. Idempotent. */
export async function putBack(db: Db, _viewer: Viewer, input: Back, now: Date): Promise<void> {
  await inTransaction(db, async (trx) => {
    const letter = await openLetter(trx, input.token)
    if (letter.erased === null) return
    if (letter.erase === null || letter.erase <= now) throw new Refusal('conflict', 'letters.too-late')
    await trx
      .updateTable('letters')
      .set({ erased: null, email: input.email, ...(input.words && columnsOf(input.words)) })
      .where('id', '=', letter.id)
      .execute()
    for (const { id, office, address, email } of input.offices) {
      await trx
        .updateTable('deliveries')
        .set({ office, address, email: email?.toLowerCase() ?? null })
        .where('id', '=', id)
        .where('letter', '=', letter.id)
        .where('office', 'is', null)
        .execute()
    }
  })
}
