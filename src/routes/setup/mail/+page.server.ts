import * as v from 'valibot'
import { formKey } from '#kernel/input.ts'
import { textIn, type MessageKey } from '#kernel/messages.ts'
import { readConfig } from '#platform/server/config.ts'
import { isNobodys } from '#platform/server/postbox.ts'
import { sendTestMail, testMailState } from '#site/server/writes.ts'
import { act } from '../../act.ts'
import { onlyOrganisers } from '../steps.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, url }) => {
  onlyOrganisers(locals, 'mail')
  const sent = url.searchParams.get('sent')
  const mail = sent === null ? null : await testMailState(locals.db, locals.viewer, sent)
  const [email, server] = [locals.viewer.email ?? '', readConfig().smtpUrl !== null]
  return {
    formKey: crypto.randomUUID(),
    email,
    server,
    /** Nothing leaves for an address of the example week. */
    nobody: server && isNobodys(email),
    mail,
    why: mail?.problem ? textIn(locals.language)(`desk.mail-why.${mail.problem}` as MessageKey) : '',
    here: url.pathname + url.search,
  }
}

export const actions: Actions = {
  default: act(v.object({ formKey }), sendTestMail, (key) => `/setup/mail?sent=${encodeURIComponent(key)}`),
}
