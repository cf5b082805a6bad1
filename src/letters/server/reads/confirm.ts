import { mailLanguage, textIn } from '#kernel/messages.ts'
import type { DeliveryState } from '#letters/delivery.ts'
import { mailWords, type MailWords } from '#letters/server/mail-words.ts'
import { lastTurn, turnOf } from '#letters/server/reads/turns.ts'
import type { Db } from '#platform/server/db.ts'
import { hashToken } from '#platform/server/tokens.ts'
import { siteSettings } from '#site/server/reads.ts'

export type ToConfirm = {
  revision: number
  /** What every office reads, and what stands below the line in each of their mails. */
  mail: MailWords & { foot: string }
  confirmed: boolean
  /** Nobody confirmed it in time. */
  over: boolean
  until: Date
  offices: {
    id: string
    office: string
    email: string | null
    state: DeliveryState
    changed: Date
    /** When it leaves, or would if it were confirmed now. */
    due: Date | null
    zone: string
    pause: string | null
    /** Why it did not go. */
    why: string | null
  }[]
}

/** Answers a letter from here as its writer reads it before it goes: all that is shown to its offices, and when it leaves to each of them. Null when the word is not, or no longer, that of a letter. */
export async function letterToConfirm(db: Db, word: string, now: Date): Promise<ToConfirm | null> {
  const letter = await db
    .selectFrom('letters')
    .select(['id', 'writtenIn', 'revision', 'confirmed', 'confirmBy'])
    .where('confirming', '=', hashToken(word))
    .where('erased', 'is', null)
    .executeTakeFirst()
  if (!letter || letter.confirmBy === null) return null
  const siteName = (await siteSettings(db)).name
  const offices = await officesOf(db, letter.id, now)
  const text = textIn(mailLanguage(offices[0]?.writtenIn ?? letter.writtenIn))
  const mail = await mailWords(db, letter.id, { text, siteName })
  if (mail === null) return null
  const foot = text('letters.mail.foot', {
    ...mail.wrote,
    code: text('letters.mail.own-code'),
    link: text('letters.mail.own-link'),
    siteName,
  })
  return {
    revision: letter.revision,
    mail: { ...mail.words, foot },
    confirmed: letter.confirmed !== null,
    over: letter.confirmed === null && letter.confirmBy <= now,
    until: letter.confirmBy,
    offices,
  }
}

async function officesOf(db: Db, letter: string, now: Date) {
  const rows = await db
    .selectFrom('deliveries')
    .select(['id', 'office', 'state', 'changed', 'due', 'zone', 'organisation', 'email', 'writtenIn'])
    .select((on) =>
      on
        .selectFrom('deliveryEvents as e')
        .select('e.note')
        .whereRef('e.delivery', '=', 'deliveries.id')
        .where('deliveries.state', '=', 'failed')
        .orderBy('e.id', 'desc')
        .limit(1)
        .as('why'),
    )
    .where('letter', '=', letter)
    .where('channel', '=', 'from-here')
    // In the order in which they are given their turns.
    .orderBy('email')
    .orderBy('id')
    .limit(50)
    .execute()
  const turns = new Map<string | null, Date>()
  const offices = []
  for (const { organisation, email, ...row } of rows) {
    const waits = row.state === 'confirming' || row.state === 'queued'
    const to = { ...row, organisation, email }
    const turn = waits ? await turnOf(db, to, turns.get(email) ?? (await lastTurn(db, to)), now) : null
    if (turn && row.state === 'confirming') turns.set(email, turn.due)
    offices.push({
      ...row,
      email,
      office: row.office ?? '',
      due: row.state === 'confirming' && turn ? turn.due : row.due,
      pause: turn?.pause?.reason ?? null,
    })
  }
  return offices
}
