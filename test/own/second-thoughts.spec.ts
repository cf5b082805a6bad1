import type { Db } from '#platform/server/db.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { removeDataFolder, startApp, until, type App } from '../app.ts'
import { makeActivity } from '../make.ts'
import { databaseOf, filledDataFolder, giveRole, linkIn, mailTo, send, signInAs } from '../site.ts'

/** A site of its own, for here the example goes. */
const dataDir = filledDataFolder()
let app: App
let db: Db
let cookie = ''
const site = () => ({ address: app.address, dataDir })
const organiser = 'undo-organiser@people.org'

beforeAll(async () => {
  app = await startApp({ DATA_DIR: dataDir, TRUSTED_PROXIES: '127.0.0.1' })
  db = databaseOf(site())
  await giveRole(db, organiser, 'organiser')
  cookie = await signInAs(site(), organiser)
})
afterAll(async () => {
  await db.destroy()
  await app.stop()
  removeDataFolder(dataDir)
})

async function page(path: string, signedIn = false): Promise<string> {
  const headers = { accept: 'text/html', ...(signedIn && { cookie }) }
  return (await fetch(app.address + path, { headers })).text()
}
const press = (path: string, fields: Record<string, string> = {}) =>
  send(site(), path, fields, { cookie, origin: app.address })
const heading = (html: string): string =>
  /<h1[^>]*>(.*?)<\/h1>/s
    .exec(html)?.[1]
    ?.replaceAll(/<[^>]*>/g, '')
    .trim() ?? ''

describe('removing the example', () => {
  let slug = ''

  test('hides it everywhere at once, says until when it can come back, and offers that', async () => {
    slug = (await makeActivity(db, { title: 'A real coffee' })).slug
    expect(await page('/')).toContain('Intensive Interaction Week 2027')
    expect((await press('/setup/example?/remove')).status).toBe(303)
    const left = await page('/setup/example', true)
    expect(left).toContain('The example is hidden.')
    expect(left).toMatch(/You can bring it back until \w+ \d+ \w+ \d{4}/)
    expect(left).toMatch(/action="\?\/back"/)
    await until('the kept pages are cleared', async () => !(await page('/')).includes('This is an example'))
    for (const path of ['/activities', '/stories', '/groups', '/weeks'])
      expect(await page(path), path).not.toContain('2027')
  })

  test('leaves pages that say that no date is announced, tell when it is, and list the past weeks', async () => {
    for (const [path, title] of [
      ['/', 'Do something a bit extra'],
      ['/activities', 'What is on'],
      ['/activities?country=GB&view=map', ''],
      ['/stories', 'Stories'],
    ] as const) {
      const html = await page(path)
      expect(html, path).toContain('Date not announced yet')
      expect(html, path).toMatch(/<form method="post" action="\/tell-me-when"/)
      if (title) expect(heading(html).replaceAll(/\s+/g, ' '), path).toContain(title)
    }
    for (const path of ['/activities', '/stories'])
      expect(await page(path), path).toContain('<a href="/weeks/2022">Intensive Interaction Week 2022</a>')
    const before = await page('/activities?week=2022')
    expect(heading(before)).toBe('What was on')
    expect(before).toContain('Intensive Interaction Week 2022')
    for (const path of ['/activities.atom', '/activities.ics'])
      expect(await page(path), path).toContain('What was on: Intensive Interaction Week 2022')
    const email = 'tell-me@people.org'
    await send(site(), '/tell-me-when', { email })
    const link = linkIn(await mailTo(site(), email, ''), '/tell-me-when/')
    expect((await fetch(link)).status).toBe(200)
  })

  test('keeps what somebody real made in it, on its own page and in a draft of the organisers', async () => {
    expect(heading(await page(`/activities/${slug}`))).toBe('A real coffee')
    expect(await page('/setup/example', true)).toContain('href="/desk/weeks/2027"')
    expect(await page('/desk/weeks/2027', true)).toContain('Not announced yet')
  })

  test('is undone in one press', async () => {
    expect((await press('/setup/example?/back')).status).toBe(303)
    await until('the example is there again', async () =>
      (await page('/')).includes('Intensive Interaction Week 2027'),
    )
    expect(await page('/activities')).toMatch(/\d+ activities/)
    expect(await page('/stories')).toContain('Stories of Intensive Interaction Week 2027')
  })
})

test('erasing an account ends its roles at once and is undone in one press', async () => {
  await giveRole(db, 'another-organiser@people.org', 'organiser')
  expect((await press('/me?/erase')).status).toBe(303)
  const leaving = await page('/me', true)
  expect(leaving).toMatch(/Your account will be erased on \w+ \d+ \w+ \d{4}/)
  expect(leaving).not.toContain('action="?/erase"')
  const headers = { cookie, accept: 'text/html' }
  expect((await fetch(`${app.address}/desk`, { headers })).status).toBe(403)
  const mail = await mailTo(site(), organiser, 'will be erased')
  expect(linkIn(mail, '/sign-in')).toContain('next=/me')
  expect((await press('/me?/keep')).status).toBe(303)
  expect((await fetch(`${app.address}/desk`, { headers })).status).toBe(200)
})
