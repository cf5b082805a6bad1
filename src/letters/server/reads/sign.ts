import { mostSignatures } from '#letters/own.ts'
import { signaturesOf, type KeptWords } from '#letters/server/reads/own.ts'
import type { Db } from '#platform/server/db.ts'
import { hashToken } from '#platform/server/tokens.ts'

/** A joint letter as those see it who are asked to sign. */
export type LetterToSign = KeptWords & {
  id: string
  language: string
  offices: string[]
  signatures: string[]
  /** It has left or been confirmed to leave, or so many have signed that no more fit. */
  closed: boolean
}

/** Answers whether the writer of a letter has said yes to sending it from here to anybody. */
export async function saidYes(db: Db, letter: string): Promise<boolean> {
  const row = await db
    .selectFrom('deliveries')
    .select('id')
    .where('letter', '=', letter)
    .where('confirmedSays', 'is not', null)
    .executeTakeFirst()
  return row !== undefined
}

/** Answers a joint letter by the word in the address that its writer hands on; null when there is none, or its words are gone. */
export async function letterToSign(db: Db, word: string): Promise<LetterToSign | null> {
  const row = await db
    .selectFrom('letters')
    .select(['id', 'title', 'words', 'sender', 'writtenIn', 'released'])
    .where('signing', '=', hashToken(word))
    .where('erased', 'is', null)
    .executeTakeFirst()
  const sender = (row?.sender ?? null) as Omit<KeptWords, 'title' | 'words'> | null
  if (!row || row.title === null || row.words === null || sender === null) return null
  const [{ signatures, unsure }, confirmed, deliveries] = await Promise.all([
    signaturesOf(db, row.id),
    saidYes(db, row.id),
    db
      .selectFrom('deliveries')
      .select('office')
      .where('letter', '=', row.id)
      .orderBy('created')
      .orderBy('code')
      .limit(50)
      .execute(),
  ])
  return {
    ...sender,
    id: row.id,
    title: row.title,
    words: row.words,
    language: row.writtenIn,
    offices: deliveries.flatMap((one) => one.office ?? []),
    signatures,
    closed: row.released !== null || confirmed || signatures.length + unsure >= mostSignatures,
  }
}

/** Answers one signature by its own mailed word; null when it was taken back, or never was. */
export async function signatureBy(
  db: Db,
  input: { word: string; mine: string },
): Promise<{ shown: string; confirmed: boolean; tell: boolean } | null> {
  const row = await db
    .selectFrom('signatures')
    .innerJoin('letters', 'letters.id', 'signatures.letter')
    .select(['signatures.shown', 'signatures.confirmed', 'signatures.tell'])
    .where('signatures.token', '=', hashToken(input.mine))
    .where('letters.signing', '=', hashToken(input.word))
    .executeTakeFirst()
  return row ? { ...row, confirmed: row.confirmed !== null } : null
}
