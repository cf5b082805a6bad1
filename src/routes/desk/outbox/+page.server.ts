import * as v from 'valibot'
import { sayMail } from '#desk/mail-words.ts'
import { mailRecords } from '#desk/server/records.ts'
import { tryMailsAgain } from '#desk/server/writes.ts'
import { textIn, type MessageKey, type Text } from '#kernel/messages.ts'
import { readConfig } from '#platform/server/config.ts'
import type { MailLine } from '#platform/server/outbox.ts'
import { siteSettings } from '#site/server/reads.ts'
import { act } from '../../act.ts'
import type { Actions, PageServerLoad } from './$types'

const utc = (moment: Date): string => moment.toISOString().slice(0, 16).replace('T', ' ')

function whyNot(state: string, problem: string | null, text: Text): string {
  if (state === 'uncertain') return text('desk.mail-why.uncertain')
  return problem === null ? '' : text(`desk.mail-why.${problem}` as MessageKey)
}

export const load: PageServerLoad = async ({ locals }) => {
  const text = textIn(locals.language)
  const { name: siteName } = await siteSettings(locals.db)
  const said = ({ id, name, address, state, problem, tries, due, sent }: MailLine) => ({
    id,
    name: sayMail(name, siteName, text),
    address,
    sent: state === 'sent',
    failed: state === 'failed' || state === 'uncertain',
    state: text(`desk.mail.${state}` as MessageKey),
    why: whyNot(state, problem, text),
    tried: tries === 0 ? '' : text('desk.mail-tried', { tries }),
    when: utc(sent ?? due),
  })
  const { mails, undelivered, count } = await mailRecords(locals.db, locals.viewer)
  return {
    folder: readConfig().smtpUrl === null,
    mails: mails.map(said),
    undelivered: undelivered.map(said),
    count,
  }
}

const which = v.object({ mail: v.optional(v.nullable(v.pipe(v.string(), v.uuid('input.choose'))), null) })

export const actions: Actions = {
  again: act(which, tryMailsAgain, (again) => ({ again })),
}
