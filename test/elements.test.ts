import { readFileSync } from 'node:fs'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { render } from 'svelte/server'
import { build } from 'vite'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import Map from '#ui/Map.svelte'
import { openBrowser } from './browser.ts'

const root = path.resolve(import.meta.dirname, '..')
const folder = mkdtempSync(path.join(tmpdir(), 'abe-elements-'))
const policy =
  "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; script-src 'self'; worker-src 'self' blob:"
const types: Record<string, string> = {
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
}
const asked: string[] = []
const clusters = [
  { lat: 53, lon: -1, count: 34, href: '/activities?country=GB', label: '34 in the United Kingdom' },
  { lat: -37, lon: 145, count: 12, href: '/activities?country=AU', label: '12 in Australia' },
]
const answer = {
  type: 'FeatureCollection',
  features: clusters.map(({ lat, lon, count, href, label }) => ({
    type: 'Feature',
    geometry: { type: 'Point', coordinates: [lon, lat] },
    properties: { count, href, title: label },
  })),
}
const pages: Record<string, string> = {
  '/map': render(Map, {
    props: {
      viewport: { kind: 'world' },
      clusters,
      words: '46 activities',
      source: '/activities.geojson?kind=cafe',
    },
  }).body,
  '/form':
    '<abe-draft name="new" restored="Kept." forget="Start again"><form method="post" action="/sent"><label>What <input name="title"></label>' +
    '<label>E-mail <input name="mail" type="email"></label><button>Send</button></form></abe-draft>',
  '/count':
    '<label>What <textarea id="what"></textarea></label><abe-count for="what" most="20" left="Left: {count}" over="Too many: {count}"></abe-count>',
  '/sent': '<p>Thank you</p>',
  '/time':
    '<abe-time utc="2027-10-19T09:00:00Z" zone="Europe/London" words="({time} where you are)">10:00</abe-time>',
  '/near':
    '<form><label>Near <input name="near"></label><abe-near label="Use where I am" failed="No." into="near"></abe-near></form>',
}

let server: Server
let browser: Browser
let page: Page
let origin = ''
const broken: string[] = []

function serve(url: URL): [string, string | Buffer] {
  if (url.pathname === '/activities.geojson') {
    asked.push(url.search)
    return ['application/json', JSON.stringify(answer)]
  }
  if (url.pathname === '/look.css')
    return [
      'text/css',
      ['tokens', 'base', 'button', 'form', 'map']
        .map((part) => readFileSync(path.join(root, `src/ui/look/${part}.css`), 'utf8'))
        .join('\n'),
    ]
  if (url.pathname.startsWith('/elements/'))
    return [
      types[path.extname(url.pathname)] ?? 'text/plain',
      readFileSync(path.join(folder, path.basename(url.pathname))),
    ]
  const inside = pages[url.pathname] ?? ''
  return [
    'text/html',
    `<!doctype html><html lang="en-GB"><title>t</title><link rel="stylesheet" href="/look.css"><script type="module" src="/elements/base.js"></script><main>${inside}</main>`,
  ]
}

beforeAll(async () => {
  await build({
    root,
    configFile: path.join(root, 'vite.elements.config.ts'),
    logLevel: 'error',
    build: { outDir: folder },
  })
  server = createServer((request, response) => {
    const [type, body] = serve(new URL(request.url ?? '/', 'http://localhost'))
    response.writeHead(200, { 'content-type': type, 'content-security-policy': policy })
    response.end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  origin = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
  browser = await openBrowser()
}, 120_000)

afterEach(() => page.close())
afterAll(async () => {
  await browser.close()
  server.close()
  rmSync(folder, { recursive: true })
})

async function open(where: string, how: Parameters<Browser['newPage']>[0] = {}) {
  page = await browser.newPage({ viewport: { width: 900, height: 800 }, ...how })
  broken.length = 0
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) broken.push(message.text())
  })
  page.on('pageerror', (error) => broken.push(error.message))
  await page.goto(origin + where)
}

describe('the map', () => {
  it('brings the big one on press only, within the content security policy, and gives the focus back', async () => {
    const loaded: string[] = []
    await open('/map')
    page.on('request', (request) => loaded.push(new URL(request.url()).pathname))
    expect(await page.locator('a.map-pin:visible').count()).toBe(2)
    expect(loaded).not.toContain('/elements/map.js')
    await page.getByRole('button', { name: 'Open the big map' }).click()
    const pins = page.locator('a.map-marker')
    await pins.first().waitFor()
    expect(await pins.first().getAttribute('aria-label')).toBe('34 in the United Kingdom')
    expect(await page.locator('a.map-pin:visible').count()).toBe(0)
    await page.getByRole('status').filter({ hasText: 'In this view: 46.' }).waitFor()
    const query = new URLSearchParams(asked[0])
    expect(query.get('kind')).toBe('cafe')
    expect(query.get('bbox')?.split(',')).toHaveLength(4)
    await pins.first().focus()
    await page.keyboard.press('Escape')
    expect(await page.locator('canvas').count()).toBe(0)
    expect(await page.locator('a.map-pin:visible').count()).toBe(2)
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Open the big map')
    expect(broken).toEqual([])
  }, 60_000)

  it('stays a picture with links without JavaScript', async () => {
    await open('/map', { javaScriptEnabled: false })
    await page.keyboard.press('Tab')
    expect(await page.locator('a.map-pin:visible').first().getAttribute('href')).toBe(
      '/activities?country=GB',
    )
    expect(await page.getByRole('button').count()).toBe(0)
  })
})

describe('a draft', () => {
  it('comes back after the page was left, without the e-mail, and goes once it was sent', async () => {
    await open('/form')
    await page.getByLabel('What').fill('Coffee morning')
    await page.getByLabel('E-mail').fill('a@b.example')
    await page.reload()
    await page.getByText('Kept. Start again').waitFor()
    expect(await page.getByLabel('What').inputValue()).toBe('Coffee morning')
    expect(await page.getByLabel('E-mail').inputValue()).toBe('')
    await page.getByRole('button', { name: 'Send' }).click()
    await page.getByText('Thank you').waitFor()
    await page.goto(`${origin}/form`)
    expect(await page.getByLabel('What').inputValue()).toBe('')
    await expect.poll(() => page.evaluate(() => Object.keys(localStorage))).toEqual([])
  })

  it('can be thrown away', async () => {
    await open('/form')
    await page.getByLabel('What').fill('Coffee morning')
    await page.reload()
    await page.getByRole('button', { name: 'Start again' }).click()
    expect(await page.getByLabel('What').inputValue()).toBe('')
    await page.reload()
    expect(await page.getByLabel('What').inputValue()).toBe('')
  })
})

it('a text field says what is left when it becomes little, and how much is too much, and cuts nothing off', async () => {
  await open('/count')
  const field = page.getByLabel('What')
  await field.fill('x'.repeat(18))
  await page.getByRole('status').filter({ hasText: 'Left: 2' }).waitFor()
  await field.fill('x'.repeat(24))
  await page.getByRole('status').filter({ hasText: 'Too many: 4' }).waitFor()
  expect((await field.inputValue()).length).toBe(24)
  await field.fill('x')
  await expect.poll(() => page.getByRole('status').textContent()).toBe('')
})

it('a time says what the clock shows where the reader is', async () => {
  await open('/time', { timezoneId: 'Europe/Copenhagen' })
  await page.getByText('(11:00 where you are)').waitFor()
})

it('where I am is asked for on press only, and rounded', async () => {
  await open('/near', {
    geolocation: { latitude: 53.80123, longitude: -1.54876 },
    permissions: ['geolocation'],
  })
  expect(await page.getByLabel('Near').inputValue()).toBe('')
  await page.getByRole('button', { name: 'Use where I am' }).click()
  await expect.poll(() => page.getByLabel('Near').inputValue()).toBe('53.80,-1.55')
})
