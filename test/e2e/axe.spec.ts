import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser } from '../browser.ts'
import {
  bringAxe,
  codeFaults,
  faultsOf,
  forcedColourFaults,
  inDark,
  listen,
  structureFaults,
} from '../faults.ts'
import { everyPage, routeOf, type Pages } from '../every-page.ts'
import { databaseOf, giveRole, sharedSite, signInAs } from '../site.ts'

const site = sharedSite()
const organiser = 'axe-organiser@people.org'

let browser: Browser
let cookie: string
let pages: Pages
beforeAll(async () => {
  const db = databaseOf(site)
  await giveRole(db, organiser, 'organiser')
  ;[browser, cookie] = await Promise.all([openBrowser(), signInAs(site, organiser)])
  pages = await everyPage(site, db, cookie)
  await db.destroy()
})
afterAll(() => browser.close())

async function openContext(signedIn: boolean): Promise<BrowserContext> {
  const context = await browser.newContext({ baseURL: site.address, reducedMotion: 'reduce' })
  context.setDefaultTimeout(20_000)
  await bringAxe(context)
  if (signedIn) {
    const pairs = cookie.split('; ').map((pair) => pair.split(/=(.*)/s))
    await context.addCookies(pairs.map(([name = '', value = '']) => ({ name, value, url: site.address })))
  }
  return context
}

const widen = (page: Page, width: number) => page.setViewportSize({ width, height: 800 })

/** No colour hangs on a width, and no place on a colour: each is looked at once. */
async function faultsAtAll(page: Page): Promise<string[]> {
  await widen(page, 360)
  const light = await faultsOf(page)
  await widen(page, 1440)
  const dark = await inDark(page, faultsOf)
  const found = [...light.map((fault) => `360 px: ${fault}`), ...dark.map((fault) => `1440 px: ${fault}`)]
  return [...found, ...(await forcedColourFaults(page))]
}

/** Two at a time: the tests have two cores. */
async function lookAtAll(paths: string[], signedIn: boolean): Promise<string[]> {
  const left = paths.values()
  const found = await Promise.all([lookAtSome(left, signedIn), lookAtSome(left, signedIn)])
  return found.flat()
}

async function lookAtSome(paths: Iterable<string>, signedIn: boolean): Promise<string[]> {
  const context = await openContext(signedIn)
  const all: string[] = []
  const page = await context.newPage()
  const wrong = listen(page, site)
  for (const path of paths) {
    // 1280 px at 400 %.
    await widen(page, 320)
    await page.goto(path)
    const found = await page.evaluate(structureFaults)
    found.push(...(await faultsAtAll(page)), ...(await codeFaults(page)))
    all.push(...[...wrong.splice(0), ...found].map((fault) => `${path}: ${fault}`))
  }
  await context.close()
  return all
}

describe('a page has no fault, at 360 px in light, at 1440 px in dark, at 400 % zoom and in forced colours', () => {
  test('that everybody sees', { timeout: 240_000 }, async () => {
    expect(await lookAtAll(pages.open, false)).toEqual([])
  })

  test('that somebody has by a mailed link', { timeout: 240_000 }, async () => {
    expect(await lookAtAll(pages.own, false)).toEqual([])
  })

  test('of the desk', { timeout: 240_000 }, async () => {
    expect(await lookAtAll(pages.desk, true)).toEqual([])
  })
})

test('a code that only we read is a fault, and a sentence with its words is none', async () => {
  const context = await openContext(false)
  const page = await context.newPage()
  await page.setContent('<title>x</title><p>Decided by all-parents</p><input value="consent.why.died">')
  expect(await codeFaults(page)).toEqual(['a code: all-parents', 'a code: consent.why.died'])
  await page.setContent('<title>x</title><p>All parents, at /desk/all-parents</p>')
  expect(await codeFaults(page)).toEqual([])
  await context.close()
})

test('every page has a link that skips to what it is about', async () => {
  const context = await openContext(false)
  const page = await context.newPage()
  for (const path of ['/', '/activities', '/stories', '/report', '/not/there']) {
    await page.goto(path)
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.textContent), path).toBe('Skip to the page')
    await page.keyboard.press('Enter')
    const inside = await page.evaluate(() => {
      const main = document.querySelector('main')
      return main !== null && (document.activeElement === main || main.matches(':target'))
    })
    expect(inside, path).toBe(true)
  }
  await context.close()
})

describe('a form with mistakes', () => {
  const forms = [
    '/activities/new',
    '/stories/new',
    '/sign-in',
    '/tell-me-when',
    '/come',
    '/edit',
    '/stories/edit',
  ]
  /** Sends a form as it stands, and looks at what comes back. */
  async function mistakesOf(page: Page, path: string, form: string): Promise<string[]> {
    await page.goto(path)
    await page.evaluate(() => {
      for (const one of document.querySelectorAll('form')) one.noValidate = true
      for (const one of document.querySelectorAll('details')) one.open = true
    })
    await page.locator(`main ${form} button`).last().click()
    await page.locator('main [aria-invalid=true], main .wrong, main .error-summary').first().waitFor()
    const found = await faultsAtAll(page)
    // Everything that is named at the top is there to be mended, and not folded away.
    const hidden = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLAnchorElement>('.error-summary a')]
        .map((link) => document.getElementById(link.hash.slice(1)))
        .filter((field) => !field?.checkVisibility())
        .map((field) => `a mistake that cannot be seen: ${field?.id}`),
    )
    return [...found, ...hidden]
  }

  type Form = { path: string; form: string }
  async function lookAtMistakes(all: Form[], signedIn: boolean): Promise<string[]> {
    const left = all.values()
    const found = await Promise.all([someMistakes(left, signedIn), someMistakes(left, signedIn)])
    return found.flat()
  }

  async function someMistakes(all: Iterable<Form>, signedIn: boolean): Promise<string[]> {
    const context = await openContext(signedIn)
    const page = await context.newPage()
    const wrong = listen(page, site)
    const found: string[] = []
    for (const { path, form } of all) {
      const faults = await mistakesOf(page, path, form)
      found.push(...[...wrong.splice(0), ...faults].map((fault) => `${path} ${form}: ${fault}`))
    }
    await context.close()
    return found
  }

  test('says them without a fault', { timeout: 240_000 }, async () => {
    const come = pages.open.find((path) => routeOf(path) === '/activities/[slug]/come') ?? ''
    const all = [...forms, come].map((path) => ({ path, form: 'form[method=post i]' }))
    expect(await lookAtMistakes(all, false)).toEqual([])
  })

  test(
    'does so at the desk, and where something is written down about somebody',
    { timeout: 240_000 },
    async () => {
      expect(await lookAtMistakes(pages.mistakes, true)).toEqual([])
    },
  )
})
