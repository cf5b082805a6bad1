import type { MessageParams } from '#kernel/messages.ts'
import { mostSignatures } from '#letters/own.ts'
import { signatureLink } from '#letters/server/signature-link.ts'
import type { Db } from '#platform/server/db.ts'
import { queueMail } from '#platform/server/mail.ts'

/** Queues a mail to each who signed a joint letter and wants to hear of answers, in the caller's transaction and never twice the same. */
export async function tellSigners(
  db: Db,
  { letter, of, params }: { letter: string; of: string; params: MessageParams },
  now: Date,
): Promise<void> {
  const rows = await db
    .selectFrom('signatures as s')
    .innerJoin('letters as l', 'l.id', 's.letter')
    .select(['s.id', 's.email', 'l.writtenIn'])
    .where('s.letter', '=', letter)
    .where('s.tell', '=', true)
    .where('s.confirmed', 'is not', null)
    .where('l.erased', 'is', null)
    .where('l.example', '=', false)
    .limit(mostSignatures)
    .execute()
  for (const { id, email, writtenIn } of rows) {
    const link = signatureLink(letter, email)
    await queueMail(db, {
      key: `letter-signed-answered:${letter}:${of}:${id}`,
      address: email,
      name: 'letter-signed-answered',
      params: { ...params, link, stopLink: link },
      language: writtenIn,
      urgency: 'notice',
      due: now,
    })
  }
}
