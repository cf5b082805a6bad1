import type { Channel, DeliveryState, Evidence } from '#letters/delivery.ts'
import type { Envelope } from '#letters/envelope.ts'
import type { Writer } from '#letters/letter.ts'
import type { Db } from '#platform/server/db.ts'
import { hashToken } from '#platform/server/tokens.ts'

export type OwnDelivery = {
  id: string
  office: string | null
  address: string[] | null
  email: string | null
  channel: Channel
  state: DeliveryState
  evidence: Evidence
  code: string
  changed: Date
}

/** What was kept of the words of a letter. */
export type KeptWords = {
  title: string
  words: string
  name: string
  lines: string[]
  greeting: string
  closing: string
}

export type OwnLetter = {
  id: string
  week: number
  ask: string | null
  language: string
  writer: Writer
  largePrint: boolean
  envelope: Envelope
  email: string | null
  confirmed: Date | null
  released: Date | null
  erase: Date | null
  erased: Date | null
  kept: KeptWords | null
  revision: number
  deliveries: OwnDelivery[]
}

/** Answers a letter by the word of its own page, with where each of it is; null when there is none. */
export async function letterBy(db: Db, token: string): Promise<OwnLetter | null> {
  const row = await db
    .selectFrom('letters')
    .selectAll()
    .where('token', '=', hashToken(token))
    .executeTakeFirst()
  if (!row) return null
  const deliveries = await db
    .selectFrom('deliveries')
    .select(['id', 'office', 'address', 'email', 'channel', 'state', 'evidence', 'code', 'changed'])
    .where('letter', '=', row.id)
    .orderBy('created')
    .orderBy('code')
    .limit(50)
    .execute()
  const sender = row.sender as Omit<KeptWords, 'title' | 'words'> | null
  return {
    ...row,
    language: row.writtenIn,
    kept:
      row.title === null || row.words === null || sender === null
        ? null
        : { title: row.title, words: row.words, ...sender },
    deliveries,
  }
}
