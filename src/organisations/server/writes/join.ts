import { addDays, dayOf } from '#kernel/times.ts'
import { missing, Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { slugOf } from '#kernel/words.ts'
import { mayKeepMembers } from '#organisations/may.ts'
import { standingOf } from '#organisations/server/reads/organisations.ts'
import { lockOrganisation } from '#organisations/server/writes/lock.ts'
import { writeDown } from '#platform/server/audit.ts'
import { readConfig } from '#platform/server/config.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { queueMail } from '#platform/server/mail.ts'
import { countOrRefuse } from '#platform/server/rates.ts'
import { siteAddress } from '#platform/server/site-address.ts'
import { keyedHash } from '#platform/server/tokens.ts'

/** How long a link that asks somebody to join can be used, days. */
export const invitationLasts = 14

type Invited = { id: string; slug: string; name: string }

const seal = (id: string, until: string, round: number): string =>
  keyedHash(`organisation ${id} ${until} ${round}`)

/** Answers the link that a lead hands to somebody who works there, with its last day. The server mails nobody whom somebody else named. */
export async function memberInvitation(
  db: Db,
  viewer: Viewer,
  organisation: string,
  now: Date,
): Promise<{ link: string; until: string }> {
  const { id, slug, ...standing } = await standingOf(db, viewer, organisation)
  if (!mayKeepMembers(viewer, { id, ...standing })) throw missing()
  const { invitations } = await db
    .selectFrom('organisations')
    .select('invitations')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  const until = addDays(dayOf(now, 'UTC'), invitationLasts)
  const word = `${slug}.${until}.${seal(id, until, invitations)}`
  return { link: `${siteAddress(readConfig())}/me/join/${word}`, until }
}

/** Answers what somebody is asked to join; refuses alike a word that is forged, has ended, or was called back. */
export async function invitedToJoin(db: Db, word: string, now: Date): Promise<Invited> {
  const [slug = '', until = '', sealed = ''] = word.split('.')
  const row = /^[a-z0-9-]{1,80}$/.test(slug)
    ? await db
        .selectFrom('organisations')
        .select(['id', 'slug', 'name', 'invitations'])
        .where('slug', '=', slug)
        .where('hidden', '=', false)
        .where('state', '<>', 'declined')
        .executeTakeFirst()
    : undefined
  if (!row || seal(row.id, until, row.invitations) !== sealed || until < dayOf(now, 'UTC'))
    throw new Refusal('missing', 'refusal.invitation')
  return { id: row.id, slug: row.slug, name: row.name }
}

const signedIn = (viewer: Viewer): string => {
  if (viewer.account === null) throw new Refusal('forbidden', 'refusal.forbidden')
  return viewer.account
}

/** Makes the viewer a member by the word that was handed to them. Idempotent; being vetted stays as it is. Answers the slug. */
export async function joinOrganisation(
  db: Db,
  viewer: Viewer,
  input: { word: string },
  now: Date,
): Promise<string> {
  const account = signedIn(viewer)
  return inTransaction(db, async (trx) => {
    const { id, slug } = await invitedToJoin(trx, input.word, now)
    const joined = await trx
      .insertInto('members')
      .values({ organisation: id, account, asked: now, joined: now })
      .onConflict((conflict) =>
        conflict
          .columns(['organisation', 'account'])
          .doUpdateSet({ joined: now })
          .where('members.joined', 'is', null),
      )
      .returning('account')
      .executeTakeFirst()
    if (joined) await writeDown(trx, viewer, { action: 'member.joined', subject: `organisations:${id}` })
    return slug
  })
}

/** Ends every link to join that was handed out. */
export async function endInvitations(
  db: Db,
  viewer: Viewer,
  input: { slug: string },
  _now: Date,
): Promise<string> {
  return inTransaction(db, async (trx) => {
    const { id, slug } = await lockOrganisation(trx, viewer, input.slug, mayKeepMembers)
    await trx
      .updateTable('organisations')
      .set((on) => ({ invitations: on('invitations', '+', 1) }))
      .where('id', '=', id)
      .execute()
    await writeDown(trx, viewer, { action: 'organisation.links-ended', subject: `organisations:${id}` })
    return slug
  })
}

/** Tells the leads of an organisation of that name that the viewer says they belong to it. Says the same whether there is one. Ten a day for one account. */
export async function askToJoin(
  db: Db,
  viewer: Viewer,
  input: { organisation: string },
  now: Date,
): Promise<void> {
  const account = signedIn(viewer)
  await countOrRefuse(db, { name: 'organisations.ask', of: account, most: 10, minutes: 1440 }, now)
  await inTransaction(db, async (trx) => {
    const found = await trx
      .selectFrom('organisations')
      .select(['id', 'slug', 'name'])
      .where((on) =>
        on.or([
          on('slug', '=', slugOf(input.organisation)),
          on(on.fn('lower', ['name']), '=', input.organisation.toLowerCase()),
        ]),
      )
      .where('state', '=', 'agreed')
      .where('hidden', '=', false)
      .where('type', '<>', 'family')
      .limit(5)
      .execute()
    for (const organisation of found) {
      const asked = await trx
        .insertInto('members')
        .values({ organisation: organisation.id, account, asked: now })
        .onConflict((conflict) => conflict.doNothing())
        .returning('account')
        .executeTakeFirst()
      if (asked) await tellLeads(trx, organisation, now)
    }
  })
}

async function tellLeads(trx: Trx, organisation: Invited, now: Date): Promise<void> {
  const leads = await trx
    .selectFrom('roles')
    .innerJoin('accounts', 'accounts.id', 'roles.account')
    .select(['accounts.email', 'accounts.language'])
    .where('roles.organisation', '=', organisation.id)
    .limit(20)
    .execute()
  const site = siteAddress(readConfig())
  for (const lead of leads)
    await queueMail(trx, {
      key: `organisation-asked:${organisation.id}:${dayOf(now, 'UTC')}:${lead.email}`,
      address: lead.email,
      name: 'organisation-asked',
      params: {
        title: organisation.name,
        link: `${site}/desk/organisations/${organisation.slug}/members`,
        stopLink: `${site}/me`,
      },
      language: lead.language,
      urgency: 'notice',
      due: now,
    })
}
