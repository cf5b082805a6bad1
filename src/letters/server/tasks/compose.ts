import { mailLanguage, textIn } from '#kernel/messages.ts'
import { boxOf, sealOf } from '#letters/server/codes.ts'
import { mailWords } from '#letters/server/mail-words.ts'
import { readConfig } from '#platform/server/config.ts'
import type { Db } from '#platform/server/db.ts'
import type { Letter } from '#platform/server/postbox.ts'
import { siteAddress } from '#platform/server/site-address.ts'

/** Answers the address where an office that got a letter by mail from here answers it with one press. */
export const replyLink = (code: string): string =>
  `${siteAddress(readConfig())}/reply/${code}?seal=${sealOf(code)}`

/** Answers a delivery as the e-mail it becomes with its next sending: what its writer read and confirmed, and below a line its reference and the page where the office can answer. Null when its words are gone. */
export async function composeLetter(db: Db, delivery: string, siteName: string): Promise<Letter | null> {
  const row = await db
    .selectFrom('deliveries')
    .select(['letter', 'code', 'email', 'writtenIn', 'tries'])
    .where('id', '=', delivery)
    .executeTakeFirst()
  const text = textIn(mailLanguage(row?.writtenIn ?? ''))
  const mail = row ? await mailWords(db, row.letter, { text, siteName }) : null
  if (!row || row.email === null || mail === null) return null
  const { words, wrote } = mail
  const foot = text('letters.mail.foot', { ...wrote, code: row.code, link: replyLink(row.code), siteName })
  return {
    ...words,
    id: delivery,
    to: row.email,
    text: `${words.text}\n\n-- \n${foot}`,
    calendar: null,
    person: { box: boxOf(row.code, row.tries + 1), comment: text('letters.mail.comment', wrote) },
  }
}
