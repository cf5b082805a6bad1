import type { Config } from '#platform/server/config.ts'
import type { Trx } from '#platform/server/db.ts'
import { forgetMailsOf } from '#platform/server/mail.ts'
import { dropFromOutbox } from '#platform/server/outbox.ts'

/** Erases everything personal in letters: title, words, sender, e-mail, what was typed of an office, signatures, the words of replies, notes, and the mails about them; what was printed of an office that nobody knows goes from promises too. What stays names nobody: that there was a letter, to which public office, how it fared, what kind of answer came, what was promised. Answers how many there were, and a step for after the commit that takes the mails out of the outbox folder. Idempotent. */
export async function eraseLetters(
  trx: Trx,
  letters: readonly string[],
  now: Date,
): Promise<{ count: number; files: (config: Config) => Promise<void> }> {
  const erased = await trx
    .updateTable('letters')
    .set({
      title: null,
      words: null,
      sender: null,
      email: null,
      confirming: null,
      erased: now,
    })
    .where('id', 'in', letters.length > 0 ? letters : [none])
    .where('erased', 'is', null)
    .returning('id')
    .execute()
  if (erased.length === 0) return { count: 0, files: async () => undefined }
  const ids = erased.map(({ id }) => id)
  const deliveries = trx.selectFrom('deliveries').select('id').where('letter', 'in', ids)
  const typed = deliveries
    .where('person', 'is', null)
    .where('post', 'is', null)
    .where('organisation', 'is', null)
  await trx.updateTable('promises').set({ office: null }).where('delivery', 'in', typed).execute()
  await trx.updateTable('letterReplies').set({ words: null }).where('delivery', 'in', deliveries).execute()
  await trx.updateTable('deliveryEvents').set({ note: null }).where('delivery', 'in', deliveries).execute()
  await trx.deleteFrom('signatures').where('letter', 'in', ids).execute()
  await trx
    .updateTable('deliveries')
    .set({ confirmedSays: null })
    .where('letter', 'in', ids)
    .where('confirmedSays', 'is not', null)
    .execute()
  await trx
    .updateTable('deliveries')
    .set({ office: null, address: null, email: null })
    .where('id', 'in', typed)
    .execute()
  const sent = await deliveries.execute()
  const mails = await forgetMailsOf(trx, ids)
  const files = [...mails, ...sent.map(({ id }) => id)]
  return { count: ids.length, files: (config) => dropFromOutbox(config, files) }
}

const none = '00000000-0000-0000-0000-000000000000'
