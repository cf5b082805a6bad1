import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser } from '../browser.ts'
import { makePicture } from '../consent/stage.ts'
import { makeTold } from '../permission-site.ts'
import { privatePages } from '../private-pages.ts'
import { databaseOf, sharedSite } from '../site.ts'

const site = sharedSite()
const db = databaseOf(site)
let browser: Browser
let own: string[] = []
let pictured = ''
beforeAll(async () => {
  browser = await openBrowser()
  own = await privatePages(site, db)
  const story = await makeTold(db, null, 'Two write under one picture')
  await makePicture(db, { surface: story.id })
  pictured = `/stories/edit/${story.token}/pictures`
  own.push(pictured)
})
afterAll(async () => {
  await browser.close()
  await db.destroy()
})

async function opened(path: string): Promise<Page> {
  const page = await browser.newPage({ javaScriptEnabled: false })
  await page.goto(site.address + path)
  return page
}

test.each([
  ['an activity', (path: string) => path.endsWith('/change'), 'title', 'Save'],
  ['a story', (path: string) => path.startsWith('/stories/edit/'), 'body', 'Save'],
  ['the words of a picture', (path: string) => path === pictured, 'caption', 'Keep these words'],
] as const)(
  'two change %s at once: the second is shown both, loses nothing, and can save again',
  async (_what, is, name, press) => {
    const path = own.find(is)
    if (!path) throw new Error('There is no such page')
    const pages = [await opened(path), await opened(path)] as const
    const [first, second] = pages
    const save = async (page: Page, words: string) => {
      await page.locator(`[name=${name}]`).last().fill(words)
      const answer = page.waitForResponse((response) => response.request().method() === 'POST')
      await page.getByRole('button', { name: press, exact: false }).first().click()
      return (await answer).status()
    }
    expect(await save(first, 'By the first')).toBe(303)
    expect(await save(second, 'By the second')).toBe(409)
    const shown = await second.locator('main').innerText()
    expect(shown).toContain('By the first')
    expect(await second.locator(`[name=${name}]`).last().inputValue()).toBe('By the second')
    expect(await save(second, 'By both')).toBe(303)
    await Promise.all(pages.map((page) => page.close()))
    const after = await opened(path)
    expect(await after.locator(`[name=${name}]`).last().inputValue()).toBe('By both')
    await after.close()
  },
)

test('what only one of the two changed stays: nothing of the first is lost that the second did not touch', async () => {
  const path = own.find((one) => one.endsWith('/change'))
  if (!path) throw new Error('There is no such page')
  const [first, second] = [await opened(path), await opened(path)]
  const save = async (page: Page) => {
    const answer = page.waitForResponse((response) => response.request().method() === 'POST')
    await page.getByRole('button', { name: 'Save', exact: false }).first().click()
    return (await answer).status()
  }
  await first.locator('[name=description]').fill('We hum.')
  await first.locator('[name=arrive]').fill('By the blue door')
  expect(await save(first)).toBe(303)
  await second.locator('[name=title]').fill('Tea morning')
  expect(await save(second)).toBe(409)
  const shown = await second.locator('main').innerText()
  expect(shown).toContain('What will happen · How to arrive')
  expect(await second.getByRole('table').count()).toBe(0)
  expect(await save(second)).toBe(303)
  const after = await opened(path)
  const kept = await Promise.all(
    ['title', 'description', 'arrive'].map((name) => after.locator(`[name=${name}]`).inputValue()),
  )
  expect(kept).toEqual(['Tea morning', 'We hum.', 'By the blue door'])
  await Promise.all([first, second, after].map((page) => page.close()))
})

test('ticks that two people set in one list are joined, and neither is asked which is right', async () => {
  const path = own.find((one) => one.endsWith('/change'))
  if (!path) throw new Error('There is no such page')
  const [first, second] = [await opened(path), await opened(path)]
  const tick = async (page: Page, code: string) => {
    await page.locator(`[name=access][value=${code}]`).setChecked(true)
    const answer = page.waitForResponse((response) => response.request().method() === 'POST')
    await page.getByRole('button', { name: 'Save', exact: false }).first().click()
    return (await answer).status()
  }
  expect(await tick(first, 'quiet-space')).toBe(303)
  expect(await tick(second, 'parking')).toBe(409)
  expect(await second.getByRole('table').count()).toBe(0)
  expect(await tick(second, 'parking')).toBe(303)
  const after = await opened(path)
  const kept = after.locator('[name=access]:checked')
  expect(await kept.evaluateAll((boxes) => boxes.map((box) => box.getAttribute('value')))).toEqual(
    expect.arrayContaining(['quiet-space', 'parking']),
  )
  await Promise.all([first, second, after].map((page) => page.close()))
})
