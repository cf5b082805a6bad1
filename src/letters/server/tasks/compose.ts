import { mailLanguage, textIn } from '#kernel/messages.ts'
import { whoWrote } from '#letters/letter.ts'
import { boxOf, sealOf } from '#letters/server/codes.ts'
import { readConfig } from '#platform/server/config.ts'
import type { Db } from '#platform/server/db.ts'
import type { Letter } from '#platform/server/postbox.ts'
import { siteAddress } from '#platform/server/site-address.ts'

type Sender = { name: string; lines: string[]; greeting: string; closing: string }

/** Answers the address where an office that got a letter by mail from here answers it with one press. */
export const replyLink = (code: string): string =>
  `${siteAddress(readConfig())}/reply/${code}?seal=${sealOf(code)}`

/** Answers a delivery as the e-mail it becomes: the writer's words and nothing before them, who signed, and below a line its reference and the page where the office can answer. Null when its words are gone. */
export async function composeLetter(db: Db, delivery: string, siteName: string): Promise<Letter | null> {
  const row = await db
    .selectFrom('deliveries as d')
    .innerJoin('letters as l', 'l.id', 'd.letter')
    .select([
      'd.code',
      'd.email as to',
      'd.writtenIn',
      'l.id',
      'l.writer',
      'l.title',
      'l.words',
      'l.sender',
      'l.email',
    ])
    .where('d.id', '=', delivery)
    .executeTakeFirst()
  const sender = row?.sender as Sender | null | undefined
  if (!row || row.to === null || row.email === null || row.title === null || row.words === null || !sender)
    return null
  const signed = await db
    .selectFrom('signatures')
    .select('shown')
    .where('letter', '=', row.id)
    .where('confirmed', 'is not', null)
    .orderBy('confirmed')
    .limit(1000)
    .execute()
  const text = textIn(mailLanguage(row.writtenIn))
  const wrote = whoWrote({ writer: row.writer, signatures: signed })
  const foot = text('letters.mail.foot', { ...wrote, code: row.code, link: replyLink(row.code), siteName })
  const parts = [
    sender.greeting,
    row.words,
    sender.closing,
    [sender.name, ...sender.lines].join('\n'),
    signed.length > 0 ? [text('letters.mail.signed'), ...signed.map(({ shown }) => shown)].join('\n') : '',
    `-- \n${foot}`,
  ]
  return {
    id: delivery,
    from: text('letters.mail.from', { name: sender.name, siteName }),
    to: row.to,
    subject: row.title,
    text: parts.filter(Boolean).join('\n\n'),
    replyTo: row.email,
    calendar: null,
    person: { box: boxOf(row.code), comment: text('letters.mail.comment', wrote) },
  }
}
