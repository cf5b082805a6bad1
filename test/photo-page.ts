import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import sharp from 'sharp'
import { buffer } from 'node:stream/consumers'
import { render } from 'svelte/server'
import { build } from 'vite'
import { afterAll, afterEach, beforeAll } from 'vitest'
import CoverSquares from '#media/CoverSquares.svelte'
import PhotoChoice from '#media/PhotoChoice.svelte'
import { openBrowser } from './browser.ts'
import * as files from './pictures/files.ts'
import { db, passFor, root, rowsOf } from './tus.ts'
import { openDoor, type OpenDoor } from './upload-door.ts'

const project = path.resolve(import.meta.dirname, '..')
const policy =
  "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; script-src 'self'; frame-ancestors 'none'"
const look = ['tokens', 'base', 'page', 'form', 'photos']
  .map((part) => readFileSync(path.join(project, `src/ui/look/${part}.css`), 'utf8'))
  .join('\n')
const squares = { src: '/picture.png', words: 'Two people', width: 400, height: 300 }
const told = '/told?step=2'

/** What a test of the page for pictures holds: the page itself, the pass that is in it, and what broke in it. */
export type PhotoPage = {
  pass: string
  readonly door: OpenDoor
  readonly page: Page
  broken: string[]
  /** What /waits says whenever it is asked for. */
  parts: () => string
  open: (where: string, how?: Parameters<Browser['newContext']>[0]) => Promise<void>
  /** Opens the page once more in the same browser. */
  again: (where: string) => Promise<void>
}

async function buildElements(): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'abe-photos-'))
  await build({
    root: project,
    configFile: path.join(project, 'vite.elements.config.ts'),
    logLevel: 'error',
    build: { outDir: folder },
  })
  return folder
}

/** Serves the pages with pictures, and the door they send to, for one test file. */
async function serve(stage: PhotoPage, folder: string): Promise<OpenDoor> {
  const picture = await files.kinds.png()
  const pages: Record<string, () => string> = {
    '/choose': () => render(PhotoChoice, { props: { pass: stage.pass, back: told } }).body,
    '/squares': () =>
      `<form action="/told">${render(CoverSquares, { props: squares }).body}<button>Cover</button></form>`,
    '/told': () => '<p>Thank you</p>',
    '/waits': () => stage.parts(),
  }
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
  return openDoor(db, root, {}, (request, response) => {
    const [type, body] = send(new URL(request.url ?? '/', 'http://localhost'))
    response.writeHead(200, { 'content-type': type, 'content-security-policy': policy }).end(body)
  })
}

function opened<Thing>(thing: Thing | undefined): Thing {
  if (thing === undefined) throw new Error('It is opened before a test, and not yet')
  return thing
}

/** Builds the elements and opens a browser for one test file; call it once, at the top. */
export function photoPage(): PhotoPage {
  let [browser, context, page]: [Browser?, BrowserContext?, Page?] = []
  let [door, folder]: [OpenDoor?, string?] = []
  const again = async (where: string) => {
    page = await opened(context).newPage()
    stage.broken.length = 0
    page.on('console', (message) => {
      if (/content security policy/i.test(message.text())) stage.broken.push(message.text())
    })
    page.on('pageerror', (error) => stage.broken.push(error.message))
    await page.goto(stage.door.origin + where)
  }
  const open = async (where: string, how: Parameters<Browser['newContext']>[0] = {}) => {
    context = await opened(browser).newContext({ viewport: { width: 900, height: 800 }, ...how })
    await again(where)
  }
  const stage: PhotoPage = {
    pass: passFor(),
    broken: [],
    parts: () => '',
    open,
    again,
    get page() {
      return opened(page)
    },
    get door() {
      return opened(door)
    },
  }
  beforeAll(async () => {
    folder = await buildElements()
    door = await serve(stage, folder)
    browser = await openBrowser()
  }, 120_000)
  afterEach(() => context?.close())
  afterAll(async () => {
    await browser?.close()
    await door?.close()
    if (folder) rmSync(folder, { recursive: true, force: true })
  })
  return stage
}

export const chosen = (name: string, bytes: Buffer) => ({ name, mimeType: 'image/jpeg', buffer: bytes })
export const choose = (page: Page, ...pictures: ReturnType<typeof chosen>[]) =>
  page.getByLabel('Pictures', { exact: true }).setInputFiles(pictures)
export const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).click()
export const sendAll = (page: Page) => press(page, 'Send the pictures')

/** The picture that arrived, as pixels; and its bytes. */
export async function arrived(
  stage: PhotoPage,
): Promise<{ bytes: Buffer; at: (x: number, y: number) => number[] }> {
  const [row] = await rowsOf(stage.pass)
  const found = await stage.door.store.get('originals', row?.original ?? '')
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
export const isGrey = (colour: number[]): boolean => colour.every((value) => Math.abs(value - 0x33) < 12)
