import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { stripTypeScriptTypes } from 'node:module'
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser } from './browser.ts'

const source = readFileSync(path.resolve(import.meta.dirname, '../src/elements/open-page.ts'), 'utf8')
const script = `${stripTypeScriptTypes(source)}\ncustomElements.define('abe-open', OpenPage)`

let server: Server
let browser: Browser
let page: Page
let origin = ''
/** What stands at each address just now: the inside of the page, or how it fails. */
const pages = new Map<string, string | number>()

beforeAll(async () => {
  server = createServer((request, response) => {
    const at = request.url ?? '/'
    if (at === '/open.js') {
      response.setHeader('content-type', 'text/javascript').end(script)
      return
    }
    const inside = pages.get(at) ?? 404
    response.statusCode = typeof inside === 'number' ? inside : 200
    response.setHeader('content-type', 'text/html')
    response.end(
      `<!doctype html><title>t</title><script type="module" src="/open.js"></script>${
        typeof inside === 'number' ? '<p>Not here</p>' : inside
      }`,
    )
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  browser = await openBrowser()
})
afterAll(async () => {
  await browser.close()
  server.closeAllConnections()
  await new Promise((done) => server.close(done))
})
afterEach(async () => {
  await page.close()
  pages.clear()
})

const photograph = '<picture><img src="/x.jpg" alt="Two people"></picture>'

async function opened(inside: string, attributes = 'every="30"', reducedMotion = false): Promise<void> {
  page = await browser.newPage({ reducedMotion: reducedMotion ? 'reduce' : 'no-preference' })
  await page.clock.install()
  stands('/', inside, attributes)
  await page.goto(origin)
  await page.waitForFunction(() => customElements.get('abe-open') !== undefined)
}
const stands = (at: string, inside: string, attributes = 'every="30"') =>
  pages.set(at, `<abe-open ${attributes}>${inside}</abe-open>`)
const after = (seconds: number) => page.clock.runFor(seconds * 1000)

describe('an open page', () => {
  test('drops within a minute what was taken down, and keeps the rest', async () => {
    await opened(`<h1>A bell</h1>${photograph}`)
    stands('/', '<h1>A bell</h1>')
    await after(31)
    await page.locator('picture').waitFor({ state: 'detached' })
    expect(await page.locator('h1').innerText()).toBe('A bell')
  })

  test('becomes the neutral answer when all of it is gone', async () => {
    await opened(photograph)
    pages.set('/', 404)
    await after(31)
    await page.getByText('Not here').waitFor()
    expect(await page.locator('picture').count()).toBe(0)
  })

  test('of a list loses what is gone, changes what is another, and is not moved by what is new', async () => {
    const item = (name: string, words: string) => `<li data-open="${name}">${words}</li>`
    await opened(
      `<ul>${item('a', 'A')}${item('b', `B${photograph}`)}${item('c', 'C')}</ul>`,
      'every="30" items',
    )
    stands('/', `<ul>${item('new', 'New')}${item('b', 'B')}${item('c', 'C')}</ul>`, 'every="30" items')
    await after(31)
    await page.locator('[data-open=a]').waitFor({ state: 'detached' })
    expect(await page.locator('li').allInnerTexts()).toEqual(['B', 'C'])
    expect(await page.locator('picture').count()).toBe(0)
  })

  test('that cannot ask keeps its words, and its photographs are away until it can', async () => {
    await opened(`<h1>A bell</h1>${photograph}`)
    const kept = pages.get('/') ?? ''
    pages.set('/', 503)
    await after(95)
    await page.locator('picture').waitFor({ state: 'hidden' })
    expect(await page.locator('h1').innerText()).toBe('A bell')
    pages.set('/', kept)
    await after(31)
    await page.locator('picture').waitFor({ state: 'visible' })
  })

  test('moves on by itself where that was asked for, and whoever was at a link stays at it', async () => {
    const nav = (next: string) => `<a href="/pause">Pause</a> <a href="${next}">Next</a>`
    await opened(`<h1>One</h1>${nav('/two')}`, 'every="25" onward="/two"')
    stands('/two', `<h1>Two</h1>${nav('/')}`, 'every="25" onward="/"')
    await page.getByText('Pause').focus()
    await after(26)
    await page.getByText('Two').waitFor()
    expect(new URL(page.url()).pathname).toBe('/two')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Pause')
    await after(26)
    await page.getByText('One').waitFor()
  })

  test('does not move for somebody who wants no motion, and still drops what is gone', async () => {
    await opened(`<h1>One</h1>${photograph}`, 'every="25" onward="/two"', true)
    stands('/two', '<h1>Two</h1>')
    stands('/', '<h1>One</h1>', 'every="25" onward="/two"')
    await after(26)
    await page.locator('picture').waitFor({ state: 'detached' })
    expect(await page.locator('h1').innerText()).toBe('One')
  })
})
