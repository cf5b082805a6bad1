import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser } from '../browser.ts'
import { press, words } from '../hands.ts'
import { databaseOf, giveRole, sharedSite, signInAs } from '../site.ts'

const site = sharedSite()
const db = databaseOf(site)
let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(async () => {
  await browser.close()
  await db.destroy()
})

/** Opens a phone without JavaScript on which somebody is signed in. */
async function openPhone(email: string): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({
    baseURL: site.address,
    javaScriptEnabled: false,
    viewport: { width: 360, height: 740 },
  })
  context.setDefaultTimeout(10_000)
  const pairs = (await signInAs(site, email)).split('; ').map((pair) => pair.split(/=(.*)/s))
  await context.addCookies(pairs.map(([name = '', value = '']) => ({ name, value, url: site.address })))
  return { context, page: await context.newPage() }
}

test('a teacher founds a school, an organiser agrees, and the class is entered and tapped without JavaScript', async () => {
  await giveRole(db, 'agrees@people.org', 'organiser')
  const teacher = await openPhone('teacher@people.org')
  const { page } = teacher
  await page.goto('/me/organisations')
  await page.getByRole('link', { name: /Found it/ }).click()
  await page.getByLabel('School', { exact: false }).first().check()
  await page.getByLabel('England').check()
  await page.getByLabel('Its name').fill('Class Four School')
  await press(page, 'Found it')
  expect(await words(page)).toContain('Please write who the safeguarding lead is.')
  expect(await page.getByLabel('Its name').inputValue()).toBe('Class Four School')
  await page.getByLabel('Who is your safeguarding lead?').fill('The deputy head')
  await press(page, 'Found it')
  expect(await words(page)).toContain('An organiser has not read this yet.')

  const organiser = await openPhone('agrees@people.org')
  await organiser.page.goto('/desk')
  await organiser.page.getByRole('link', { name: 'Class Four School' }).click()
  await press(organiser.page, 'Agree: Class Four School')
  const people = await organiser.page.goto('/desk/organisations/class-four-school/people')
  expect(people?.status()).toBe(404)
  await organiser.context.close()

  await page.goto('/desk/organisations/class-four-school/people/new')
  const row = (number: number) => page.getByRole('group', { name: `Person ${number}` })
  await row(1).getByLabel('Initials').fill('Sam')
  await row(1).getByLabel('Age', { exact: true }).selectOption('under-13')
  await row(1).getByLabel('Next change of age').selectOption('05')
  await row(1).getByLabel('Year').fill('2030')
  await row(2).getByLabel('Colour').selectOption('blue')
  await row(2).getByLabel('Age', { exact: true }).selectOption('adult')
  await press(page, 'Save')
  expect(await words(page)).toContain('This looks like a name.')
  expect(await row(2).getByLabel('Colour').inputValue()).toBe('blue')
  await row(1).getByLabel('Initials').fill('S.M.')
  await press(page, 'Save')
  expect(await words(page)).toMatch(/S\.M\.[\s\S]*may be 13 to 15 from May 2030/)

  await page.goto('/desk/organisations/class-four-school/forms/new')
  await page.getByLabel('What the form is called').fill('Blue form')
  await page.getByLabel('What it says, in its own words').fill('I agree to pictures in the school.')
  await page.getByLabel('When was this form written?').fill('2025-09-01')
  await page.getByLabel('People of this organisation').check()
  await page.getByLabel('Celebrate the week').check()
  await page.getByLabel('Face', { exact: true }).check()
  await press(page, 'Save the form')
  expect(await words(page)).toContain('This site. Whoever signed it did not say yes to be seen here')

  await page.getByLabel('Who signed').first().selectOption('parent')
  await page.getByLabel('When it was signed').first().fill('2026-09-02')
  const tap = (label: string) => page.getByRole('group', { name: label })
  await tap('Blue').getByLabel('Yes').check()
  await tap('S.M.').getByLabel('Yes').check()
  await press(page, 'Save the answers')
  expect(await words(page)).toContain('Blue is an adult. A relative or a council cannot say yes for an adult')
  expect(await tap('S.M.').getByLabel('Yes').isChecked()).toBe(true)
  await tap('Blue').getByLabel('No', { exact: true }).check()
  await press(page, 'Save the answers')
  expect(await words(page)).toContain('Parents decide for a child. One parent, 2 September 2026')
  await teacher.context.close()
})

test('answers are tapped with the keyboard alone', async () => {
  const { context, page } = await openPhone('teacher@people.org')
  await page.goto('/desk/organisations/class-four-school/forms')
  await page.getByRole('link', { name: 'Blue form' }).click()
  const group = page.getByRole('group', { name: 'Blue' })
  await group.getByLabel('No', { exact: true }).focus()
  await page.keyboard.press('ArrowRight')
  expect(await group.getByLabel('No form').isChecked()).toBe(true)
  await page.getByRole('button', { name: 'Save the answers' }).focus()
  await page.keyboard.press('Enter')
  await page.waitForURL(/\?saved$/)
  expect(await words(page)).toContain('Saved.')
  expect(await page.getByRole('group', { name: 'Blue' }).getByLabel('No form').isChecked()).toBe(true)
  await context.close()
})

test('a tighter policy says first what it will hide, and its version stays to be read', async () => {
  const { context, page } = await openPhone('teacher@people.org')
  await page.goto('/desk/organisations/class-four-school/policy')
  const widest = page.locator('#widest-parents')
  await widest.selectOption('2')
  await press(page, 'See what would change')
  expect(await words(page)).toContain('What is no longer allowed is hidden the moment you save.')
  expect(await page.locator('#widest-parents').inputValue()).toBe('2')
  await press(page, 'Save as a new version')
  expect(await words(page)).toContain('Saved as version 1.')
  await page.goto('/desk/organisations/class-four-school/policy/1')
  expect(await words(page)).toMatch(/Parents decide for a child\s+People of this organisation/)
  await context.close()
})

test('a link that was handed over makes a member, who sees the people and cannot change them', async () => {
  const lead = await openPhone('teacher@people.org')
  await lead.page.goto('/desk/organisations/class-four-school/members')
  const link = await lead.page.locator('.share-link a').getAttribute('href')
  const path = new URL(link ?? '').pathname
  const guest = await browser.newContext({ baseURL: site.address, javaScriptEnabled: false })
  const outside = await guest.newPage()
  await outside.goto(path)
  expect(new URL(outside.url()).pathname).toBe('/sign-in')
  expect((await outside.goto(`${path}x`))?.status()).toBe(404)
  await guest.close()
  const { context, page } = await openPhone('assistant@people.org')
  await page.goto(path)
  await press(page, 'Yes, I belong to it')
  await page.getByRole('link', { name: 'Class Four School' }).click()
  await page.getByRole('link', { name: 'People we support' }).click()
  expect(await words(page)).toContain('S.M.')
  expect(await page.getByRole('link', { name: 'Add people' }).count()).toBe(0)
  expect((await page.goto('/desk/organisations/class-four-school/people/new'))?.status()).toBe(404)
  await context.close()
  await lead.page.reload()
  await press(lead.page, 'End all links')
  expect((await lead.page.goto(path))?.status()).toBe(404)
  await lead.context.close()
})

test('to everybody else an organisation that is there and one that is not look alike', async () => {
  const { context, page } = await openPhone('nobody-in-it@people.org')
  const seen = async (path: string): Promise<[number | undefined, string]> => {
    const answer = await page.goto(path)
    return [answer?.status(), await words(page)]
  }
  for (const part of [
    '',
    '/people',
    '/forms',
    '/members',
    '/policy',
    '/policy/1',
    '/change',
    '/people/new',
  ]) {
    const there = await seen(`/desk/organisations/beck-view-school${part}`)
    expect(there[0], part).toBe(404)
    expect(there, part).toEqual(await seen(`/desk/organisations/never-was${part}`))
  }
  await context.close()
})
