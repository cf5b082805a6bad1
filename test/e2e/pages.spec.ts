import type { Browser, Page } from 'playwright-core'
import { safeParse } from 'valibot'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { formKey } from '#kernel/input.ts'
import { openBrowser } from '../browser.ts'
import { everyPage, routeOf, routes, type Pages } from '../every-page.ts'
import { databaseOf, giveRole, sharedSite, signInAs } from '../site.ts'

const site = sharedSite()
const organiser = 'pages-organiser@people.org'
/** The most JavaScript that a reading page may load before anything is touched, bytes as they are sent. */
const mostScript = 15_000

/** The pages that have elements of their own. */
const ownScripts = {
  photos: /^\/stories\/edit\/(?!forged)[^/]+\/pictures$/,
  letter: /^\/letters\/(new(\?.*)?|(?!forged)[\w-]{22})$/,
}

let cookie = ''
let pages: Pages
beforeAll(async () => {
  const db = databaseOf(site)
  await giveRole(db, organiser, 'organiser')
  cookie = await signInAs(site, organiser)
  pages = await everyPage(site, db, cookie)
  await db.destroy()
})

const read = async (path: string, headers: Record<string, string> = {}) => {
  const answer = await fetch(site.address + path, { headers: { accept: 'text/html', ...headers } })
  return { status: answer.status, html: await answer.text() }
}

test('the tests look at a page of every route there is', () => {
  const seen = new Set([...pages.open, ...pages.own, ...pages.desk].map(routeOf))
  expect(routes.length).toBeGreaterThan(50)
  expect(routes.filter((route) => !seen.has(route))).toEqual([])
})

test('every page answers as what it is', async () => {
  const bad = /\/(forged(\/(pictures|thanks))?|not\/there|nobody-here)$/
  for (const path of [...pages.open, ...pages.own]) {
    const wanted = path === '/too-large' ? [413] : bad.test(path) ? [200, 404] : [200]
    expect(wanted, path).toContain((await read(path)).status)
  }
  for (const path of pages.desk) expect((await read(path, { cookie })).status, path).toBe(200)
})

describe('an example', () => {
  test('says so on every page, and asks search engines to leave it out', async () => {
    for (const path of [...pages.open, ...pages.own]) {
      const { html } = await read(path)
      expect(html, path).toMatch(/class="page-banner"[^>]*><p[^>]*>This is an example\./)
      expect(html, path).toMatch(/<meta name="robots" content="noindex"/)
    }
    for (const path of pages.desk) {
      expect((await read(path, { cookie })).html, path).toMatch(/class="page-banner"/)
    }
  })
})

describe('a page carries no client runtime', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(() => browser.close())

  test('in what is sent: no script but the elements, no data for one, no module to fetch ahead', async () => {
    const all = [
      ...[...pages.open, ...pages.own].map((path) => [path, {}] as const),
      ...pages.desk.map((path) => [path, { cookie }] as const),
    ]
    for (const [path, own] of all) {
      const { html } = await read(path, own)
      for (const [, key] of html.matchAll(/name="formKey" value="([^"]*)"/g))
        expect(safeParse(formKey, key).success, `${path} sends a key that is taken: ${key}`).toBe(true)
      const scripts = [...html.matchAll(/<script\b([^>]*)>([^<]*)/g)]
        .filter(([, attributes = '']) => !attributes.includes('application/ld+json'))
        .map(([, attributes = '', inside = '']) => ({ attributes: attributes.trim(), inside: inside.trim() }))
      const elements = { attributes: 'type="module" src="/elements/base.js"', inside: '' }
      const more = Object.entries(ownScripts).filter(([, pattern]) => pattern.test(path))
      expect(scripts, path).toEqual([
        elements,
        ...more.map(([name]) => ({ ...elements, attributes: `type="module" src="/elements/${name}.js"` })),
      ])
      expect(html, path).not.toMatch(
        /__sveltekit|kit\.start|modulepreload|_app\/immutable\/(entry|nodes|chunks)/,
      )
    }
  })

  test('in what is loaded before anything is touched: only elements, 15 kB at most together', async () => {
    const context = await browser.newContext({ baseURL: site.address })
    const page = await context.newPage()
    let loaded: string[] = []
    page.on('request', (request) => {
      const { pathname } = new URL(request.url())
      if (request.resourceType() === 'script' || /\.m?js$/.test(pathname)) loaded.push(pathname)
    })
    for (const path of pages.open) {
      loaded = []
      await page.goto(path)
      await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)))
      expect(loaded, path).toContain('/elements/base.js')
      expect(
        loaded.filter((one) => !/^\/elements\/[\w.-]+\.js$/.test(one)),
        path,
      ).toEqual([])
      const sizes = await Promise.all([...new Set(loaded)].map(sizeOf))
      expect(
        sizes.reduce((sum, size) => sum + size, 0),
        `${path} loads ${loaded.join(', ')}`,
      ).toBeLessThanOrEqual(mostScript)
    }
    await context.close()
  })

  const sizeOf = async (path: string): Promise<number> =>
    gzipSync(Buffer.from(await (await fetch(site.address + path)).arrayBuffer())).length
})

describe('what is copied', () => {
  let browser: Browser
  let page: Page
  beforeAll(async () => {
    browser = await openBrowser()
    const context = await browser.newContext({ baseURL: site.address })
    context.setDefaultTimeout(8000)
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: site.address })
    page = await context.newPage()
  })
  afterAll(() => browser.close())

  const inClipboard = () =>
    page.evaluate(async () => {
      const [item] = await navigator.clipboard.read()
      const as = async (type: string) =>
        item?.types.includes(type) ? (await item.getType(type)).text() : null
      return { html: await as('text/html'), text: await as('text/plain') }
    })

  test('of a signature has its look for programs that keep it and words for others, or words alone', async () => {
    await page.goto('/kit/week-2027')
    const copy = async (name: string) => {
      const one = page.locator('abe-copy').filter({ hasText: name })
      await one.getByRole('button').click()
      await one.getByText('Copied').waitFor()
      return inClipboard()
    }
    const { html, text } = await copy('Copy with the picture')
    expect(html).toContain(`href="${site.address}`)
    expect(text).toContain(site.address)
    expect(text).not.toContain('<')
    expect(await copy('Copy as plain text')).toEqual({ html: null, text })
  })

  test('of a letter is the letter, letter by letter; and what cannot be copied says what to do', async () => {
    await page.goto('/letters/new')
    const typed = {
      officeName: 'The Chair',
      officeLines: 'Long House\nLeeds',
      title: 'Come and see it',
      words: 'A wren sang <b>loudly</b>.',
      name: 'Ann',
    }
    for (const [name, words] of Object.entries(typed)) await page.locator(`#${name}`).fill(words)
    for (const name of ['Look at it', 'Yes, choose how it goes'])
      await page.locator('main').getByRole('button', { name }).click()
    await page.locator('.delivery summary', { hasText: 'Copy the text' }).click()
    const copy = page.locator('.delivery abe-copy')
    await copy.getByRole('button').click()
    await copy.getByText('Copied').waitFor()
    const { text } = await inClipboard()
    expect(text).toBe(await page.locator('.delivery textarea[readonly]').inputValue())
    expect(text).toContain('A wren sang <b>loudly</b>.')
    await page.evaluate(() => {
      navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed'))
    })
    await copy.getByRole('button').click()
    await copy.getByText('Select the words and copy them yourself').waitFor()
  })
})
