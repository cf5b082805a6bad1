import { siteAddress } from '#platform/server/site-address.ts'
import { readConfig } from '#platform/server/config.ts'
import { queueMail } from '#platform/server/mail.ts'
import { idIn, type Task } from '#platform/server/queue.ts'
import { newStoryLink } from '#stories/server/writes/change.ts'
import { inTransaction } from '#platform/server/db.ts'

/** Tells whoever tells a story that somebody has said something to it: once a day for each story, and nobody about their own words. Nothing when the reply or the story is not seen any more. Runs twice without harm. */
export const tellOfReply: Task = (db, payload, now) =>
  inTransaction(db, async (trx) => {
    const row = await trx
      .selectFrom('replies as r')
      .innerJoin('stories as s', 's.id', 'r.story')
      .select(['s.id', 's.slug', 's.title', 's.email', 's.language', 's.account as teller'])
      .select(['r.account as writer', 'r.email as from'])
      .where('r.id', '=', idIn(payload, 'reply'))
      .where('r.state', '=', 'shown')
      .where('s.state', '=', 'published')
      .where('s.example', '=', false)
      .where('s.email', 'is not', null)
      .executeTakeFirst()
    if (!row || row.email === null || row.from === row.email) return
    if (row.writer !== null && row.writer === row.teller) return
    const key = `reply-heard:${row.id}:${now.toISOString().slice(0, 10)}`
    const known = await trx.selectFrom('mails').select('id').where('key', '=', key).executeTakeFirst()
    if (known) return
    await queueMail(trx, {
      key,
      address: row.email,
      name: 'reply-heard',
      params: {
        title: row.title,
        publicLink: `${siteAddress(readConfig())}/stories/${row.slug}#replies`,
        stopLink: await newStoryLink(trx, row.id, now),
      },
      language: row.language,
      urgency: 'notice',
      due: now,
    })
  })
