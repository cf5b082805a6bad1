import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import AxeBuilder from 'axe-core'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import sharp from 'sharp'
import { buffer } from 'node:stream/consumers'
import { render } from 'svelte/server'
import { build } from 'vite'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import CoverSquares from '#media/CoverSquares.svelte'
import PhotoChoice from '#media/PhotoChoice.svelte'
import { readReceipt } from '#media/receipt.ts'
import { openBrowser } from './browser.ts'
import { exif } from './pictures/exif.ts'
import * as files from './pictures/files.ts'
import { db, hashOf, passFor, root, rowsOf, stored } from './tus.ts'
import { openDoor, type OpenDoor } from './upload-door.ts'

const project = path.resolve(import.meta.dirname, '..')
const folder = mkdtempSync(path.join(tmpdir(), 'abe-photos-'))
const policy =
  "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; script-src 'self'; frame-ancestors 'none'"
const look = ['tokens', 'base', 'page', 'form', 'photos']
  .map((part) => readFileSync(path.join(project, `src/ui/look/${part}.css`), 'utf8'))
  .join('\n')

let pass = passFor()
const pages: Record<string, () => string> = {
  '/choose': () => render(PhotoChoice, { props: { pass, back: '/told?step=2' } }).body,
  '/squares': () =>
    `<form action="/told">${render(CoverSquares, { props: { src: '/picture.png', words: 'Two people', width: 400, height: 300 } }).body}<button>Cover</button></form>`,
  '/told': () => '<p>Thank you</p>',
}

let door: OpenDoor
let browser: Browser
let context: BrowserContext
let page: Page
const broken: string[] = []

beforeAll(async () => {
  await build({
    root: project,
    configFile: path.join(project, 'vite.elements.config.ts'),
    logLevel: 'error',
    build: { outDir: folder },
  })
  const picture = await files.kinds.png()
  const send = (url: URL): [string, string | Buffer] => {
    if (url.pathname === '/look.css') return ['text/css', look]
    if (url.pathname === '/picture.png') return ['image/png', picture]
    if (url.pathname.startsWith('/elements/'))
      return ['text/javascript', readFileSync(path.join(folder, path.basename(url.pathname)))]
    const inside = pages[url.pathname]?.() ?? ''
    return [
      'text/html',
      `<!doctype html><html lang="en"><title>t</title><link rel="stylesheet" href="/look.css"><script type="module" src="/elements/photos.js"></script><main><h1>Pictures</h1>${inside}</main></html>`,
    ]
  }
  door = await openDoor(db, root, {}, (request, response) => {
    const [type, body] = send(new URL(request.url ?? '/', 'http://localhost'))
    response.writeHead(200, { 'content-type': type, 'content-security-policy': policy }).end(body)
  })
  browser = await openBrowser()
}, 120_000)

afterEach(() => context.close())
afterAll(async () => {
  await browser.close()
  await door.close()
  rmSync(folder, { recursive: true, force: true })
})

async function open(where: string, how: Parameters<Browser['newContext']>[0] = {}) {
  context = await browser.newContext({ viewport: { width: 900, height: 800 }, ...how })
  await openPage(where)
}
async function openPage(where: string) {
  page = await context.newPage()
  broken.length = 0
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) broken.push(message.text())
  })
  page.on('pageerror', (error) => broken.push(error.message))
  await page.goto(door.origin + where)
}
const chosen = (name: string, bytes: Buffer) => ({ name, mimeType: 'image/jpeg', buffer: bytes })
const choose = (...pictures: ReturnType<typeof chosen>[]) =>
  page.getByLabel('Pictures', { exact: true }).setInputFiles(pictures)
const press = (name: string | RegExp) => page.getByRole('button', { name }).click()
const sendAll = () => press('Send the pictures')

async function axe(): Promise<string[]> {
  await page.evaluate(AxeBuilder.source)
  return page.evaluate(async () => {
    const { axe: run } = window as unknown as { axe: typeof AxeBuilder }
    const { violations } = await run.run()
    return violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' ')}`)
  })
}

/** The picture that arrived, as pixels; and its bytes. */
async function arrived(): Promise<{ bytes: Buffer; at: (x: number, y: number) => number[] }> {
  const [row] = await rowsOf(pass)
  const found = await door.store.get('originals', row?.original ?? '')
  const bytes = found ? await buffer(found.body) : Buffer.alloc(0)
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true })
  return {
    bytes,
    at: (x, y) => {
      const from = (Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * info.channels
      return [...data.subarray(from, from + 3)]
    },
  }
}
const isGrey = (colour: number[]): boolean => colour.every((value) => Math.abs(value - 0x33) < 12)

describe('choosing pictures', () => {
  test('several are sent from the page, within its policy, and the browser goes on to where the form would have gone', async () => {
    pass = passFor()
    const pictures = await Promise.all([
      files.kinds.jpeg(),
      files.kinds.webp(),
      files.fourSquares(900, 600).jpeg().toBuffer(),
    ])
    await open('/choose')
    await choose(chosen('a.jpg', pictures[0]), chosen('b.webp', pictures[1]))
    await choose(chosen('c.jpg', pictures[2]))
    expect(await page.locator('.photo-list li').count()).toBe(3)
    expect(await axe()).toEqual([])
    await press('Leave it out: b.webp')
    await sendAll()
    await page.getByText('Thank you').waitFor()
    expect(readReceipt(new URL(page.url()).searchParams)).toEqual({ received: 2, refused: [] })
    const rows = await rowsOf(pass)
    const sums = await Promise.all(rows.map((row) => stored(row.original)))
    expect(sums.toSorted()).toEqual([pictures[0], pictures[2]].map(hashOf).toSorted())
    expect(await page.evaluate(() => localStorage.length)).toBe(0)
    expect(broken).toEqual([])
  }, 60_000)

  test('what is refused says why beside its name, and the others arrive', async () => {
    pass = passFor()
    await open('/choose')
    await choose(
      chosen('good.jpg', await files.kinds.jpeg()),
      chosen('large.jpg', Buffer.alloc(64 * 1024 * 1024 + 1)),
    )
    await sendAll()
    await page.getByText('Sent: 1. Not sent: 1.').waitFor()
    expect(await page.locator('li', { hasText: 'large.jpg' }).textContent()).toContain('larger than 64 MB')
    pass = 'made.up'
    await page.goto(`${door.origin}/choose`)
    await choose(chosen('good.jpg', await files.kinds.jpeg()))
    await sendAll()
    await page.locator('li', { hasText: 'has ended' }).waitFor()
  }, 60_000)

  test('without JavaScript the form does the same', async () => {
    pass = passFor()
    const picture = await files.kinds.jpeg()
    await open('/choose', { javaScriptEnabled: false })
    await choose(chosen('a.jpg', picture), chosen('b.pdf', Buffer.from('%PDF-1.7')))
    await sendAll()
    await page.getByText('Thank you').waitFor()
    const receipt = readReceipt(new URL(page.url()).searchParams)
    expect([receipt?.received, receipt?.refused[0]?.key]).toEqual([1, 'media.wrong.kind'])
    const received = (await rowsOf(pass)).find((row) => row.state === 'received')
    expect(await stored(received?.original)).toBe(hashOf(picture))
  }, 60_000)
})

describe('covering before anything is sent', () => {
  test('with keys alone: added, moved, undone, and burnt into what leaves the device', async () => {
    pass = passFor()
    const { hide, hidden } = files.hiding()
    const plain = await files.fourSquares(1000, 800).jpeg({ quality: 95 }).toBuffer()
    const picture = files.withSegments(plain, files.exifSegment(exif({ hide })))
    await open('/choose')
    await choose(chosen('a.jpg', picture))
    const button = page.getByRole('button', { name: 'Cover a part: a.jpg' })
    await button.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'Cover parts of this picture' }).waitFor()
    expect(await axe()).toEqual([])
    await page.getByRole('button', { name: 'A square cover' }).focus()
    await page.keyboard.press('Enter')
    for (let n = 0; n < 12; n += 1) await page.keyboard.press('ArrowLeft')
    for (let n = 0; n < 12; n += 1) await page.keyboard.press('ArrowUp')
    await page.getByText('Cover 1 of 1').waitFor()
    await page.getByRole('button', { name: 'A round cover' }).press('Enter')
    await page.keyboard.press('Delete')
    await press('Undo')
    await press('Undo')
    await page.getByRole('button', { name: 'Done', exact: true }).press('Enter')
    expect(await button.evaluate((one) => one === document.activeElement)).toBe(true)
    await page.getByText('Covers: 1').waitFor()
    await sendAll()
    await page.getByText('Thank you').waitFor()
    const { bytes, at } = await arrived()
    expect(files.foundIn(picture, hidden)).toHaveLength(hidden.length)
    expect(files.foundIn(bytes, hidden)).toEqual([])
    expect(isGrey(at(0.26, 0.26))).toBe(true)
    expect(isGrey(at(0.75, 0.75))).toBe(false)
    expect(broken).toEqual([])
  }, 60_000)

  test('by drawing, and left again without', async () => {
    pass = passFor()
    await open('/choose')
    await choose(chosen('a.jpg', await files.fourSquares(800, 800).jpeg().toBuffer()))
    await press('Cover a part: a.jpg')
    const stage = await page.locator('.cover-stage svg').boundingBox()
    if (!stage) throw new Error('nothing to draw on')
    const drag = async (from: [number, number], to: [number, number]) => {
      await page.mouse.move(stage.x + from[0] * stage.width, stage.y + from[1] * stage.height)
      await page.mouse.down()
      await page.mouse.move(stage.x + to[0] * stage.width, stage.y + to[1] * stage.height, { steps: 4 })
      await page.mouse.up()
    }
    await drag([0.6, 0.6], [0.9, 0.9])
    await drag([0.75, 0.75], [0.3, 0.75])
    expect(await page.locator('.cover').count()).toBe(1)
    await press('Done')
    await press('Cover a part: a.jpg')
    await drag([0.1, 0.1], [0.4, 0.4])
    await page.keyboard.press('Escape')
    await page.getByText('Covers: 1').waitFor()
    await sendAll()
    await page.getByText('Thank you').waitFor()
    const { at } = await arrived()
    expect([isGrey(at(0.3, 0.75)), isGrey(at(0.75, 0.75)), isGrey(at(0.25, 0.25))]).toEqual([
      true,
      false,
      false,
    ])
  }, 60_000)

  test('with squares, where nothing can be drawn', async () => {
    await open('/squares', { javaScriptEnabled: false })
    await page.getByLabel('Row 3, column 2').check()
    await page.getByLabel('Row 3, column 3').press('Space')
    await press('Cover')
    await page.getByText('Thank you').waitFor()
    expect(new URL(page.url()).searchParams.getAll('squares')).toEqual(['2-1', '2-2'])
  }, 60_000)
})

describe('a line that is cut', () => {
  /** A large picture that is one, so that the browser can open it. */
  const large = async (): Promise<Buffer> => {
    const noise = { type: 'gaussian' as const, mean: 128, sigma: 60 }
    return sharp({ create: { width: 3200, height: 2400, channels: 3, background: '#888', noise } })
      .jpeg({ quality: 95 })
      .toBuffer()
  }

  test('is waited for, and the picture goes on when there is one again', async () => {
    pass = passFor()
    const picture = await large()
    expect(picture.length).toBeGreaterThan(5_000_000)
    await open('/choose')
    let pieces = 0
    await page.route('**/upload/*', (route) => {
      const isPiece = route.request().method() === 'PATCH'
      if (isPiece) pieces += 1
      return pieces > 1 ? route.abort('internetdisconnected') : route.continue()
    })
    await choose(chosen('a.jpg', picture))
    await sendAll()
    await page.getByText('The line is gone').waitFor()
    await page.unroute('**/upload/*')
    await page.evaluate(() => dispatchEvent(new Event('online')))
    await page.getByText('Thank you').waitFor()
    expect(await stored((await rowsOf(pass))[0]?.original)).toBe(hashOf(picture))
    expect(await rowsOf(pass)).toHaveLength(1)
  }, 90_000)

  test('and a browser that was closed: the same file, chosen again, goes on with the covers it had', async () => {
    pass = passFor()
    const picture = await large()
    await open('/choose')
    await page.route('**/upload/*', (route) =>
      route.request().headers()['upload-offset'] === '0'
        ? route.continue()
        : route.abort('internetdisconnected'),
    )
    await choose(chosen('Sam.jpg', picture))
    await press('Cover a part: Sam.jpg')
    await press('A square cover')
    await press('Done')
    await sendAll()
    await page.getByText('The line is gone').waitFor()
    const kept = await page.evaluate(() => JSON.stringify(localStorage))
    expect(kept).not.toContain('Sam')
    expect(kept.length).toBeLessThan(1500)
    await page.close({ runBeforeUnload: false })
    await openPage('/choose')
    await page.getByText('One picture was not sent to its end').waitFor()
    const begun: string[] = []
    page.on('request', (request) => {
      if (request.method() === 'POST') begun.push(request.url())
    })
    await choose(chosen('renamed.jpg', picture))
    await page.getByText('Covers: 1').waitFor()
    await sendAll()
    await page.getByText('Thank you').waitFor()
    expect(begun).toEqual([])
    expect(await rowsOf(pass)).toMatchObject([{ state: 'received' }])
    expect(isGrey((await arrived()).at(0.5, 0.5))).toBe(true)
  }, 90_000)
})
