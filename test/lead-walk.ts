import type { Page } from 'playwright-core'
import { expect } from 'vitest'

const form = (page: Page, name: string) => page.locator(`details:has(form[action="?/${name}"])`)
const summary = (page: Page) => page.locator('.error-summary').innerText()
const keep = (page: Page, name: string, how = 'Write it down') =>
  form(page, name).getByRole('button', { name: how }).click()

/** On the page of somebody shown: the lead writes down that they cannot decide this, at first for a day that has passed; what was typed stays. */
export async function saysTheyCannotDecide(page: Page): Promise<void> {
  await page.locator('summary', { hasText: 'A decision in their best interests' }).click()
  expect(await page.locator('main').innerText()).toContain('First write down whether they can decide')
  await form(page, 'capacity').locator('summary').click()
  await page.getByLabel('No, not now').check()
  const words = form(page, 'capacity').getByLabel('What were they asked, and how?')
  const again = form(page, 'capacity').getByLabel('When is it looked at again?')
  await words.fill('Pictures, her own phone, three times.')
  await form(page, 'capacity').getByLabel('Which help was tried?').fill('More time.')
  await form(page, 'capacity').getByLabel('What was seen?').fill('She turned away each time.')
  await again.fill('2020-01-01')
  await keep(page, 'capacity')
  expect(await summary(page)).toContain('When is it looked at again? This day has passed.')
  expect(await words.inputValue()).toContain('her own phone')
  await again.fill('2030-01-01')
  await keep(page, 'capacity')
  expect(await page.locator('main').innerText()).toContain('you decide in their best interests')
}

/** On the same page: the lead decides for them that everybody may see the story they are in, at first without saying how far it goes. */
export async function decidesForThem(page: Page): Promise<void> {
  const decision = form(page, 'decision')
  await decision.locator('summary').click()
  await decision.getByLabel('How many people who know them did you ask?').fill('2')
  await decision.getByLabel('Whom did you ask, and what did they say?').fill('Her sister and her key worker.')
  await decision.getByLabel('What would they want?').fill('She shows her drum to everybody.')
  await decision.getByLabel('Why is it good for them?').fill('She laughs when others look.')
  await decision.getByLabel('Why would nothing that shows less do?').fill('Her hands alone are not her.')
  await decision.getByLabel('No sign of a no').check()
  await decision.getByLabel('When is it looked at again?').fill('2029-12-01')
  await keep(page, 'decision', 'I decide this')
  expect(await summary(page)).toContain('Who may see it, at the most? Please choose one of the answers.')
  await decision.getByLabel('Everybody who visits this site').check()
  await keep(page, 'decision', 'I decide this')
  expect(await page.locator('main').innerText()).toContain('Somebody independent has to look at the decision')
}

/** Taps J.D., and by a slip somebody whose form on paper said no before: it is there still, and the tick can be taken away. */
export async function saysWithASlip(page: Page, here: string): Promise<void> {
  const slip = page.getByRole('checkbox', { name: /Blue star.*Form says no/s })
  const keep = () => page.getByRole('button', { name: 'Keep and go on' }).click()
  await page.goto(here)
  await page.getByRole('checkbox', { name: /J\.D\./ }).check()
  await slip.check()
  await keep()
  await page.goto(here)
  const picture = (await page.locator('main img').first().getAttribute('src')) ?? ''
  expect((await page.request.get(picture)).status()).toBe(200)
  await slip.uncheck()
  await keep()
}
