import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { staleSeconds } from '#kernel/limits.ts'
import { urlOf } from '#platform/server/db.ts'
import { clusterOf } from '#platform/server/postgres/place.ts'
import { readPidFile } from '#platform/server/postgres/postmaster.ts'
import { type App, startApp, until } from '../app.ts'
import { filled, formsIn } from '../forms.ts'
import { answersOf, databaseOf, giveRole, linkIn, mailTo, send, sharedSite, signInAs } from '../site.ts'

const site = sharedSite()
const db = databaseOf(site)
const organiser = 'security-organiser@people.org'
let other: App
let cookie = ''

beforeAll(async () => {
  await giveRole(db, organiser, 'organiser')
  const file = readPidFile(clusterOf(site.dataDir))
  const DATABASE_URL = urlOf({ host: file?.socket ?? '', user: 'abitextra', database: 'abitextra' })
  const SECRET = readFileSync(join(site.dataDir, 'secret'), 'utf8')
  ;[cookie, other] = await Promise.all([
    signInAs(site, organiser),
    startApp({ DATA_DIR: site.dataDir, DATABASE_URL, ROLE: 'web', SECRET, TRUSTED_PROXIES: '127.0.0.1' }),
  ])
})
afterAll(async () => {
  await other.stop()
  await db.destroy()
})

const publicPages = [
  '/',
  '/activities',
  '/stories',
  '/groups',
  '/weeks',
  '/report',
  '/about',
  '/sign-in',
  '/not/there',
]
const get = (path: string, headers: Record<string, string> = {}, address = site.address) =>
  fetch(address + path, { headers: { accept: 'text/html', ...headers }, redirect: 'manual' })
const text = async (path: string, address?: string) => (await get(path, {}, address)).text()

describe('the headers', () => {
  test('let a page run and show nothing but our own', async () => {
    for (const path of publicPages) {
      const { headers } = await get(path)
      const policy = headers.get('content-security-policy') ?? ''
      expect(policy, path).toContain("default-src 'self'")
      expect(policy, path).not.toMatch(/unsafe-inline|unsafe-eval|\*/)
      for (const part of [
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
      ]) {
        expect(policy, path).toContain(part)
      }
      expect(headers.get('x-content-type-options'), path).toBe('nosniff')
      expect(headers.get('referrer-policy'), path).toMatch(
        /^(strict-origin-when-cross-origin|same-origin|no-referrer)$/,
      )
      expect(headers.get('x-keep-until'), path).toBe(null)
      expect(headers.get('x-powered-by'), path).toBe(null)
    }
  })

  test('hold for data, files and what is wrong, too', async () => {
    for (const path of [
      '/activities.json',
      '/activities.ics',
      '/elements/base.js',
      '/activities.json?page=x',
      '/activities/%ff',
    ]) {
      expect((await get(path)).headers.get('x-content-type-options'), path).toBe('nosniff')
    }
  })
})

describe('what is private', () => {
  test('is kept by nobody, and its address goes to nobody else', async () => {
    const email = 'private@people.org'
    await sayIt(email)
    const { pathname } = new URL(linkIn(await mailTo(site, email, 'Please confirm'), '/edit/'))
    for (const path of [
      pathname,
      '/sign-in/forged',
      '/come/forged',
      '/stories/edit/forged',
      '/tell-me-when/forged',
    ]) {
      const { headers } = await get(path)
      expect(headers.get('cache-control'), path).toMatch(/no-store|private, no-cache/)
      expect(headers.get('referrer-policy'), path).toMatch(
        /^(same-origin|no-referrer|strict-origin-when-cross-origin)$/,
      )
      const html = await text(path)
      expect(html, path).toMatch(/<meta name="robots" content="noindex"/)
    }
    for (const path of ['/desk', '/me', '/desk/outbox']) {
      const { headers } = await get(path, { cookie })
      expect(headers.get('cache-control'), path).toMatch(/no-store|private, no-cache/)
    }
  })

  test('is not given to a visitor because somebody who is signed in has seen it', async () => {
    for (const path of ['/', '/activities', '/stories', '/groups', '/weeks']) {
      const path2 = `${path}?from-the-desk=${crypto.randomUUID()}`
      expect(await (await get(path2, { cookie })).text(), path).toContain('href="/desk"')
      expect(await text(path2), path).not.toContain('href="/desk"')
      expect(await text(path2), path).not.toContain('href="/me"')
      expect(await (await get(path2, { cookie })).text(), path).toContain('href="/desk"')
    }
  })

  test('shows nothing of the desk to a visitor', async () => {
    for (const path of ['/desk', '/desk/outbox', '/desk/log', '/desk/people', '/me', '/setup']) {
      const answer = await get(path)
      expect([303, 401, 403, 404], path).toContain(answer.status)
    }
    expect((await get('/metrics', { 'x-forwarded-for': '203.0.113.9' })).status).toBeGreaterThanOrEqual(400)
  })

  test('says plainly to whoever is signed in without a role that their address has none', async () => {
    const email = 'no-role@people.org'
    const answer = await get('/desk', { cookie: await signInAs(site, email) })
    expect(answer.status).toBe(403)
    const html = await answer.text()
    for (const words of [
      'This address has no role here',
      `signed in as ${email}`,
      'An organiser can give',
      'Sign out',
    ])
      expect(html).toContain(words)
    expect(html).not.toMatch(/Something did not work|Sign in first/)
  })

  test('is not cached with a form key, which would be the same for two people', async () => {
    for (const path of ['/activities/new', '/sign-in', '/report', '/stories/new']) {
      const key = async () => /name="formKey" value="([^"]+)"/.exec(await text(path))?.[1]
      expect(await key(), path).not.toBe(await key())
    }
  })
})

async function sayIt(email: string) {
  const [form] = formsIn('/activities/new', await text('/activities/new'))
  if (!form) throw new Error('There is no form to say it')
  const answers = { kind: 'taster', when: 'week', where: 'online', email, title: `Seen by two ${email}` }
  return send(site, form.action, filled(form, answers))
}

describe('two web processes on one database', () => {
  const addresses = () => [site.address, other.address]
  /** Waits half as long as a page may be kept: what shows by then was let go because of a write, not because of its age. */
  const everywhere = async (path: string, words: string, there: boolean) => {
    for (const address of addresses()) {
      const change = async () => (await text(path, address)).includes(words) === there
      await until(`${address}${path} has changed`, change, staleSeconds / 2)
    }
  }
  const isKept = async (address: string, path: string) => {
    const before = await answersOf(address, 'cache')
    await text(path, address)
    return (await answersOf(address, 'cache')) > before
  }

  test('both let go of a kept page when one publishes, and when one hides', async () => {
    const email = 'two@people.org'
    const words = `Seen by two ${email}`
    const path = '/activities?q=seen'
    await sayIt(email)
    const link = linkIn(await mailTo(site, email, words), '/edit/')
    await send(site, `${link}?/confirm`, {})
    await everywhere(path, words, false)
    for (const address of addresses()) await until(`${address} keeps the page`, () => isKept(address, path))
    const row = await db
      .selectFrom('activities')
      .select(['id', 'slug', 'revision'])
      .where('title', '=', words)
      .executeTakeFirstOrThrow()
    const decision = { decision: 'publish', reason: '', revision: String(row.revision) }
    const published = await send(other, `/desk/activities/${row.id}?/decide`, decision, { cookie })
    expect(published.headers.get('location')).toBe('/desk')
    await everywhere(path, words, true)
    await send(site, '/report', {
      door: 'take-down',
      about: `/activities/${row.slug}`,
      formKey: crypto.randomUUID(),
    })
    await everywhere(path, words, false)
    expect((await get(`/activities/${row.slug}`, {}, other.address)).status).toBe(404)
  })
})
