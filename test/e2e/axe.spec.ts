import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import type { AxeResults } from 'axe-core'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser } from '../browser.ts'
import { organisationPages, privatePages } from '../private-pages.ts'
import { databaseOf, giveRole, sharedSite, signInAs } from '../site.ts'

const site = sharedSite()
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const organiser = 'axe-organiser@people.org'

/** Every public page there is one of, and one of each sort that there are many of; more come from their links. */
const publicStarts = [
  '/',
  '/activities',
  '/activities?view=map',
  '/activities?view=calendar',
  '/activities?q=nothing-is-called-so',
  '/activities?from=never&page=nine',
  '/activities?page=99',
  '/activities/new',
  '/activities/new/sent',
  '/stories',
  '/stories/new',
  '/stories/edit',
  '/stories/screen',
  '/stories?q=nothing-is-called-so',
  '/groups',
  '/weeks',
  '/report',
  '/report?about=/stories',
  '/safety',
  '/sign-in',
  '/sign-in/forged',
  '/come',
  '/come/forged',
  '/edit',
  '/edit/forged',
  '/stories/edit/forged',
  '/tell-me-when',
  '/tell-me-when/forged',
  '/not/there',
]
/** So many pages of one sort (the same address but for its last part) are looked at; the starts come on top. */
const ofOneSort = 1

const deskPages = [
  '/desk',
  '/desk/groups',
  '/desk/organisations',
  '/desk/organisations/new',
  '/desk/duty',
  '/desk/people',
  '/desk/weeks',
  '/desk/weeks/new',
  '/desk/texts',
  '/desk/settings',
  '/desk/log',
  '/desk/outbox',
  '/desk/retention',
  '/desk/imports',
  '/activities/import',
  '/me',
  '/me/organisations',
  '/setup',
  '/setup/week',
  '/setup/people',
  '/setup/mail',
  '/setup/example',
  '/setup/done',
]

let browser: Browser
let cookie: string
/** The pages that somebody has by a mailed link. */
let own: string[]
/** The pages of an organisation that the organiser leads as well. */
let led: string[]
beforeAll(async () => {
  const db = databaseOf(site)
  await giveRole(db, organiser, 'organiser')
  own = await privatePages(site, db)
  led = await organisationPages(db, organiser)
  await db.destroy()
  ;[browser, cookie] = await Promise.all([openBrowser(), signInAs(site, organiser)])
})
afterAll(() => browser.close())

type Look = { width: number; signedIn: boolean }

async function openContext({ width, signedIn }: Look): Promise<BrowserContext> {
  const context = await browser.newContext({
    baseURL: site.address,
    viewport: { width, height: 800 },
    reducedMotion: 'reduce',
  })
  context.setDefaultTimeout(20_000)
  if (signedIn) {
    const pairs = cookie.split('; ').map((pair) => pair.split(/=(.*)/s))
    await context.addCookies(pairs.map(([name = '', value = '']) => ({ name, value, url: site.address })))
  }
  return context
}

/** Collects what a page does that no page may do. */
function listen(page: Page): string[] {
  const wrong: string[] = []
  page.on('pageerror', (error) => wrong.push(`error: ${error.message}`))
  page.on('console', (message) => {
    const known = /Failed to load resource.*(404|410|400)/.test(message.text())
    if (['error', 'warning'].includes(message.type()) && !known) wrong.push(`console: ${message.text()}`)
  })
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url())
    if (/^https?:$/.test(protocol) && origin !== site.address) wrong.push(`asks elsewhere: ${request.url()}`)
  })
  return wrong
}

/** Everything that has to be true of a page as it stands, in light and in dark. */
async function faults(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  await page.emulateMedia({ colorScheme: 'light' })
  const light = await violations(page, [
    'wcag2a',
    'wcag2aa',
    'wcag21a',
    'wcag21aa',
    'wcag22aa',
    'best-practice',
  ])
  await page.emulateMedia({ colorScheme: 'dark' })
  const dark = await violations(page, ['cat.color'])
  return [...light, ...dark.map((fault) => `in dark, ${fault}`), ...(await page.evaluate(structureFaults))]
}

async function violations(page: Page, tags: string[]): Promise<string[]> {
  const results = await page.evaluate(async (runOnly) => {
    const { axe: run } = globalThis as unknown as { axe: { run: (o: object) => Promise<AxeResults> } }
    return run.run({ runOnly, resultTypes: ['violations'] })
  }, tags)
  return results.violations.map(({ id, nodes }) => {
    const first = nodes[0]
    return `axe ${id}, ${nodes.length}: ${first?.html.slice(0, 160)} | ${first?.failureSummary?.slice(0, 240)}`
  })
}

/** Runs inside the page. */
function structureFaults(): string[] {
  const found: string[] = []
  const must = (what: string, holds: boolean) => {
    if (!holds) found.push(what)
  }
  const count = (selector: string) => document.querySelectorAll(selector).length
  must(`one h1, not ${count('h1')}`, count('h1') === 1)
  must('one main', count('main') === 1)
  must('a language', document.documentElement.lang !== '')
  must('a title', document.title.trim() !== '')
  must('a link for whoever is in a picture', count('a[href^="/report"]') > 0)
  must('no style attribute', count('[style]') === 0)
  for (const control of document.querySelectorAll<HTMLInputElement>('input, select, textarea')) {
    if (control.type === 'hidden') continue
    const label = control.labels?.length || control.getAttribute('aria-label')
    must(`a label for ${control.name}`, Boolean(label))
  }
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth
  must(`no scrolling sideways, but ${wide} px at ${innerWidth}`, wide <= 0)
  return found
}

const sortOf = (path: string) => path.replace(/[?#].*$/, '').replace(/^(\/[^/]+(?:\/[^/]+)*)\/[^/]+$/, '$1/…')

/** All addresses to look at: the starts and, bounded, what they link to. */
async function crawl(): Promise<string[]> {
  const found = new Set(publicStarts)
  const perSort = new Map<string, number>()
  for (const start of publicStarts) {
    const html = await (await fetch(site.address + start, { headers: { accept: 'text/html' } })).text()
    for (const [, link = ''] of html.matchAll(/<a [^>]*href="(\/[^"#]*)"/g)) {
      const path = link.replaceAll('&amp;', '&')
      if (/^\/(desk|setup)|\.(ics|atom|csv|json|geojson)(\?|$)|\?/.test(path) || found.has(path)) continue
      const sort = sortOf(path)
      const seen = perSort.get(sort) ?? 0
      if (seen >= ofOneSort) continue
      perSort.set(sort, seen + 1)
      found.add(path)
    }
  }
  const slug = [...found].find((path) => /^\/activities\/(?!new)[^/]+$/.test(path))
  return [...found, `${slug}/new-to-you`, ...own, `${slug}/come`]
}

async function lookAtAll(paths: string[], look: Look): Promise<string[]> {
  const context = await openContext(look)
  const all: string[] = []
  const page = await context.newPage()
  const wrong = listen(page)
  for (const path of paths) {
    await page.goto(path)
    all.push(...[...wrong.splice(0), ...(await faults(page))].map((fault) => `${path}: ${fault}`))
  }
  await context.close()
  return all
}

const widths = [360, 1440]

describe('every page', () => {
  for (const width of widths) {
    test(`has no fault, ${width} px wide, light and dark`, async () => {
      expect(await lookAtAll(await crawl(), { width, signedIn: false })).toEqual([])
    })
    test(`of the desk has no fault, ${width} px wide, light and dark`, async () => {
      expect(await lookAtAll([...deskPages, ...led], { width, signedIn: true })).toEqual([])
    })
  }

  test('fits at 400 % zoom, which is 320 px', async () => {
    const context = await openContext({ width: 320, signedIn: true })
    const page = await context.newPage()
    const all: string[] = []
    for (const path of [...(await crawl()), ...deskPages, ...led]) {
      await page.goto(path)
      all.push(...(await page.evaluate(structureFaults)).map((fault) => `${path}: ${fault}`))
    }
    await context.close()
    expect(all).toEqual([])
  })

  test('has a link that skips to what it is about', async () => {
    const context = await openContext({ width: 360, signedIn: false })
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
  test('says them without a fault', async () => {
    const slug = (await crawl()).at(-1) ?? ''
    const all: string[] = []
    for (const width of widths) {
      const context = await openContext({ width, signedIn: false })
      const page = await context.newPage()
      const wrong = listen(page)
      for (const path of [...forms, slug]) {
        await page.goto(path)
        await page.evaluate(() => {
          for (const form of document.querySelectorAll('form')) form.noValidate = true
        })
        await page.locator('main form[method=post i] button').last().click()
        await page.locator('main [aria-invalid=true], main .wrong, main .error-summary').first().waitFor()
        all.push(...[...wrong.splice(0), ...(await faults(page))].map((fault) => `${path}: ${fault}`))
      }
      await context.close()
    }
    expect(all).toEqual([])
  })
})
