import { expect, test, vi } from 'vitest'
import { anybody } from '#kernel/viewer.ts'
import { linkWorks, viewerOf } from '#accounts/server/reads/session.ts'
import {
  askToSignIn,
  organiserLink,
  signIn,
  signOut,
  type SessionCookie,
} from '#accounts/server/writes/sign-in.ts'
import { forgetOldLinks } from '#accounts/server/writes/forget.ts'
import { connect } from '#platform/server/db.ts'
import { testDatabase } from '../../../../test/db.ts'

const db = await testDatabase()
let keys = 0
const ask = async (email: string, formKey = `key ${(keys += 1)}`, next = '') =>
  askToSignIn(db, anybody, { email, next, formKey, client: '203.0.113.9' }, new Date())

async function mailedLinks(email: string): Promise<string[]> {
  const mails = await db
    .selectFrom('mails')
    .selectAll()
    .where('address', '=', email)
    .orderBy('created')
    .execute()
  return mails.map((mail) => (mail.params as { link: string }).link)
}
const wordIn = (link: string): string => new URL(link).pathname.split('/').at(-1) ?? ''
const headersOf = (cookie: SessionCookie): Headers =>
  new Headers({ cookie: `${cookie.name}=${encodeURIComponent(cookie.value)}` })
async function mailedWord(email: string): Promise<string> {
  await ask(email)
  return wordIn((await mailedLinks(email)).at(-1) ?? '')
}

test('a mailed link signs in once, and the account it makes has no role', async () => {
  const word = await mailedWord('new@people.test')
  expect(await linkWorks(db, word, new Date())).toBe(true)
  const cookie = await signIn(db, anybody, { token: word }, new Date())
  expect(cookie.name).toContain('session_token')
  expect(cookie.seconds).toBe(30 * 24 * 60 * 60)
  const viewer = await viewerOf(db, headersOf(cookie))
  expect(viewer).toMatchObject({ email: 'new@people.test', roles: [] })
  await expect(signIn(db, anybody, { token: word }, new Date())).rejects.toMatchObject({
    key: 'accounts.sign-in.stale',
  })
})

test('two presses at the same moment sign in once', async () => {
  const word = await mailedWord('twice@people.test')
  const both = await Promise.allSettled([1, 2].map(() => signIn(db, anybody, { token: word }, new Date())))
  expect(both.map((one) => one.status).toSorted()).toEqual(['fulfilled', 'rejected'])
})

test('the words of a link are kept nowhere but in the waiting mail', async () => {
  const word = await mailedWord('secret@people.test')
  const kept = JSON.stringify(await db.selectFrom('verifications').selectAll().execute())
  expect(kept).toContain('secret@people.test')
  expect(kept).not.toContain(word)
})

test('looking at a link, or at a page with a session, writes nothing', async () => {
  const word = await mailedWord('look@people.test')
  for (let look = 0; look < 3; look += 1) await linkWorks(db, word, new Date())
  const cookie = await signIn(db, anybody, { token: word }, new Date())
  const before = await db.selectFrom('sessions').selectAll().execute()
  await viewerOf(db, headersOf(cookie))
  expect(await db.selectFrom('sessions').selectAll().execute()).toEqual(before)
})

test('a link that is forged, malformed or older than 30 minutes is refused', async () => {
  for (const token of ['', 'a', "' or 1=1", 'x'.repeat(200), '../../me', '\u0000', '🫖']) {
    await expect(signIn(db, anybody, { token }, new Date()), token).rejects.toMatchObject({ kind: 'invalid' })
  }
  const word = await mailedWord('late@people.test')
  const rows = await db
    .selectFrom('verifications')
    .select('expires')
    .where('value', 'like', '%late@%')
    .execute()
  const minutes = ((rows[0]?.expires.getTime() ?? 0) - Date.now()) / 60_000
  expect(minutes).toBeGreaterThan(29)
  expect(minutes).toBeLessThanOrEqual(30)
  await db
    .updateTable('verifications')
    .set({ expires: new Date(Date.now() - 1000) })
    .execute()
  expect(await linkWorks(db, word, new Date())).toBe(false)
  await expect(signIn(db, anybody, { token: word }, new Date())).rejects.toMatchObject({ kind: 'invalid' })
  await mailedWord('late@people.test')
  await forgetOldLinks(db, new Date())
  expect(await db.selectFrom('verifications').select('id').execute()).toHaveLength(1)
})

test('a cookie that was changed, or whose session has ended, is nobody', async () => {
  const cookie = await signIn(db, anybody, { token: await mailedWord('out@people.test') }, new Date())
  const forged = new Headers({ cookie: `${cookie.name}=${encodeURIComponent(`x${cookie.value}`)}` })
  expect(await viewerOf(db, forged)).toBe(anybody)
  const gone = await signOut(db, headersOf(cookie))
  expect(gone).toMatchObject({ name: cookie.name, value: '', seconds: 0 })
  expect(await viewerOf(db, headersOf(cookie))).toBe(anybody)
  await expect(signOut(db, headersOf(cookie))).resolves.not.toThrow()
})

test('a form pressed twice mails once; a sixth mail within the hour is refused', async () => {
  await ask('many@people.test', 'same')
  await ask('many@people.test', 'same')
  expect(await mailedLinks('many@people.test')).toHaveLength(1)
  for (let more = 0; more < 3; more += 1) await ask('many@people.test')
  await expect(ask('many@people.test')).rejects.toMatchObject({ kind: 'too-often' })
})

test('the way back stays on this site', async () => {
  await ask('next@people.test', 'a', '/desk/people')
  await ask('next@people.test', 'b', 'https://elsewhere.test/')
  await ask('next@people.test', 'c', '//elsewhere.test')
  await ask('next@people.test', 'd', '/\\elsewhere.test')
  expect((await mailedLinks('next@people.test')).map((link) => new URL(link).search)).toEqual([
    '?next=%2Fdesk%2Fpeople',
    '',
    '',
    '',
  ])
})

test('the command makes an organiser once, and its address signs in', async () => {
  const first = await organiserLink(db, ' Boss@People.test ', new Date())
  const second = await organiserLink(db, 'boss@people.test', new Date())
  for (const link of [first, second]) {
    const cookie = await signIn(db, anybody, { token: wordIn(link) }, new Date())
    const viewer = await viewerOf(db, headersOf(cookie))
    expect(viewer.roles).toEqual([{ role: 'organiser', group: null, organisation: null }])
  }
  const log = await db.selectFrom('auditLog').select(['who', 'action']).orderBy('id').execute()
  expect(log.map((entry) => entry.action)).toEqual(['role.given', 'account.signed-in', 'account.signed-in'])
  expect(log[0]?.who).toBe('site')
})

test('on a site with https the cookie is kept from plain http and from scripts', async () => {
  vi.stubEnv('SITE_URL', 'https://week.example.org')
  const secure = connect(db.url, 2)
  try {
    const cookie = await signIn(secure, anybody, { token: await mailedWord('safe@people.test') }, new Date())
    expect(cookie).toMatchObject({ name: '__Secure-abitextra.session_token', secure: true })
    expect(await viewerOf(secure, headersOf(cookie))).toMatchObject({ email: 'safe@people.test' })
  } finally {
    vi.unstubAllEnvs()
    await secure.destroy()
  }
})
