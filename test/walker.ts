import type { Browser, Page } from 'playwright-core'
import { until } from './app.ts'
import { linkIn, mailsTo } from './site.ts'

/** Somebody on a phone whose browser runs no JavaScript. */
export type Walker = {
  page: Page
  goto: (path: string) => Promise<number>
  /** Presses the first button of that name. */
  press: (name: string | RegExp) => Promise<void>
  /** Presses the button of a form with a control of that name. */
  send: (control: string) => Promise<void>
  h1: () => Promise<string>
  words: () => Promise<string>
  /** Signs in by mail and comes to an address. */
  signIn: (email: string, next: string) => Promise<void>
  leave: () => Promise<void>
}

/** Opens a browser's page for somebody of their own; they leave at the end. */
export async function walkerAt(
  browser: Browser,
  site: { address: string; dataDir: string },
): Promise<Walker> {
  const context = await browser.newContext({
    baseURL: site.address,
    javaScriptEnabled: false,
    viewport: { width: 360, height: 740 },
  })
  context.setDefaultTimeout(15_000)
  const page = await context.newPage()
  const main = page.locator('main')
  const goto = async (path: string) => (await page.goto(path))?.status() ?? 0
  const press = (name: string | RegExp) => main.getByRole('button', { name }).first().click()
  return {
    page,
    goto,
    press,
    send: (control) => main.locator(`form:has([name="${control}"]) button`).last().click(),
    h1: () => page.locator('h1').innerText(),
    words: () => main.innerText(),
    leave: () => context.close(),
    signIn: async (email, next) => {
      const before = (await mailsTo(site, email)).length
      await goto(`/sign-in?next=${next}`)
      await page.locator('main [name=email]').fill(email)
      await press('Send me the link')
      await until(`a mail to sign in for ${email}`, async () => (await mailsTo(site, email)).length > before)
      const mail = (await mailsTo(site, email)).findLast(({ text }) => text.includes('/sign-in/'))
      if (!mail) throw new Error(`The mail to ${email} has no link to sign in`)
      await goto(linkIn(mail, '/sign-in/'))
      await press('Sign me in')
    },
  }
}
