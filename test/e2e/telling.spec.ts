import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser } from '../browser.ts'
import { makeStory } from '../make.ts'
import { databaseOf, sharedSite } from '../site.ts'
import { walkerAt, type Walker } from '../walker.ts'

const site = sharedSite()
const db = databaseOf(site)
let browser: Browser
let sam: Walker
beforeAll(async () => {
  browser = await openBrowser()
  sam = await walkerAt(browser, site)
})
afterAll(async () => {
  await sam.leave()
  await browser.close()
  await db.destroy()
})

const body =
  '# The bus\n\nWe sat at the back.\n\n[drawing 7: Two people on a bus]\n\nHe hummed, and so did I.'

test('a long story is kept as a draft, found again, sent, read by all, gathered on a page, and taken back', async () => {
  const { page } = sam
  await sam.signIn('sam-tells@people.org', '/stories/mine')
  expect(await sam.words()).toContain('You have told nothing here yet')

  await sam.goto('/stories/new')
  await page.getByLabel('A title').fill('The back of the bus')
  await page.getByLabel('What happened?').fill(body)
  await page.getByLabel('Who tells it?').fill('Sam of the bus')
  await page.getByLabel('With whom?').fill('Jo')
  await page.getByLabel('How was it told?').selectOption('symbols')
  await page.getByLabel('Its address').fill('not an address')
  await sam.press('Save as a draft')
  expect(await page.getByLabel('What happened?').inputValue()).toBe(body)
  await page.getByLabel('Its address').fill('https://www.facebook.com/groups/1/posts/2')
  await page.getByLabel('What it is called there').fill('Our bus, on Facebook')
  await sam.press('Save as a draft')
  expect(await sam.words()).toContain('This is a draft')
  expect(await sam.words()).toContain('does not let us read it')
  await page.getByText('See how it will look').click()
  expect(await page.getByRole('img', { name: 'Two people on a bus' }).isVisible()).toBe(true)

  await sam.goto('/stories/mine')
  await sam.press('Open it')
  await sam.press('Yes, send it to be read')
  expect(await sam.words()).toContain('It waits to be read')
  const own = new URL(page.url()).pathname
  const { slug } = await db
    .updateTable('stories')
    .set({ state: 'published', published: new Date() })
    .where('title', '=', 'The back of the bus')
    .returning('slug')
    .executeTakeFirstOrThrow()

  expect(await sam.goto(`/stories/${slug}`)).toBe(200)
  expect(await sam.words()).toContain('Told by Sam of the bus, with Jo, in symbols')
  expect(await sam.words()).toContain('Our bus, on Facebook')
  expect(await page.locator('main h2').first().innerText()).toBe('The bus')

  await sam.goto('/stories/mine')
  await page.getByLabel('The name you sign with').fill('Sam of the bus')
  await sam.press('Make my page')
  await page.getByRole('link', { name: 'Stories by Sam of the bus' }).click()
  expect(await sam.h1()).toBe('Told by Sam of the bus')
  expect(await sam.words()).toContain('The back of the bus')
  const feed = await fetch(`${page.url()}.atom`)
  expect([feed.status, await feed.text()]).toEqual([200, expect.stringContaining('The back of the bus')])
  const mine = page.url()

  await sam.goto(own)
  await sam.press('Take my story back')
  expect(await sam.words()).toContain('You took it back')
  expect(await sam.goto(`/stories/${slug}`)).toBe(404)
  await page.goto(mine)
  expect(await sam.h1()).toBe('Nothing stands here yet')
  expect((await fetch(`${mine}.atom`)).status).toBe(404)
})

test('the big screen goes on without JavaScript only when somebody asked, and asks again either way', async () => {
  const { page } = sam
  await sam.goto('/stories/screen?week=2027')
  const first = await sam.h1()
  const refresh = () => page.locator('meta[http-equiv=refresh]').getAttribute('content')
  expect(await refresh()).toMatch(/^45; url=\/stories\/screen\?week=2027$/)
  await page.getByRole('link', { name: 'Move on by itself' }).click()
  expect(await refresh()).toMatch(/^25; url=\/stories\/screen\?week=2027&page=2&play$/)
  await page.getByRole('link', { name: 'Next story' }).click()
  expect(await sam.h1()).not.toBe(first)
})

test('the big screen shows the whole of its page on every usual screen, also with a long title and a long story', async () => {
  const words = 'They answered the kettle, the radiator, and one another. '
  const { id } = await makeStory(db, {
    title: words.repeat(3).slice(0, 119),
    body: words.repeat(40),
    authorName: 'Somebody with a rather long name',
    town: 'Llanfairpwllgwyngyll',
    published: '2028-01-01T12:00:00Z',
    example: true,
  })
  const { page } = sam
  for (const [width, height] of [
    [1280, 900],
    [1920, 1080],
    [1280, 720],
    [1024, 768],
  ] as const) {
    await page.setViewportSize({ width, height })
    for (const number of [1, 2, 3]) {
      await sam.goto(`/stories/screen?week=2027&page=${number}`)
      const address = await page.locator('.address').last().boundingBox()
      const bottom = (address?.y ?? Infinity) + (address?.height ?? 0)
      expect(bottom, `${width} × ${height}, story ${number}`).toBeLessThanOrEqual(height)
    }
  }
  await db.deleteFrom('stories').where('id', '=', id).execute()
})
