import { sql } from 'kysely'
import type { Channel, DeliveryState, Evidence } from '#letters/delivery.ts'
import type { Envelope } from '#letters/envelope.ts'
import { mostOffices, type Writer } from '#letters/letter.ts'
import { mostSignatures } from '#letters/own.ts'
import type { Db } from '#platform/server/db.ts'
import { hashToken } from '#platform/server/tokens.ts'

export type OwnDelivery = {
  id: string
  /** In the directory; null when it was typed by hand, or is not there any more. */
  ref: string | null
  office: string | null
  address: string[] | null
  email: string | null
  channel: Channel
  state: DeliveryState
  evidence: Evidence
  code: string
  changed: Date
  /** When it leaves from here, by the clock of its office; null when it has no turn. */
  due: Date | null
  zone: string
  /** Why it did not go, or the status with which it came back. */
  why: string | null
  /** When their mail server said last that it has it and goes on trying. */
  late: Date | null
  /** What lies in the mailbox about it for somebody here to read: what a person wrote, or what a machine says. */
  kept: 'person' | 'machine' | null
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
  aboutAnother: boolean
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
  /** As those who signed a joint letter and confirmed it want to be read, the first one first. */
  signatures: string[]
  /** How many signed it and have not confirmed that yet. */
  unsure: number
}

type Whom = { person: string | null; post: string | null; organisation: string | null }

function refOf({ person, post, organisation }: Whom): string | null {
  if (post !== null) return `post:${post}`
  if (person !== null) return `person:${person}`
  return organisation === null ? null : `organisation:${organisation}`
}

/** Answers who signed a joint letter. */
export async function signaturesOf(
  db: Db,
  letter: string,
): Promise<{ signatures: string[]; unsure: number }> {
  const rows = await db
    .selectFrom('signatures')
    .select(['shown', 'confirmed'])
    .where('letter', '=', letter)
    .orderBy('confirmed')
    .orderBy('id')
    .limit(mostSignatures * 2)
    .execute()
  const sure = rows.filter((row) => row.confirmed !== null)
  return { signatures: sure.map((row) => row.shown), unsure: rows.length - sure.length }
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
    .select(['id', 'person', 'post', 'organisation', 'office', 'address', 'email'])
    .select(['channel', 'state', 'evidence', 'code', 'changed', 'late', 'due', 'zone'])
    .select((on) =>
      on
        .selectFrom('deliveryEvents as e')
        .select('e.note')
        .whereRef('e.delivery', '=', 'deliveries.id')
        .where('deliveries.state', 'in', ['failed', 'bounced'])
        .where('e.note', 'is not', null)
        .orderBy('e.id', 'desc')
        .limit(1)
        .as('why'),
    )
    .select((on) =>
      on
        .selectFrom('keptMails')
        .select(
          sql<
            'person' | 'machine' | null
          >`case when bool_or(sort <> 'by-itself') then 'person' when count(*) > 0 then 'machine' end`.as(
            'kept',
          ),
        )
        .whereRef('delivery', '=', 'deliveries.id')
        .where('read', 'is', null)
        .as('kept'),
    )
    .where('letter', '=', row.id)
    .orderBy('created')
    .orderBy('code')
    .limit(mostOffices)
    .execute()
  const sender = row.sender as Omit<KeptWords, 'title' | 'words'> | null
  return {
    ...row,
    language: row.writtenIn,
    kept:
      row.title === null || row.words === null || sender === null
        ? null
        : { title: row.title, words: row.words, ...sender },
    deliveries: deliveries.map((one) => ({ ...one, ref: refOf(one) })),
    ...(await signaturesOf(db, row.id)),
  }
}
