import type { LinksAgain } from '#activities/host.ts'
import { sealedIfHeld } from '#activities/server/reads/rsvp.ts'
import { whenWhere } from '#activities/server/writes/change-state.ts'
import { newHostLink } from '#activities/server/writes/host-link.ts'
import { day } from '#kernel/limits.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { inTransaction, type Db } from '#platform/server/db.ts'
import { onceOnly } from '#platform/server/form-keys.ts'
import { queueMail } from '#platform/server/mail.ts'
import { countOrRefuse } from '#platform/server/rates.ts'
import { readConfig } from '#platform/server/config.ts'
import { siteAddress } from '#platform/server/site-address.ts'
import { keyedHash } from '#platform/server/tokens.ts'

/** How long after an activity its links can be sent again, days: a year later somebody may repeat it. */
const again = 400

/** Mails fresh links to everything this address answers for; says and does the same whether there is anything or not. Three in an hour for one address, thirty from one client. */
export async function sendHostLinks(
  db: Db,
  _viewer: Viewer,
  input: LinksAgain & { client?: string },
  now: Date,
): Promise<void> {
  if (input.client !== undefined) {
    await countOrRefuse(db, { name: 'host-links-client', of: input.client, most: 30, minutes: 60 }, now)
  }
  await countOrRefuse(db, { name: 'host-links', of: input.email, most: 3, minutes: 60 }, now)
  await inTransaction(db, (trx) =>
    onceOnly(trx, `host-links ${keyedHash(input.email)}`, input.formKey, async () => {
      const rows = await trx
        .selectFrom('hosts')
        .innerJoin('activities', 'activities.id', 'hosts.activity')
        .innerJoin('weeks', 'weeks.year', 'activities.week')
        .selectAll('activities')
        .select('weeks.monday')
        .where('hosts.email', '=', input.email)
        .where('activities.example', '=', false)
        .where('activities.lastEnd', '>', new Date(now.getTime() - again * day))
        .orderBy('activities.created', 'desc')
        .limit(20)
        .execute()
      const [first] = rows
      if (!first) return
      const links: string[] = []
      for (const row of rows) {
        const host = { activity: row.id, email: input.email, lastEnd: row.lastEnd }
        const { when } = await whenWhere(trx, row)
        links.push(`${sealedIfHeld(row).title}\n${when}\n${await newHostLink(trx, host, now)}`)
      }
      await queueMail(trx, {
        key: `host-links:${first.id}:${keyedHash(input.email)}:${now.getTime()}`,
        address: input.email,
        name: 'link-again',
        params: { links: links.join('\n\n'), stopLink: `${siteAddress(readConfig())}/edit` },
        language: first.language,
        urgency: 'answer',
        due: now,
      })
    }),
  )
}
