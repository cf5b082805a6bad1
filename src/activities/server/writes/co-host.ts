import type { CoHostInput } from '#activities/host.ts'
import { lockWhole, whenWhere } from '#activities/server/writes/change-state.ts'
import { newHostLink } from '#activities/server/writes/host-link.ts'
import { hostOf } from '#activities/server/reads/host.ts'
import { addDays, dayOf } from '#kernel/times.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { readConfig } from '#platform/server/config.ts'
import { inTransaction, type Db } from '#platform/server/db.ts'
import { queueMail } from '#platform/server/mail.ts'
import { countOrRefuse } from '#platform/server/rates.ts'
import { siteAddress } from '#platform/server/site-address.ts'
import { keyedHash } from '#platform/server/tokens.ts'

/** How long a link that asks for help can be used, days. */
export const invitationLasts = 14
/** The most who can answer for one activity. */
const mostHosts = 10

const seal = (slug: string, until: string, id: string): string => keyedHash(`co-host ${slug} ${until} ${id}`)

/** Answers the address that a host hands to somebody who will help, with its last day. The server mails nobody whom somebody else named. */
export async function coHostInvitation(
  db: Db,
  token: string,
  now: Date,
): Promise<{ link: string; until: string; slug: string }> {
  const host = await hostOf(db, token, now)
  if (host.confirmed === null) throw new Refusal('forbidden', 'edit.refusal.confirm')
  const { slug, held } = await db
    .selectFrom('activities')
    .select(['slug', 'held'])
    .where('id', '=', host.activity)
    .executeTakeFirstOrThrow()
  // Its address has the title in it.
  if (held !== null) throw new Refusal('conflict', 'refusal.held')
  const until = addDays(dayOf(now, 'UTC'), invitationLasts)
  const word = `${slug}.${until}.${seal(slug, until, host.activity)}`
  return { link: `${siteAddress(readConfig())}/edit/co-host/${word}`, until, slug }
}

/** Answers what somebody is asked to help with; refuses a forged word, one that has ended, and one to what is held alike. */
export async function invitedTo(
  db: Db,
  word: string,
  now: Date,
): Promise<{ id: string; slug: string; title: string }> {
  const [slug = '', until = '', sealed = ''] = word.split('.')
  const row = /^[a-z0-9-]{1,200}$/.test(slug)
    ? await db
        .selectFrom('activities')
        .select(['id', 'slug', 'title'])
        .where('slug', '=', slug)
        .where('held', 'is', null)
        .executeTakeFirst()
    : undefined
  if (!row || seal(slug, until, row.id) !== sealed || until < dayOf(now, 'UTC')) {
    throw new Refusal('missing', 'refusal.invitation')
  }
  return row
}

/** Mails somebody who typed their own address a link to say yes with. Says the same whether they host it already. Five in an hour for one address, thirty from one client. */
export async function offerToHost(
  db: Db,
  _viewer: Viewer,
  input: CoHostInput & { client?: string },
  now: Date,
): Promise<void> {
  if (input.client !== undefined) {
    await countOrRefuse(db, { name: 'co-host-client', of: input.client, most: 30, minutes: 60 }, now)
  }
  await countOrRefuse(db, { name: 'co-host', of: input.email, most: 5, minutes: 60 }, now)
  await inTransaction(db, async (trx) => {
    const { id } = await invitedTo(trx, input.word, now)
    const activity = await lockWhole(trx, id)
    const hosts = await trx
      .selectFrom('hosts')
      .select(['email', 'name', 'part'])
      .where('activity', '=', id)
      .execute()
    const known = hosts.some((host) => host.email === input.email)
    if (!known && hosts.length >= mostHosts) throw new Refusal('conflict', 'edit.co-host.full')
    await trx
      .insertInto('hosts')
      .values({ activity: id, email: input.email, name: input.name ?? '', part: 'co-host', created: now })
      .onConflict((conflict) => conflict.columns(['activity', 'email']).doNothing())
      .execute()
    const link = await newHostLink(trx, { activity: id, email: input.email, lastEnd: activity.lastEnd }, now)
    await queueMail(trx, {
      key: `cohost-asked:${id}:${input.email}:${Math.floor(now.getTime() / 600_000)}`,
      address: input.email,
      name: 'cohost-asked',
      params: {
        ...(await whenWhere(trx, activity)),
        title: activity.title,
        link,
        stopLink: link,
      },
      language: activity.language,
      urgency: 'answer',
      due: now,
    })
  })
}
