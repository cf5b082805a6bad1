import { randomBytes, randomUUID } from 'node:crypto'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { formats } from '#kernel/pictures.ts'
import { checkClean } from '#platform/server/images/clean.ts'
import { openStory } from '#stories/server/writes/change.ts'
import { until } from '../app.ts'
import { openBrowser } from '../browser.ts'
import { faultsOf, forcedColourFaults, inDark } from '../faults.ts'
import { makeActivity, makeHostLink, makeStory } from '../make.ts'
import { exif } from '../pictures/exif.ts'
import * as files from '../pictures/files.ts'
import { apart, coloursAt, upright } from '../pictures/seen.ts'
import { databaseOf, sharedSite } from '../site.ts'

const site = sharedSite()
const db = databaseOf(site)
const contexts: BrowserContext[] = []
let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})
afterEach(async () => {
  for (const context of contexts.splice(0)) await context.close()
})
afterAll(async () => {
  await browser.close()
  await db.destroy()
})

/** A portrait as a phone saves it: lying on its side, with where it was taken, and words in every tag. */
async function portrait(width: number, hide: () => string): Promise<Buffer> {
  const { data, info } = await files
    .fourSquares((width * 3) / 4, width)
    .raw()
    .toBuffer({ resolveWithObject: true })
  // Noise, so that it is as large as what a camera saves.
  const noise = randomBytes(data.length)
  for (let at = 0; at < data.length; at += 1)
    data[at] = Math.max(0, (data[at] ?? 0) - ((noise[at] ?? 0) & 63))
  const { width: w, height, channels } = info
  const png = await sharp(data, { raw: { width: w, height, channels } })
    .png({ compressionLevel: 1 })
    .toBuffer()
  const side = await sharp(png).rotate(270).jpeg({ quality: 97 }).toBuffer()
  const facts = exif({ orientation: 6, taken: '2026:10:20 11:12:13', hide })
  return files.withSegments(side, files.exifSegment(facts), files.comment(hide()))
}

async function phone(javaScriptEnabled: boolean): Promise<{ page: Page; context: BrowserContext }> {
  const hand = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true }
  const context = await browser.newContext({ baseURL: site.address, javaScriptEnabled, ...hand })
  context.setDefaultTimeout(30_000)
  contexts.push(context)
  return { context, page: await context.newPage() }
}

/** The page of pictures of a story of its own, on a phone. */
async function teller(): Promise<{ here: string; page: Page; context: BrowserContext }> {
  const { id } = await makeStory(db, { state: 'draft' })
  const here = `/stories/edit/${await openStory(db, id, new Date())}/pictures`
  const opened = await phone(true)
  await opened.page.goto(here)
  return { here, ...opened }
}

const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first().click()
const choose = (page: Page, name: string, buffer: Buffer) =>
  page.getByLabel('Pictures', { exact: true }).setInputFiles([{ name, mimeType: 'image/jpeg', buffer }])
const shown = (page: Page) => page.locator('article .shown img')

/** Everything that is served of the only picture of a page, once all of it is made: bytes, headers and addresses. */
async function served(page: Page, here: string) {
  const version =
    (await page.locator('article').getAttribute('aria-labelledby'))?.replace('picture-', '') ?? ''
  const state = () => db.selectFrom('versions').select('state').where('id', '=', version).executeTakeFirst()
  await until('all of the picture is made', async () => (await state())?.state === 'made', 60)
  const rows = await db
    .selectFrom('renditions')
    .select(['width', 'format'])
    .where('version', '=', version)
    .execute()
  expect(new Set(rows.map(({ format }) => format))).toEqual(new Set(formats))
  const all = rows.map(async ({ width, format }) => {
    const address = `${site.address}${here}/${version}/${width}.${format}`
    const answer = await fetch(address)
    expect(answer.status).toBe(200)
    const bytes = Buffer.from(await answer.arrayBuffer())
    const said = Buffer.from(`${address}\n${JSON.stringify([...answer.headers])}`)
    return { format, bytes, all: Buffer.concat([bytes, said]) }
  })
  return { version, files: await Promise.all(all) }
}
const corners = [
  [0.1, 0.1],
  [0.9, 0.1],
  [0.1, 0.9],
  [0.9, 0.9],
] as const
const grey = [[0x33, 0x33, 0x33]]

/** Every byte that is served is upright, covered in the middle, and says nothing of what was hidden in the file. */
async function expectClean(page: Page, here: string, hidden: readonly string[]) {
  const { files: all } = await served(page, here)
  for (const one of all) {
    expect(files.foundIn(one.all, hidden)).toEqual([])
    expect(() => checkClean(one.format, one.bytes)).not.toThrow()
    const { width, height } = await sharp(one.bytes).metadata()
    expect(height / width).toBeCloseTo(4 / 3, 1)
    expect(apart(await coloursAt(one.bytes, corners), upright)).toBeLessThan(64)
    expect(apart(await coloursAt(one.bytes, [[0.5, 0.5]]), grey)).toBeLessThan(12)
  }
  expect(await page.content()).not.toMatch(new RegExp(hidden.join('|')))
}

const allFaults = async (page: Page): Promise<string[]> => [
  ...(await faultsOf(page)),
  ...(await inDark(page, faultsOf)),
  ...(await forcedColourFaults(page)),
]

/** Everything an answer says but the time. */
async function said(path: string, init: RequestInit): Promise<string> {
  const answer = await fetch(site.address + path, init)
  const headers = [...answer.headers].filter(([name]) => name !== 'date')
  return JSON.stringify({ status: answer.status, headers, body: await answer.text() })
}

test('a portrait from a phone is covered by hand, cut off, goes on after the page was closed, and is described', async () => {
  const { hide, hidden } = files.hiding()
  const picture = await portrait(4032, hide)
  expect(picture.length).toBeGreaterThan(5_000_000)
  expect(files.foundIn(picture, hidden)).toHaveLength(hidden.length)
  const { here, page, context } = await teller()
  await context.route('**/upload/*', (route) =>
    route.request().headers()['upload-offset'] === '0'
      ? route.continue()
      : route.abort('internetdisconnected'),
  )
  await choose(page, 'Sam at home.jpg', picture)
  await press(page, 'Cover a part: Sam at home.jpg')
  await press(page, 'A square cover')
  expect(await allFaults(page)).toEqual([])
  await press(page, 'Done')
  await press(page, 'Send the pictures')
  await page.getByText('The line is gone').waitFor()
  await page.close({ runBeforeUnload: false })

  const later = await context.newPage()
  await later.goto(here)
  await later.getByText('One picture was not sent to its end').waitFor()
  await later.getByText('One photograph has not arrived whole').waitFor()
  await context.unroute('**/upload/*')
  const begun: string[] = []
  later.on('request', (request) => void (request.method() === 'POST' && begun.push(request.url())))
  await choose(later, 'IMG_0001.jpg', picture)
  await later.getByText('Covers: 1').waitFor()
  await press(later, 'Send the pictures')
  await later.getByText('One photograph has arrived.').waitFor()
  await later.goto(here)
  await shown(later).waitFor()
  expect(begun).toEqual([])

  await later.getByLabel('What does it show?').fill('Two cups on a table.')
  await press(later, 'Keep these words')
  await later.getByText('Kept.', { exact: true }).waitFor()
  expect(await shown(later).getAttribute('alt')).toBe('Two cups on a table.')
  await later.getByText('Cover a part of it').click()
  expect(await allFaults(later)).toEqual([])
  await expectClean(later, here, [...hidden, 'Sam at home', 'IMG_0001'])
})

test('a picture that turns out to be cut is told by the name it has on this device, and the others appear', async () => {
  const { page } = await teller()
  const whole = await files.kinds.jpeg()
  await page.getByLabel('Pictures', { exact: true }).setInputFiles([
    { name: 'whole.jpg', mimeType: 'image/jpeg', buffer: whole },
    { name: 'half.jpg', mimeType: 'image/jpeg', buffer: whole.subarray(0, whole.length / 2) },
    { name: 'not-here-yet.jpg', mimeType: 'image/jpeg', buffer: Buffer.alloc(0) },
  ])
  await page.getByText('There is nothing in this file.').waitFor()
  await press(page, 'Leave it out: not-here-yet.jpg')
  await press(page, 'Send the pictures')
  await page.getByText('2 photographs have arrived.').waitFor()
  await page.getByText('A part of this picture is missing').waitFor()
  expect(await page.locator('#on-the-way').innerText()).toContain('half.jpg')
  await shown(page).waitFor()
  expect(await page.locator('article').count()).toBe(1)
})

test('one that is too many pixels, chosen alone, leaves a page that says so and offers nothing to show', async () => {
  const { page } = await teller()
  const many = sharp({ create: { width: 12_000, height: 9_000, channels: 3, background: '#456' } })
  await choose(page, 'map.jpg', await many.jpeg({ quality: 30 }).toBuffer())
  await press(page, 'Send the pictures')
  await page.getByText('This picture has 108 megapixels. The most we can take is 100.').waitFor()
  await page.getByText('No photographs yet').waitFor()
  expect(await page.getByRole('button', { name: 'Show them as soon as' }).count()).toBe(0)
})

test('without JavaScript a portrait is sent, covered by squares, described, and what is no picture is refused', async () => {
  const { hide, hidden } = files.hiding()
  const { id } = await makeActivity(db, { occurrences: [{ day: '2026-10-20' }] })
  const { page } = await phone(false)
  await page.goto(`/edit/${await makeHostLink(db, id)}/report`)
  await page.locator('[name=cameTap][value="8"]').check({ force: true })
  await press(page, 'Say it and add photographs')
  await page.getByText('Please add a sentence first.').first().waitFor()
  await page.getByLabel('How was it, in a sentence?').fill('We sang.')
  await press(page, 'Say it and add photographs')
  await page.getByText('Photographs for your story').waitFor()
  const here = new URL(page.url()).pathname
  await press(page, 'Send the pictures')
  await page.getByText('Choose a picture first').waitFor()
  await choose(page, 'Bill & <Ada>.pdf', Buffer.from('%PDF-1.7'))
  await press(page, 'Send the pictures')
  await page.locator('li', { hasText: /1 of 1\s+Bill & <Ada>\.pdf\s+This is no picture/ }).waitFor()
  await choose(page, 'Sam at home.jpg', await portrait(800, hide))
  await press(page, 'Send the pictures')
  await page.getByText('One photograph has arrived.').waitFor()
  await page.goto(here)
  const look = () =>
    until('the picture is made', async () => {
      if ((await shown(page).count()) > 0) return true
      await page.getByRole('link', { name: 'Look again' }).click()
      return false
    })
  await look()
  await page.getByText('Cover a part of it').click()
  await press(page, 'Cover these squares for good')
  await page.getByText('Nothing is covered yet.').first().waitFor()
  for (const place of ['4, column 4', '4, column 5', '5, column 4', '5, column 5'])
    await page.getByLabel(`Row ${place}`).check()
  await press(page, 'Cover these squares for good')
  await page.getByText('Kept.', { exact: true }).waitFor()
  await look()
  await page.getByLabel('It is decoration').check()
  await press(page, 'Keep these words')
  expect(await page.getByLabel('It is decoration').isChecked()).toBe(true)
  await expectClean(page, here, [...hidden, 'Sam at home'])
  await press(page, 'Take this photograph out')
  await page.getByText('No photographs yet').waitFor()
})

test('rule 35: what nobody may see answers byte for byte like what never was, and no address that took it gives anything back', async () => {
  const { here, page } = await teller()
  const picture = await portrait(800, () => 'x')
  const words: string[] = []
  page.on('response', (answer) => void words.push(new URL(answer.url()).pathname))
  await choose(page, 'a.jpg', picture)
  await press(page, 'Send the pictures')
  await page.getByText('One photograph has arrived.').waitFor()
  await page.goto(here)
  const { version } = await served(page, here)
  const never = randomUUID()
  const same = async (path: (id: string) => string, init: RequestInit) => {
    const [one, other] = await Promise.all([version, never].map((id) => said(path(id), init)))
    expect(one?.replaceAll(version, '')).toBe(other?.replaceAll(never, ''))
    expect(one).toContain('"status":404')
  }
  for (const method of ['GET', 'HEAD'])
    for (const headers of [
      {},
      { accept: 'text/html' },
      { range: 'bytes=0-9' },
      { range: 'bytes=99999999-' },
      { 'if-none-match': '*' },
      { cookie: 'abe.session_token=made.up' },
    ]) {
      await same((id) => `/media/${id}/320.jpg`, { method, headers })
      await same((id) => `${here}/${id}/320.jpg`.replace(/edit\/[^/]+/, 'edit/made-up'), { method, headers })
    }
  await same((id) => `/media/${id}/320.jpg`, { headers: { 'if-none-match': `"${version}-320.jpg"` } })
  expect(await said(`/media/${version}/320.jpg`, {})).toContain('private, no-cache')
  const took = words.filter((path) => path.startsWith('/upload'))
  expect(took.length).toBeGreaterThan(0)
  const row = await db
    .selectFrom('uploads as u')
    .innerJoin('versions as v', 'v.upload', 'u.id')
    .select(['u.id', 'u.original'])
    .where('v.id', '=', version)
    .executeTakeFirstOrThrow()
  const guesses = [row.id, version, row.original ?? ''].flatMap((id) => [
    `/upload/${id}`,
    `/upload/${id}/320.jpg`,
    `/store/originals/${id}`,
    `/media/${id}/original`,
    `/media/originals/${id}`,
  ])
  for (const path of new Set([...took, ...guesses]))
    for (const headers of [{}, { range: 'bytes=0-99' }, { 'tus-resumable': '1.0.0' }]) {
      const answer = await fetch(site.address + path, { headers })
      expect([404, 405]).toContain(answer.status)
      expect(Buffer.from(await answer.arrayBuffer()).includes(picture.subarray(1000, 1100))).toBe(false)
      expect(await (await fetch(site.address + path, { method: 'HEAD', headers })).text()).toBe('')
    }
})
