import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openBrowser } from '../browser.ts'
import { makeActivity } from '../make.ts'
import { databaseOf, giveRole, linkIn, mailTo, sharedSite } from '../site.ts'

const site = sharedSite()
const db = databaseOf(site)
let browser: Browser
let context: BrowserContext
let page: Page

beforeAll(async () => {
  browser = await openBrowser()
})
const openPage = async () => {
  context = await browser.newContext({
    baseURL: site.address,
    javaScriptEnabled: false,
    viewport: { width: 360, height: 740 },
  })
  context.setDefaultTimeout(8000)
  page = await context.newPage()
}
afterEach(() => context.close())
afterAll(async () => {
  await browser.close()
  await db.destroy()
})

const press = (name: string | RegExp) => page.locator('main').getByRole('button', { name }).click()
const words = () => page.locator('main').innerText()
const h1 = () => page.locator('h1').innerText()

test('signing in, and out, takes a mail and two presses', async () => {
  await openPage()
  await page.goto('/sign-in')
  await press('Send me the link')
  expect(await page.getByLabel('Your e-mail').getAttribute('aria-invalid')).toBe('true')
  await page.getByLabel('Your e-mail').fill('plain@people.org')
  await press('Send me the link')
  expect(await h1()).toBe('Look at your mail')
  await page.goto(linkIn(await mailTo(site, 'plain@people.org', 'Sign in'), '/sign-in/'))
  await press('Sign me in')
  expect(new URL(page.url()).pathname).toBe('/me')
  await press(/sign out/i)
  await page.goto('/')
  expect(await page.locator('footer').innerText()).toContain('Sign in')
})

test('tell me when is asked, confirmed and stopped', async () => {
  await openPage()
  await page.goto('/tell-me-when')
  await page.getByLabel('Your e-mail').fill('when@people.org')
  await press('Tell me when')
  expect(await h1()).toBe('Look at your mail')
  await page.goto(linkIn(await mailTo(site, 'when@people.org', ''), '/tell-me-when/'))
  await press('Yes, tell me when')
  expect(await h1()).toBe('You are on the list')
  await press('Take me off the list')
  expect(await h1()).toBe('You are off the list')
})

async function firstStory(): Promise<string> {
  await page.goto('/stories')
  const link = page.locator('main .cards a, main li a[href^="/stories/"]').first()
  return new URL((await link.getAttribute('href')) ?? '', site.address).pathname
}

test('the report button has three doors, and two of them hide at once', async () => {
  await openPage()
  await page.goto(`/report?about=${await firstStory()}`)
  await page.getByLabel('What should we know?').fill('Words')
  await press('Something is wrong here')
  expect(await h1()).toBe('Thank you. We have it.')
  expect(await words()).toContain('A person will read it.')
  expect((await page.goto(await firstStory()))?.status()).toBe(200)
  for (const door of ['I am worried about somebody', 'I am in this, or I support somebody who is']) {
    const story = await firstStory()
    await page.goto(`/report?about=${story}`)
    await page.getByLabel('Your e-mail').fill('not an address')
    await press(door)
    expect(await words()).toContain(`Nobody can see anything at ${story} any more.`)
    expect(await words()).toContain('We could not read your e-mail address')
    const gone = await page.goto(story)
    const never = await context.request.get('/stories/never-was')
    expect([gone?.status(), never.status()]).toEqual([404, 404])
    // Each page leads to a report about its own address, and says nothing else of it.
    const body = async (answer: { text(): Promise<string> } | null, path: string) =>
      (await answer?.text())?.replaceAll(path.replace('/stories/', ''), '')
    expect(await body(gone, story)).toBe(await body(never, '/stories/never-was'))
  }
})

test('Enter in a field of the report sends nothing and hides nothing', async () => {
  await openPage()
  const story = await firstStory()
  const count = async () => (await db.selectFrom('concerns').select('id').execute()).length
  const before = await count()
  const fields = [
    { path: `/report?about=${story}`, label: 'Your e-mail', typed: 'me@people.org' },
    { path: '/report', label: 'Which page is it about?', typed: story },
    { path: '/report', label: 'Your e-mail', typed: 'me@people.org' },
  ]
  for (const { path, label, typed } of fields) {
    await page.goto(path)
    await page.getByLabel(label).fill(typed)
    await page.getByLabel(label).press('Enter')
    expect(await h1()).toBe('Tell us about something here')
    expect(await words()).toContain('Nothing has been sent yet. Please press one of the three buttons.')
    expect(await page.getByLabel(label).inputValue()).toBe(typed)
  }
  expect((await page.goto(story))?.status()).toBe(200)
  expect(await count()).toBe(before)
})

test('a story is told, kept when something is missing, and confirmed', async () => {
  await openPage()
  await page.goto('/stories/new')
  await page.getByLabel('What happened?').fill('We sang, and Mo sang back.')
  await press('Send me the link')
  expect(await page.getByLabel('What happened?').inputValue()).toBe('We sang, and Mo sang back.')
  await page.getByLabel('A title').fill('Singing back')
  await page.getByLabel('Your e-mail').fill('teller@people.org')
  await press('Send me the link')
  expect(await h1()).toBe('Look in your mail')
  await page.goto(linkIn(await mailTo(site, 'teller@people.org', ''), '/stories/edit/'))
  await press('Yes, send it to be read')
  expect(await words()).toContain('It waits to be read')
})

test('coming along answers at the field, and says where to look', async () => {
  await openPage()
  const { slug } = await makeActivity(db, { title: 'Tea and a quiet corner' })
  await page.goto(`/activities/${slug}/come`)
  await page.getByLabel('Anything you need to take part?').fill('A quiet corner')
  await page.getByLabel('Your e-mail').fill('quiet@people.org')
  await press('I would like to come')
  expect(await words()).toContain('Please tick this if the host may read what you wrote.')
  expect(await page.getByLabel('Anything you need to take part?').inputValue()).toBe('A quiet corner')
  await page.getByLabel('I agree that the host reads this').check()
  await press('I would like to come')
  expect(await h1()).toContain('Nearly done')
})

test('the filters of activities and of stories are forms that only read', async () => {
  await openPage()
  await page.goto('/activities')
  await page.getByLabel('Words').fill('coffee')
  await page.getByLabel('Day', { exact: true }).selectOption({ index: 2 })
  await press('Find')
  const { searchParams } = new URL(page.url())
  expect(searchParams.get('q')).toBe('coffee')
  expect(searchParams.get('day')).toBe('2027-10-19')
  expect(await page.getByLabel('Words').inputValue()).toBe('coffee')
  await page.goto('/stories')
  const more = page.locator('main summary', { hasText: 'Look for something' })
  if ((await more.count()) > 0) await more.click()
  await page.getByLabel('Words').fill('laughed')
  await press('Show these')
  expect(new URL(page.url()).searchParams.get('q')).toBe('laughed')
})

test('the desk makes a group and decides about many at once', async () => {
  await openPage()
  await giveRole(db, 'desk@people.org', 'organiser')
  await page.goto('/sign-in?next=/desk/groups')
  await page.getByLabel('Your e-mail').fill('desk@people.org')
  await press('Send me the link')
  await page.goto(linkIn(await mailTo(site, 'desk@people.org', 'Sign in'), '/sign-in/'))
  await press('Sign me in')
  expect(new URL(page.url()).pathname).toBe('/desk/groups')
  await page.locator('main').getByRole('link', { name: 'A new group' }).click()
  await page.getByLabel('Name of the group').fill('Skye supporters')
  await press('Save')
  expect(await page.getByLabel('Country').getAttribute('aria-invalid')).toBe('true')
  expect(await page.getByLabel('Name of the group').inputValue()).toBe('Skye supporters')
  await page.getByLabel('Country').selectOption({ label: 'United Kingdom' })
  await press('Save')
  await page.goto('/groups')
  expect(await words()).toContain('Skye supporters')
  await page.goto('/desk')
  const boxes = page.locator('form[action="?/activities"] input[type=checkbox]')
  const before = await boxes.count()
  await boxes.nth(0).check()
  await boxes.nth(1).check()
  await page.locator('#activities-decision').selectOption('publish')
  await page.locator('form[action="?/activities"] button').click()
  expect(await page.locator('form[action="?/activities"] input[type=checkbox]').count()).toBe(before - 2)
})
