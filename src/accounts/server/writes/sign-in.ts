import { parseSetCookieHeader } from 'better-auth/cookies'
import type * as v from 'valibot'
import { Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { writeDown } from '#platform/server/audit.ts'
import { readConfig } from '#platform/server/config.ts'
import { inTransaction, type Db } from '#platform/server/db.ts'
import { queueMail } from '#platform/server/mail.ts'
import { countOrRefuse } from '#platform/server/rates.ts'
import { siteAddress } from '#platform/server/site-address.ts'
import { hashToken, keyedHash } from '#platform/server/tokens.ts'
import { safeNext, type askInput } from '#accounts/account.ts'
import { authOf, linkMinutes, makeLink } from '#accounts/server/auth.ts'
import { accountFor } from '#accounts/server/writes/account-for.ts'
import { viewerFor } from '#accounts/server/reads/viewer.ts'

/** A cookie for the browser: "" takes it away. */
export type SessionCookie = { name: string; value: string; seconds: number; secure: boolean }

type Ask = v.InferOutput<typeof askInput> & { client: string }

/** Mails a one-time sign-in link to an address. Says and does the same whether the address is known or not. The same form pressed twice mails once. Five in an hour for one address, thirty from one client. */
export async function askToSignIn(db: Db, _viewer: Viewer, input: Ask, now: Date): Promise<void> {
  await countOrRefuse(db, { name: 'sign-in-client', of: input.client, most: 30, minutes: 60 }, now)
  await countOrRefuse(db, { name: 'sign-in', of: input.email, most: 5, minutes: 60 }, now)
  const token = await makeLink(db, input.email)
  const once =
    input.formKey === '' ? hashToken(token).toString('hex') : keyedHash(`${input.email} ${input.formKey}`)
  const site = siteAddress(readConfig())
  await queueMail(db, {
    key: `sign-in:${once}`,
    address: input.email,
    name: 'sign-in',
    params: {
      link: linkAddress(site, token, input.next),
      minutes: linkMinutes,
      stopLink: `${site}/report`,
    },
    urgency: 'answer',
    due: now,
  })
}

const linkAddress = (site: string, token: string, next: string): string => {
  const wanted = safeNext(next)
  return `${site}/sign-in/${token}${wanted === '/me' ? '' : `?next=${encodeURIComponent(wanted)}`}`
}

/** Uses up a mailed word and answers the cookie of a new session. The account is made when the address is new; it has no role. A word that is forged, used or older than 30 minutes is refused. */
export async function signIn(
  db: Db,
  _viewer: Viewer,
  input: { token: string },
  _now: Date,
): Promise<SessionCookie> {
  const answer = await authOf(db).api.magicLinkVerify({
    query: { token: input.token, callbackURL: '/in', errorCallbackURL: '/stale' },
    headers: new Headers(),
    asResponse: true,
  })
  const cookie = sessionCookie(answer)
  if (answer.headers.get('location')?.includes('error=') || !cookie)
    throw new Refusal('invalid', 'accounts.sign-in.stale')
  const headers = new Headers({ cookie: `${cookie.name}=${encodeURIComponent(cookie.value)}` })
  const found = await authOf(db).api.getSession({ headers })
  const viewer = await viewerFor(db, found?.user.id ?? '')
  if (viewer.roles.length > 0)
    await writeDown(db, viewer, { action: 'account.signed-in', subject: `accounts:${viewer.account}` })
  return cookie
}

/** Ends the session that a request came with; doing it twice does no harm. Answers the cookie that takes the old one away. */
export async function signOut(db: Db, headers: Headers): Promise<SessionCookie | null> {
  return sessionCookie(await authOf(db).api.signOut({ headers, asResponse: true }))
}

function sessionCookie(answer: Response): SessionCookie | null {
  for (const line of answer.headers.getSetCookie()) {
    for (const [name, cookie] of parseSetCookieHeader(line)) {
      if (!name.endsWith('session_token')) continue
      const value = decodeURIComponent(cookie.value)
      return { name, value, seconds: cookie['max-age'] ?? 0, secure: cookie.secure ?? false }
    }
  }
  return null
}

/** Makes an account with the organiser's role for an address, if there is none, keeps one that was to be erased, and answers a one-time address to sign in at. For whoever has the machine's command line; good for 30 minutes. */
export async function organiserLink(db: Db, email: string, now: Date): Promise<string> {
  const address = email.trim().toLowerCase()
  await inTransaction(db, async (trx) => {
    const account = await accountFor(trx, address)
    await trx.updateTable('accounts').set({ erasing: null }).where('id', '=', account).execute()
    const added = await trx
      .insertInto('roles')
      .values({ account, role: 'organiser', created: now })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst()
    if (added) {
      const site: Viewer = { account: null, email: null, name: 'site', roles: [] }
      await writeDown(trx, site, {
        action: 'role.given',
        subject: `accounts:${account}`,
        details: { role: 'organiser' },
      })
    }
  })
  return `${siteAddress(readConfig())}/sign-in/${await makeLink(db, address)}`
}
