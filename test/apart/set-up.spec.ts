import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { textIn } from '#kernel/messages.ts'
import { type App, makeDataFolder, removeDataFolder, startApp, until } from '../app.ts'
import { openBrowser } from '../browser.ts'
import { mailTo } from '../site.ts'
import { type Walker, walkerAt } from '../walker.ts'

// One site from its first minute: each test goes on where the one before it has ended.
const dataDir = makeDataFolder()
const text = textIn('en')
let app: App
let browser: Browser
let organiser: Walker

beforeAll(async () => {
  ;[app, browser] = await Promise.all([startApp({ DATA_DIR: dataDir }, ['--empty']), openBrowser()])
  organiser = await walkerAt(browser, { address: app.address, dataDir })
})
afterAll(async () => {
  await browser.close()
  await app.stop()
  removeDataFolder(dataDir)
})

const page = async (path: string): Promise<string> => (await fetch(app.address + path)).text()
const fill = (name: string, value: string) => organiser.page.locator(`main [name="${name}"]`).fill(value)
const choose = (name: string, value: string) =>
  organiser.page.locator(`main [name="${name}"]`).selectOption(value)
const at = () => new URL(organiser.page.url()).pathname
/** Everybody sees it, when what was kept of the page is gone. */
const everybodySees = (path: string, words: string) =>
  until(`${path} says “${words}”`, async () => (await page(path)).includes(words))

test('the set-up is walked through from the printed link to the desk, without JavaScript', async () => {
  const link = /sign in as an organiser.*?(http:\S+)/.exec(app.printed())?.[1] ?? ''
  expect(await organiser.goto(link)).toBe(200)
  await organiser.press(text('accounts.sign-in.press'))
  expect(at()).toBe('/desk')

  await organiser.goto('/setup')
  await fill('name', 'Listening Week')
  await fill('organiser', 'The Listeners')
  await fill('contact', 'hello@people.org')
  await organiser.press(text('setup.save-next'))

  expect(at()).toBe('/setup/week')
  await fill('monday', '2027-10-18')
  await fill('name', 'Listening Week 2027')
  await organiser.press(text('weeks.form.make'))

  expect(at()).toBe('/setup/people')
  await fill('email', 'rita@people.org')
  await fill('name', 'Rita')
  await organiser.press(text('setup.people-ask'))
  expect(await organiser.words()).toContain('Rita')
  expect(
    (await mailTo({ dataDir }, 'rita@people.org', 'You can help to look after Listening Week')).text,
  ).toContain('/sign-in')
  await organiser.page.getByRole('link', { name: text('setup.next') }).click()

  expect(at()).toBe('/setup/mail')
  await organiser.press(/^Send a test/)
  await until('the test mail has left', async () => {
    if (!(await organiser.words()).includes(text('setup.mail-waiting'))) return true
    await organiser.page.reload()
    return false
  })
  expect(await organiser.words()).toContain('lies in the outbox')
  await organiser.page.getByRole('link', { name: text('setup.next') }).click()

  expect(at()).toBe('/setup/example')
  expect(await organiser.words()).toContain(text('setup.example-gone'))
  await organiser.page.getByRole('link', { name: text('setup.next') }).click()

  expect(at()).toBe('/setup/done')
  await organiser.press(text('setup.done-press'))
  expect(at()).toBe('/desk')
  await everybodySees('/', 'Listening Week')
  expect(await page('/')).not.toContain('18 – 24 October 2027')
})

test('a week is announced, changed, and followed by the next, which brings its lists along', async () => {
  await organiser.goto('/desk/weeks/2027')
  await organiser.page.locator('main [name=sure]').check()
  await organiser.press(text('weeks.announce.press'))
  expect(await organiser.words()).toContain(text('weeks.desk.announced'))
  await fill('theme', 'Leave a pause')
  await fill('hashtag', 'listeningweek')
  await organiser.send('theme')
  expect(await organiser.words()).toContain(text('accounts.me.saved'))
  await everybodySees('/weeks/2027', 'Leave a pause')

  await organiser.goto('/desk/weeks/new')
  expect(await organiser.page.locator('main [name=monday]').inputValue()).toBe('2028-10-16')
  await fill('name', 'Listening Week 2028')
  await organiser.press(text('weeks.form.make'))
  expect(at()).toBe('/desk/weeks/2028')
  expect(await organiser.words()).toContain('15 kinds of activity')
  expect(await page('/weeks')).not.toContain('Listening Week 2028')
})

test('the roster is planned, and says on the desk who is on duty', async () => {
  await organiser.goto('/me')
  await fill('name', 'Olga')
  await organiser.press(text('accounts.me.save'))
  expect(await organiser.words()).toContain(text('accounts.me.saved'))

  await organiser.goto('/desk/duty')
  const [duty, backup] = await organiser.page
    .locator('main select')
    .evaluateAll((all) => all.slice(0, 2).map((one) => one.getAttribute('name') ?? ''))
  const [olga = '', rita = ''] = await Promise.all(
    ['Olga', 'Rita'].map((name) =>
      organiser.page
        .locator(`main [name="${duty}"] option`, { hasText: name })
        .getAttribute('value')
        .then(String),
    ),
  )
  await choose(duty ?? '', olga)
  await choose(backup ?? '', olga)
  await organiser.send('repeat')
  expect(await organiser.words()).toContain(text('accounts.duty.same'))
  expect(await organiser.page.locator(`main [name="${duty}"]`).inputValue()).toBe(olga)
  await choose(backup ?? '', rita)
  await organiser.page.locator('main [name=repeat]').check()
  await organiser.send('repeat')
  expect(await organiser.words()).toContain(text('accounts.me.saved'))
  await organiser.goto('/desk')
  expect(await organiser.words()).toContain(text('desk.on-duty', { names: 'Olga' }))
  expect(await organiser.words()).toContain(text('desk.backup', { names: 'Rita' }))
})

test('roles are given and taken away, but never the last organiser’s', async () => {
  await organiser.goto('/desk/people')
  await fill('email', 'sam@people.org')
  await fill('name', 'Sam')
  await organiser.page.locator('main [name=role][value=organiser]').check()
  await organiser.press(text('accounts.people.give'))
  expect(await organiser.words()).toContain(text('accounts.people.given'))
  const role = { name: 'Sam', role: text('accounts.role.organiser') }
  await organiser.press(text('accounts.people.take-whose', role))
  expect(await organiser.words()).toContain(text('accounts.people.taken'))
  expect(await organiser.words()).not.toContain('sam@people.org')
  await organiser.press(text('accounts.people.take-whose', { ...role, name: 'Olga' }))
  expect(await organiser.words()).toContain(text('accounts.people.last-organiser'))
})

test('settings and redirects are changed, and everybody sees it', async () => {
  await organiser.goto('/desk/settings')
  await fill('organiser', 'The Listeners of Leeds')
  await fill('address', 'Town Hall\nLeeds')
  await choose('country', 'IE')
  await fill('zone', 'Europe/Dublin')
  await organiser.send('organiser')
  expect(await organiser.words()).toContain(text('accounts.me.saved'))
  expect(await organiser.page.locator('main [name=zone]').inputValue()).toBe('Europe/Dublin')
  await everybodySees('/about', 'The Listeners of Leeds')

  await fill('path', '/old-news')
  await fill('target', '/weeks')
  await organiser.send('path')
  const moved = await fetch(`${app.address}/old-news`, { redirect: 'manual' })
  expect([moved.status, moved.headers.get('location')]).toEqual([301, '/weeks'])
  await organiser.press(text('site.redirects.remove-which', { path: '/old-news' }))
  expect((await fetch(`${app.address}/old-news`, { redirect: 'manual' })).status).toBe(404)
})

test('a plain page says what an organiser wrote, and goes back to what it came with', async () => {
  await organiser.goto('/desk/texts/about')
  const first = await organiser.page.locator('main textarea[name=body]').inputValue()
  await fill('body', '# About us\n\nWe are {organiserName}. <script>alert(1)</script>')
  await organiser.page.locator('main form').first().getByRole('button').click()
  expect(await organiser.words()).toContain(text('accounts.me.saved'))
  await everybodySees('/about', 'We are The Listeners of Leeds.')
  expect(await page('/about')).not.toContain('<script>alert')
  await organiser.goto('/desk/texts/about')
  await organiser.press(text('site.texts.reset'))
  expect(await organiser.page.locator('main textarea[name=body]').inputValue()).toBe(first)
  await until('the page is as it came', async () => !(await page('/about')).includes('We are The Listeners'))
})

test('somebody keeps their name, takes their data along, and signs out', async () => {
  const rita = await walkerAt(browser, { address: app.address, dataDir })
  await rita.signIn('rita@people.org', '/me')
  await rita.page.locator('main [name=name]').fill('Rita R.')
  await rita.press(text('accounts.me.save'))
  expect(await rita.page.locator('main [name=name]').inputValue()).toBe('Rita R.')
  const cookies = await rita.page.context().cookies()
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
  const data = await fetch(`${app.address}/me/data.json`, { headers: { cookie } })
  expect(await data.text()).toContain('rita@people.org')
  await rita.press(text('accounts.me.out'))
  await rita.goto('/me')
  expect(new URL(rita.page.url()).pathname).toBe('/sign-in')
  expect((await fetch(`${app.address}/me/data.json`, { headers: { cookie } })).ok).toBe(false)
  await rita.leave()
})
