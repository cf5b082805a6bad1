import { readConfig } from '#platform/server/config.ts'
import type { Trx } from '#platform/server/db.ts'
import { isWaitingFor, queueMail, takeBackMails } from '#platform/server/mail.ts'
import { siteAddress } from '#platform/server/site-address.ts'

const name = 'organisation-waiting'

/** Tells organisers that organisations wait: one mail for all that wait when it leaves. */
export async function tellOrganisers(trx: Trx, id: string, now: Date): Promise<void> {
  const site = siteAddress(readConfig())
  const organisers = await trx
    .selectFrom('roles')
    .innerJoin('accounts', 'accounts.id', 'roles.account')
    .select(['accounts.email', 'accounts.language'])
    .where('roles.role', '=', 'organiser')
    .limit(20)
    .execute()
  for (const { email, language } of organisers) {
    if (await isWaitingFor(trx, { name, address: email })) continue
    await queueMail(trx, {
      key: `${name}:${id}:${email}`,
      address: email,
      name,
      params: { link: `${site}/desk/organisations`, stopLink: `${site}/me` },
      language,
      urgency: 'notice',
      due: now,
    })
  }
}

/** Takes back what organisers were going to hear, once no organisation waits any more. */
export async function tellNobodyOfNothing(trx: Trx): Promise<void> {
  const waits = await trx
    .selectFrom('organisations')
    .select('id')
    .where('state', '=', 'waiting')
    .limit(1)
    .executeTakeFirst()
  if (!waits) await takeBackMails(trx, name)
}
