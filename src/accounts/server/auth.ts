import { betterAuth } from 'better-auth'
import { magicLink } from 'better-auth/plugins'
import { minute } from '#kernel/limits.ts'
import { readConfig, siteSecret } from '#platform/server/config.ts'
import type { Db } from '#platform/server/db.ts'
import { log } from '#platform/server/log.ts'
import { siteAddress } from '#platform/server/site-address.ts'
import { hashToken, newToken } from '#platform/server/tokens.ts'

/** How long a mailed sign-in link works, minutes. */
export const linkMinutes = 30
/** How long somebody stays signed in, days. */
const sessionDays = 30

const dates = { createdAt: 'created', updatedAt: 'updated' }

/** Answers under which name a sign-in link is kept: its hash, never itself. */
export const linkName = (token: string): string => `magic-link:${hashToken(token).toString('base64url')}`

const makeAuth = (db: Db) => {
  const config = readConfig()
  return betterAuth({
    baseURL: siteAddress(config),
    secret: siteSecret(config),
    database: { db, type: 'postgres' },
    telemetry: { enabled: false },
    logger: { level: 'error', log: (_level, message) => log.error({ from: 'better-auth' }, message) },
    user: { modelName: 'accounts', fields: { emailVerified: 'emailVerified', ...dates } },
    session: {
      modelName: 'sessions',
      fields: { userId: 'account', expiresAt: 'expires', ...dates },
      expiresIn: sessionDays * 24 * 60 * 60,
      // Reading a page must not write: a session is neither prolonged nor cleared away by a GET.
      disableSessionRefresh: true,
      deferSessionRefresh: true,
    },
    account: {
      modelName: 'signIns',
      fields: {
        userId: 'account',
        providerId: 'provider',
        accountId: 'providerAccount',
        accessTokenExpiresAt: 'accessTokenExpires',
        refreshTokenExpiresAt: 'refreshTokenExpires',
        ...dates,
      },
    },
    verification: { modelName: 'verifications', fields: { expiresAt: 'expires', ...dates } },
    advanced: {
      cookiePrefix: 'abitextra',
      useSecureCookies: siteAddress(config).startsWith('https:'),
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', path: '/' },
      database: { generateId: 'uuid' },
      ipAddress: { disableIpTracking: true },
    },
    plugins: [
      magicLink({
        expiresIn: (linkMinutes * minute) / 1000,
        generateToken: () => newToken().token,
        storeToken: { type: 'custom-hasher', hash: async (token) => hashToken(token).toString('base64url') },
        // Whoever asks for a link says where its secret word goes: into a mail, or onto an organiser's screen.
        sendMagicLink: async ({ token, metadata }) => {
          const hand: unknown = metadata?.['hand']
          if (typeof hand !== 'function') throw new Error('A sign-in link was made for nobody')
          await hand(token)
        },
      }),
    ],
  })
}

type Auth = ReturnType<typeof makeAuth>
const made = new WeakMap<Db, Auth>()

/** Answers the sign-in library on a database. Its own HTTP addresses are never opened. */
export function authOf(db: Db): Auth {
  let auth = made.get(db)
  if (!auth) {
    auth = makeAuth(db)
    made.set(db, auth)
  }
  return auth
}

/** Makes a one-time sign-in word for an address, which need not have an account yet. Only its hash is kept. */
export async function makeLink(db: Db, email: string): Promise<string> {
  let word = ''
  const hand = (token: string): void => {
    word = token
  }
  await authOf(db).api.signInMagicLink({ body: { email, metadata: { hand } }, headers: new Headers() })
  return word
}
