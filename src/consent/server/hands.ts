import { outside, type InOrganisation } from '#consent/may.ts'
import type { Hand, Id } from '#consent/events.ts'
import { leadsOrganisation, type Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'
import { keyedHash } from '#platform/server/tokens.ts'

/** Answers whose hand does something: their account, the site's own, or somebody's whom nobody knows. */
export const handOf = (viewer: Viewer): Hand =>
  viewer.account ?? (viewer.name === 'site' ? 'site' : 'somebody')

/** Answers the hand of whoever holds a link, without telling the link. */
export const linkHand = (token: string): Hand => `link:${keyedHash(token)}`

/** Answers the hand of whoever posts by a mailed link: the account of that address when there is one, so that nobody is two people. */
export async function posterHand(db: Db, viewer: Viewer, email: string | null): Promise<Hand> {
  if (viewer.account !== null) return viewer.account
  if (email === null) return handOf(viewer)
  const row = await db
    .selectFrom('accounts')
    .select('id')
    .where('email', '=', email.toLowerCase())
    .executeTakeFirst()
  return row?.id ?? linkHand(email.toLowerCase())
}

/** Answers every hand that is this viewer's: their account, and links that were mailed to their address. */
export const handsOf = (viewer: Viewer): Hand[] => [
  ...(viewer.account === null ? [] : [viewer.account]),
  ...(viewer.email === null ? [] : [linkHand(viewer.email.toLowerCase())]),
]

/** Answers how a viewer stands to an organisation that counts: leads it, is a vetted practitioner of it, belongs to it. */
export async function standingIn(db: Db, viewer: Viewer, organisation: Id | null): Promise<InOrganisation> {
  if (viewer.account === null || organisation === null) return outside
  const row = await db
    .selectFrom('organisations as o')
    .leftJoin('members as m', (on) =>
      on.onRef('m.organisation', '=', 'o.id').on('m.account', '=', viewer.account),
    )
    .select(['o.type', 'o.foundedBy', 'm.vetted', 'm.joined'])
    .where('o.id', '=', organisation)
    .where('o.state', '=', 'agreed')
    .where('o.hidden', '=', false)
    .executeTakeFirst()
  if (!row) return outside
  const founded = row.type === 'family' && row.foundedBy === viewer.account
  const leads = founded || leadsOrganisation(viewer, organisation)
  return {
    leads,
    vetted: row.type !== 'family' && row.vetted === true,
    family: row.type === 'family',
    member: leads || (row.joined ?? null) !== null,
  }
}
