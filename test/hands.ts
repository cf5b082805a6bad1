import type { Page } from 'playwright-core'

/** Presses the first button of that name on a page. */
export const press = (page: Page, name: string | RegExp) =>
  page.locator('main').getByRole('button', { name }).first().click()

/** Follows the first link of that name on a page. */
export const follow = (page: Page, name: string | RegExp) =>
  page.locator('main').getByRole('link', { name }).first().click()

/** Reads what a page says. */
export const words = (page: Page) => page.locator('main').innerText()

/** Reads what a page is called. */
export const h1 = (page: Page) => page.locator('h1').innerText()
