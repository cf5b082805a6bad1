import type { Text } from '#kernel/messages.ts'
import { whoWrote } from '#letters/letter.ts'
import type { Db } from '#platform/server/db.ts'

type Sender = { name: string; lines: string[]; greeting: string; closing: string }

/** A letter as the e-mail that it becomes, without what stands below its line: that is different for each office. */
export type MailWords = { from: string; replyTo: string; subject: string; text: string }

/** Answers what every office reads of a letter that goes from here: the writer's words and nothing before them, with their address, and who signed; and of how many and whom its foot speaks. Null when its words are gone. */
export async function mailWords(
  db: Db,
  letter: string,
  { text, siteName }: { text: Text; siteName: string },
): Promise<{ words: MailWords; wrote: ReturnType<typeof whoWrote> } | null> {
  const row = await db
    .selectFrom('letters')
    .select(['title', 'words', 'sender', 'email', 'writer'])
    .where('id', '=', letter)
    .executeTakeFirst()
  const sender = row?.sender as Sender | null | undefined
  if (!row || row.email === null || row.title === null || row.words === null || !sender) return null
  const signed = await db
    .selectFrom('signatures')
    .select('shown')
    .where('letter', '=', letter)
    .where('confirmed', 'is not', null)
    .orderBy('confirmed')
    .limit(1000)
    .execute()
  const parts = [
    sender.greeting,
    row.words,
    sender.closing,
    [sender.name, ...sender.lines].join('\n'),
    signed.length > 0 ? [text('letters.mail.signed'), ...signed.map(({ shown }) => shown)].join('\n') : '',
  ]
  return {
    words: {
      from: text('letters.mail.from', { name: sender.name, siteName }),
      replyTo: row.email,
      subject: row.title,
      text: parts.filter(Boolean).join('\n\n'),
    },
    wrote: whoWrote({ writer: row.writer, signatures: signed }),
  }
}
