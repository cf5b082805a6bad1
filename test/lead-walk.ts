import type { Page } from 'playwright-core'
import { expect } from 'vitest'

const form = (page: Page, name: string) => page.locator(`details:has(form[action="?/${name}"])`)
const summary = (page: Page) => page.locator('.error-summary').innerText()
const keep = (page: Page, name: string) => form(page, name).getByRole('button', { name: 'Keep it' }).click()

/** On the page of somebody shown: the lead writes down that they cannot decide this, at first for a day that has passed; what was typed stays. */
export async function saysTheyCannotDecide(page: Page): Promise<void> {
  await page.locator('summary', { hasText: 'A decision in their best interests' }).click()
  expect(await page.locator('main').innerText()).toContain('First write down whether they can decide')
  await form(page, 'capacity').locator('summary').click()
  await page.getByLabel('They cannot decide this').check()
  const words = form(page, 'capacity').getByLabel('What you saw, asked')
  const again = form(page, 'capacity').getByLabel('Look at it again by')
  await words.fill('Pictures, her own phone, three times.')
  await again.fill('2020-01-01')
  await keep(page, 'capacity')
  expect(await summary(page)).toContain('Look at it again by: This day has passed.')
  expect(await words.inputValue()).toContain('her own phone')
  await again.fill('2030-01-01')
  await keep(page, 'capacity')
  expect(await page.locator('main').innerText()).toContain('you decide in their best interests')
}

/** On the same page: the lead decides for them that everybody may see a story, at first without saying how far it goes. */
export async function decidesForThem(page: Page, story: string): Promise<void> {
  const decision = form(page, 'decision')
  await decision.locator('summary').click()
  await decision.getByLabel('About which story?').selectOption({ label: story })
  await decision.getByLabel('How many others did you ask?').fill('2')
  await decision.getByLabel('No sign of a no').check()
  await decision.getByLabel('Look at it again by').fill('2029-12-01')
  await decision.getByLabel('What you saw, asked').fill('Her sister and her key worker.')
  await keep(page, 'decision')
  expect(await summary(page)).toContain('How far may it go?: Please choose one of the answers.')
  await decision.getByLabel('Everybody who visits this site').check()
  await keep(page, 'decision')
  expect(await page.locator('main').innerText()).toContain('Somebody independent has to look at the decision')
}
