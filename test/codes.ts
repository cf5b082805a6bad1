import { stewardAnswers } from '#consent/stewards.ts'
import { whys } from '#consent/why.ts'
import { isMessageKey, textIn, type MessageParams } from '#kernel/messages.ts'
import { ageBands, modifiers, nations, routes } from '#kernel/permission-words.ts'
import { signers } from '#organisations/paper.ts'
import type { Db } from '#platform/server/db.ts'
import en from '../messages/en.json' with { type: 'json' }

const sentences = Object.values(en)

/** Words that only the code says, in two parts or more: none may stand where somebody reads. What the catalogue itself says in a sentence is none of them. */
const codes: readonly string[] = [
  ...new Set<string>([
    ...routes,
    ...ageBands,
    ...modifiers,
    ...signers,
    ...whys,
    ...stewardAnswers,
    ...nations,
  ]),
]
  .concat('no-answer', 'holders-all', 'asked-again', 'no-sign', 'not-agreed', 'organisation-lead')
  .filter((code) => code.includes('-') && !sentences.some((one) => one.includes(code)))

const known = new RegExp(`(?<![\\w/.-])(?:${codes.join('|')})(?![\\w/.-])`, 'g')
const rooms = /\b(?:consent|desk|media|organisations|pictures|records|stories)(?:\.[a-z][a-z-]+)+/g
const dotted = /\b[a-z][a-z-]*(?:\.[a-z0-9-]+)+/g

/** Answers the codes and the keys of the catalogue that stand in words which somebody reads. */
export const codesIn = (words: string): string[] => [
  ...new Set([
    ...(words.match(known) ?? []),
    ...(words.match(rooms) ?? []),
    ...(words.match(dotted) ?? []).filter((one) => isMessageKey(one)),
  ]),
]

/** Answers the codes in the words of a mail; where its links lead to is nothing that is read. */
export const codesInMail = ({ subject, text }: { subject: string; text: string }): string[] =>
  codesIn(`${subject}\n${text}`.replaceAll(/https?:\/\/\S+/g, ''))

/** Answers the codes in the mails of a database, the latest 200, each with the mail's name. A mail that a test invented without what it says is none of ours. */
export async function codesInMails(db: Db): Promise<string[]> {
  const mails = await db
    .selectFrom('mails')
    .select(['name', 'params', 'language'])
    .orderBy('created', 'desc')
    .limit(200)
    .execute()
  return mails.flatMap(({ name, params, language }) => {
    const said = { siteName: 'The site', ...(params as MessageParams) }
    const say = (key: string): string => (isMessageKey(key) ? textIn(language)(key, said) : '')
    try {
      const mail = { subject: say(`mail.${name}.subject`), text: say(`mail.${name}.text`) }
      return codesInMail(mail).map((code) => `${code} in the mail ${name}`)
    } catch (error) {
      if (error instanceof Error && error.message.includes('was not provided')) return []
      throw error
    }
  })
}
