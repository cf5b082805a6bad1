import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { follow, h1, press, words } from './hands.ts'

/** The poster says that nobody can be recognised, is asked whom it is about, then finds that it shows somebody; and asks them. */
export async function saysAboutWhom(
  page: Page,
  { token, version, label }: { token: string; version: string; label: string },
): Promise<void> {
  const one = `/stories/edit/${token}/pictures/${version}`
  await page.goto(one)
  await page.locator('summary', { hasText: 'Nobody can be recognised' }).click()
  await page.getByLabel('Yes, nobody can be recognised in it').check()
  await press(page, 'Keep and go on')
  expect(await words(page)).toContain('Please say whom it is about')
  await page.getByLabel('Nobody in particular').check()
  await press(page, 'Keep and go on')
  await page.goto(one)
  expect(await page.getByLabel('Nobody in particular').isChecked()).toBe(true)
  await page.getByLabel('Yes, nobody can be recognised in it').uncheck()
  await page.locator('summary', { hasText: 'Somebody new' }).click()
  await page.getByLabel('Initials or a colour').first().fill(label)
  await press(page, 'Keep and go on')
  await page.getByLabel('What does it show?').fill('Somebody who leads the song.')
  await press(page, 'Keep these words')
  await press(page, /Show them as soon as/)
  await follow(page, `Ask them: ${label}`)
  await page.getByLabel(/Somebody we support/).check()
  for (let question = 0; question < 3; question += 1) await press(page, 'Next')
  await press(page, 'Make the link')
}

/** The lead writes down that somebody has died, and makes a link for their family; answers its address. */
export async function givesTheFamilyALink(page: Page, theirs: string): Promise<string> {
  await page.goto(`${theirs}/records?write=died`)
  await press(page, 'They have died')
  await follow(page, 'Ask the family')
  await press(page, 'Make the link')
  expect(await words(page)).toContain('Who are they to them?')
  await page.getByLabel('Who are they to them?').fill('sister')
  await press(page, 'Make the link')
  const made = await page.locator('main a[href*="/consent/family/"]').getAttribute('href')
  return new URL(made ?? '').pathname
}

/** Somebody of the family looks at what there is, and says that it may be shown again; answers the address of a picture that they saw. */
export async function saysAgain(page: Page, family: string): Promise<string> {
  await page.goto(family)
  expect(await words(page)).toContain('There is no hurry.')
  const picture = (await page.locator('main img').first().getAttribute('src')) ?? ''
  expect((await page.request.get(picture)).status()).toBe(200)
  await follow(page, 'Next')
  await press(page, 'It may be shown again')
  expect(await words(page)).toContain('Somebody else looks at it first.')
  return picture
}

/** They come back, and say that it stays taken down. */
export async function saysNever(page: Page, family: string): Promise<void> {
  await page.goto(family)
  await follow(page, 'Look at it again')
  await follow(page, 'Next')
  await follow(page, 'Keep it taken down')
  await press(page, 'Keep it taken down')
  expect(await words(page)).toContain('Nobody asks you anything more.')
}

/** Somebody says yes on their own page and changes their mind; it is gone, also when they look again. */
export async function sayYesAndTakeBack(page: Page, link: string): Promise<void> {
  await page.goto(`${link}?screen=ask`)
  await press(page, 'Yes')
  await press(page, 'Change my mind')
  expect(await h1(page)).toBe('It is gone')
  // Whoever pressed can look at it again on this device.
  await page.reload()
  expect(await h1(page)).toBe('It is gone')
}
