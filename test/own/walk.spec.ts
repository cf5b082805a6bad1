import { writeFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Db } from '#platform/server/db.ts'
import { addJob } from '#platform/server/queue.ts'
import { type App, childrenOf, commandOf, removeDataFolder, startApp, until } from '../app.ts'
import { openBrowser } from '../browser.ts'
import { databaseOf, filledDataFolder, giveRole, linkIn, mailsTo, mailTo } from '../site.ts'

const dataDir = filledDataFolder()
const clockFile = join(dataDir, 'clock')
const title = 'Kettle on for Ada'
const phone = { width: 360, height: 740 }
const host = 'host@people.org'

let app: App
let browser: Browser
let db: Db
const open: BrowserContext[] = []

beforeAll(async () => {
  setAhead(0)
  const clock = new URL('../programs/moved-clock.ts', import.meta.url).href
  const env = { NODE_OPTIONS: `--import=${clock}`, CLOCK_FILE: clockFile }
  const starting = startApp({ DATA_DIR: dataDir, ...env })
  ;[app, browser] = await Promise.all([starting, openBrowser()])
  db = databaseOf({ dataDir })
  await giveRole(db, 'reader@people.org', 'reviewer')
})
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') {
    console.log(app.printed())
    for (const page of open.flatMap((context) => context.pages()))
      console.log(page.url(), await page.locator('main').innerText())
  }
  for (const context of open.splice(0)) await context.close()
})
afterAll(async () => {
  await browser.close()
  await db.destroy()
  await app.stop()
  removeDataFolder(dataDir)
})

function setAhead(milliseconds: number) {
  writeFileSync(`${clockFile}.part`, String(milliseconds))
  renameSync(`${clockFile}.part`, clockFile)
}

/** Moves the clock of the web and the worker. The worker is another one after: its own clock by the minute would walk through every minute between. */
async function moveTo(moment: string) {
  setAhead(Date.parse(moment) - Date.now())
  const worker = () => childrenOf(app.pid).find((pid) => commandOf(pid).includes('worker.ts'))
  const old = worker()
  if (old) process.kill(old)
  await until('another worker runs', () => ![undefined, old].includes(worker()))
}

/** Lets the worker do what its clock would start within ten minutes. */
async function runClock(name: string, address: string, subject: string) {
  await addJob(db, `clock.${name}`, {})
  return mailTo({ dataDir }, address, subject)
}

async function newPage(how: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
  const context = await browser.newContext({ baseURL: app.address, viewport: phone, ...how })
  context.setDefaultTimeout(8000)
  open.push(context)
  return context.newPage()
}
const withoutScript = () => newPage({ javaScriptEnabled: false })
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
const text = async (path: string) => (await fetch(app.address + path)).text()
const h1 = (page: Page) => page.locator('h1').innerText()

async function signIn(email: string): Promise<Page> {
  const page = await withoutScript()
  const before = (await mailsTo({ dataDir }, email)).length
  await page.goto('/sign-in?next=/desk')
  await page.getByLabel('Your e-mail').fill(email)
  await page.locator('main form button').click()
  await until('the mail to sign in', async () => (await mailsTo({ dataDir }, email)).length > before)
  await page.goto(linkIn(await mailTo({ dataDir }, email, 'Sign in'), '/sign-in/'))
  await page.locator('main form button').click()
  return page
}

async function comeAlong(email: string, slug: string, subject: string): Promise<Page> {
  const page = await withoutScript()
  await page.goto(`/activities/${slug}/come`)
  await page.getByLabel('Your e-mail').fill(email)
  await page.getByLabel('Yes, it is new to me').check()
  await press(page, 'I would like to come')
  expect(await h1(page)).toBe(`Nearly done: ${title}`)
  await page.goto(linkIn(await mailTo({ dataDir }, email, subject), '/come/'))
  expect(await h1(page)).toBe('One more press')
  await page.getByRole('button', { name: /^(Yes, I am coming|Join the waiting list)$/ }).click()
  return page
}

test('a bit extra goes the whole way, from a phone without JavaScript to the numbers of the week', async () => {
  const hostLink = await sayItAndConfirm()
  const slug = await visibleByLinkOnly(hostLink)
  await readAndPublish()
  await findByKeyboard(slug)
  await findInFeeds(slug)
  await fillTheOnlySeat(slug, hostLink)
  await remind()
  const before = await weekNumbers()
  await tellHowItWas(slug)
  const story = await putOnTheWall()
  const [activities = 0, countries = 0, came = 0, newPeople = 0, stories = 0] = before
  expect(await weekNumbers()).toEqual([activities, countries, came + 8, newPeople + 3, stories + 1])
  await hideInOnePress(story)
}, 120_000)

async function sayItAndConfirm(): Promise<string> {
  const page = await withoutScript()
  await page.goto('/')
  await page.getByRole('link', { name: 'Say what you will do' }).first().click()
  await page.getByLabel('Coffee morning or café').check()
  await page.getByLabel('On a day, at a time').check()
  await page.locator('[name=timeDay]').fill('2027-10-20')
  await page.locator('[name=time]').fill('10:00')
  await page.getByLabel('Which place or town?').fill('Town Hall, Reykjavík')
  await page.getByLabel('It is a home, a school or a service').uncheck()
  await page.getByLabel('Your e-mail').fill(host)
  await page.locator('summary', { hasText: 'Title and country' }).click()
  await page.getByLabel('Title', { exact: false }).last().fill(title)
  await press(page, 'Say it')
  expect(await h1(page)).toBe('Look in your e-mail')
  const link = linkIn(await mailTo({ dataDir }, host, title), '/edit/')
  await page.goto(link)
  await press(page, 'Yes, this is mine')
  expect(await page.locator('main').innerText()).toContain('Waiting to be read')
  return link
}

async function visibleByLinkOnly(hostLink: string): Promise<string> {
  const page = await withoutScript()
  await page.goto(hostLink)
  await page.locator('.share-link a').click()
  expect(await h1(page)).toContain(title)
  expect(await text('/activities?q=kettle')).not.toContain(title)
  expect(await text('/activities.json?q=kettle')).not.toContain(title)
  return new URL(page.url()).pathname.split('/').at(-1) ?? ''
}

async function readAndPublish() {
  const page = await signIn('reader@people.org')
  expect(await h1(page)).toBe('The desk')
  await page.getByRole('link', { name: title }).click()
  await press(page, 'Put it on the list')
  expect(new URL(page.url()).pathname).toBe('/desk')
  await mailTo({ dataDir }, host, 'It is on the list')
}

/** From the top of the page with Tab and Enter alone, as somebody does who cannot use a mouse. */
async function findByKeyboard(slug: string) {
  const page = await newPage({ viewport: { width: 1280, height: 900 } })
  await page.goto('/activities?view=map&country=IS')
  await tabTo(page, 'a.map-pin')
  await page.keyboard.press('Enter')
  await page.waitForURL(/near=/)
  await tabTo(page, `main a[href="/activities/${slug}"]`)
  await page.keyboard.press('Enter')
  await page.waitForURL(`**/activities/${slug}`)
  expect(await h1(page)).toContain(title)
}

async function tabTo(page: Page, selector: string) {
  for (let presses = 0; presses < 150; presses++) {
    await page.keyboard.press('Tab')
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return
  }
  throw new Error(`The Tab key never comes to ${selector} on ${page.url()}`)
}

async function findInFeeds(slug: string) {
  for (const path of ['/activities?q=kettle', '/activities.json?q=kettle', '/activities.atom?q=kettle']) {
    expect(await text(path), path).toContain(title)
  }
  expect(await text('/activities.csv?q=kettle')).toContain(title)
  expect(await text('/activities.geojson?bbox=-30,60,-10,70&zoom=8&q=kettle')).toContain(slug)
  const calendar = await text('/activities.ics?q=kettle')
  expect(calendar).toContain(`SUMMARY:${title}`)
  expect(calendar).toContain('DTSTART')
}

async function fillTheOnlySeat(slug: string, hostLink: string) {
  const own = await withoutScript()
  await own.goto(`${hostLink}/change`)
  await own.getByLabel('Seats in the place').fill('1')
  await press(own, 'Save')
  expect(await own.locator('main').innerText()).toContain('Saved.')
  const first = await comeAlong('ann@people.org', slug, 'Press once more to keep your seat')
  expect(await h1(first)).toBe('You are coming')
  const second = await comeAlong('ben@people.org', slug, 'Press once more to join the waiting list')
  expect(await h1(second)).toBe('You are on the waiting list')
  await press(first, 'I cannot come')
  expect(await h1(first)).toBe('You are not coming')
  const mail = await mailTo({ dataDir }, 'ben@people.org', 'There is a seat for you')
  expect(mail.calendar).toContain('BEGIN:VEVENT')
  await second.reload()
  expect(await h1(second)).toBe('You are coming')
}

async function remind() {
  await moveTo('2027-10-19T12:00:00Z')
  const mail = await runClock('remind-guests', 'ben@people.org', `Tomorrow: ${title}`)
  expect(await mailsTo({ dataDir }, 'ann@people.org')).not.toContainEqual(
    expect.objectContaining({ subject: mail.subject }),
  )
  const page = await withoutScript()
  await page.goto(linkIn(mail, '/come/'))
  expect(await page.locator('main').innerText()).toContain('Town Hall')
}

async function tellHowItWas(slug: string) {
  await moveTo('2027-10-21T09:30:00Z')
  const mail = await runClock('ask-hosts', host, 'How many came?')
  const page = await withoutScript()
  await page.goto(linkIn(mail, '/edit/'))
  await page.locator('[name=cameTap][value="8"]').check({ force: true })
  await page.locator('[name=newTap][value="3"]').check({ force: true })
  await page.getByLabel('How was it, in a sentence?').fill('Ada laughed at the steam and we all did.')
  await press(page, 'Say how it was')
  expect(await page.locator('main').innerText()).toContain('Thank you')
  expect(await text(`/activities/${slug}`)).toContain(title)
  expect(await text('/stories?q=steam')).not.toContain('Ada laughed')
}

async function putOnTheWall(): Promise<string> {
  const desk = await signIn('reader@people.org')
  await desk.locator('a[href^="/desk/stories/"]', { hasText: title }).click()
  await press(desk, 'Put it on the wall')
  const page = await withoutScript()
  await page.goto('/stories?q=steam')
  await page.locator('main').getByRole('link', { name: title }).click()
  expect(await page.locator('main').innerText()).toContain('Ada laughed at the steam')
  return new URL(page.url()).pathname
}

/** What /weeks/2027 says in numbers, in its order: activities, countries, people who came, new ones, stories. */
async function weekNumbers(): Promise<number[]> {
  const page = await withoutScript()
  await page.goto('/weeks/2027')
  const numbers = await page.locator('.numbers dd').allInnerTexts()
  return numbers.map((number) => Number(number.replaceAll(',', '')))
}

async function hideInOnePress(story: string) {
  const page = await withoutScript()
  await page.goto(story)
  await page.locator('main').getByRole('link', { name: 'I am in this story' }).click()
  await press(page, 'I am in this, or I support somebody who is')
  expect((await fetch(app.address + story)).status).toBe(404)
  for (const path of ['/stories?q=steam', '/stories.json?q=steam', '/stories.atom', '/', '/stories/screen']) {
    expect(await text(path), path).not.toContain('Ada laughed')
  }
}
