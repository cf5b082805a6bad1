import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { until } from '../app.ts'
import { openBrowser } from '../browser.ts'
import { faultsOf } from '../faults.ts'
import { makeSchool, makeTold, sendPhotograph, type School } from '../permission-site.ts'
import {
  givesTheFamilyALink,
  saysAboutWhom,
  saysAgain,
  saysNever,
  sayYesAndTakeBack,
} from '../family-walk.ts'
import { follow, h1, press, words } from '../hands.ts'
import { decidesForThem, saysTheyCannotDecide, saysWithASlip } from '../lead-walk.ts'
import { databaseOf, sharedSite, signInAs } from '../site.ts'

const site = sharedSite()
const db = databaseOf(site)
const code = crypto.randomUUID().slice(0, 8)
const title = `The drum answered ${code}`
let browser: Browser
let school: School
type Who = 'teacher' | 'vetted' | 'lead'
let cookies: Record<Who, string>
const open: BrowserContext[] = []

beforeAll(async () => {
  school = await makeSchool(db)
  browser = await openBrowser()
  cookies = {
    teacher: await signInAs(site, school.teacher.email),
    vetted: await signInAs(site, school.vetted.email),
    lead: await signInAs(site, school.lead.email),
  }
})
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') {
    for (const page of open.flatMap((context) => context.pages()))
      console.log(page.url(), await page.locator('main').innerText())
  }
  for (const context of open.splice(0)) await context.close()
})
afterAll(async () => {
  await browser.close()
  await db.destroy()
})

async function newPage(who: Who | null, over: { javaScriptEnabled?: boolean } = {}) {
  const viewport = who === null ? { width: 360, height: 740 } : { width: 1280, height: 800 }
  const context = await browser.newContext({ baseURL: site.address, viewport, ...over })
  context.setDefaultTimeout(10_000)
  open.push(context)
  if (who !== null) {
    const pairs = cookies[who].split('; ').map((pair) => pair.split(/=(.*)/s))
    await context.addCookies(pairs.map(([name = '', value = '']) => ({ name, value, url: site.address })))
  }
  return context.newPage()
}
const noFaults = async (page: Page) => expect(await faultsOf(page), page.url()).toEqual([])

/** Presses Tab until something has the focus, as somebody without a mouse does. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let pressed = 0; pressed < 120; pressed += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Not reached by the keyboard: ${String(target)}`)
}

/** By the keyboard only: one person from the class list, one who is new. */
async function sayWho(page: Page, version: string, token: string): Promise<void> {
  await page.goto(`/stories/edit/${token}/pictures/${version}`)
  await noFaults(page)
  await tabTo(page, page.getByRole('checkbox', { name: /S\.K\..*Form says yes/s }))
  await page.keyboard.press('Space')
  await tabTo(page, page.locator('summary', { hasText: 'Somebody new' }))
  await page.keyboard.press('Enter')
  await tabTo(page, page.getByLabel('Initials or a colour').first())
  await page.keyboard.type('Q.T.')
  await tabTo(page, page.getByLabel('Their names').first())
  await page.keyboard.type('Quentin')
  await tabTo(page, page.getByRole('button', { name: 'Keep and go on' }))
  await page.keyboard.press('Enter')
  await page.waitForURL(/pictures\?saved/)
}

/** One question a page, until there is a link to hand over. */
async function ask(page: Page, token: string): Promise<string> {
  await page.goto(`/stories/edit/${token}/pictures`)
  await follow(page, /Ask them: Q\.T\./)
  await press(page, 'Next')
  expect(await words(page)).toContain('Please choose one of the answers.')
  await page.getByLabel(/Somebody we support/).check()
  await press(page, 'Next')
  expect(await page.getByLabel('18 or over').isChecked()).toBe(true)
  await press(page, 'Next')
  expect(await page.getByLabel(/Yes, or nobody has said/).isChecked()).toBe(true)
  await noFaults(page)
  await press(page, 'Next')
  await press(page, 'Make the link')
  await noFaults(page)
  const link = await page.locator('main a[href*="/consent/"]').getAttribute('href')
  return new URL(link ?? '', site.address).pathname
}

/** Three screens on a phone without JavaScript. */
async function sayYes(page: Page, link: string): Promise<void> {
  await page.goto(link)
  expect(await h1(page)).toBe('Look at this')
  expect(await words(page)).toContain(title)
  const answer = await page.request.get((await page.locator('main img').first().getAttribute('src')) ?? '')
  expect(answer.status()).toBe(200)
  await follow(page, 'Next')
  expect(await words(page)).toContain('The world')
  expect(await words(page)).toContain('Not other sites or social media')
  const further = page.getByLabel(/Yes, there as well/)
  expect(await further.isChecked()).toBe(false)
  await further.check()
  await press(page, 'Next')
  expect(await words(page)).toContain('we cannot fetch it back from there')
  await follow(page, 'Back')
  expect(await page.getByLabel(/Yes, there as well/).isChecked()).toBe(true)
  await press(page, 'Next')
  await press(page, 'Yes')
  expect(await h1(page)).toBe('You said yes')
  expect(await words(page)).toContain('It may also go to other sites and social media.')
  expect(await words(page)).toContain('Nobody can see it yet')
}

const asStranger = (path: string) => fetch(site.address + path)
const textOf = async (path: string): Promise<string> => (await asStranger(path)).text()

test('two people in a photograph, one by a form on paper, one by their own page; and the one who says no is gone within a second', async () => {
  const story = await makeTold(db, school.teacher.account, title)
  const version = await sendPhotograph(site, { ...story, cookie: cookies.teacher })
  const teacher = await newPage('teacher')
  await sayWho(teacher, version, story.token)
  await teacher.getByLabel('What does it show?').fill('Two people at a drum.')
  await press(teacher, 'Keep these words')
  await press(teacher, /Show them as soon as/)
  await noFaults(teacher)
  const link = await ask(teacher, story.token)
  const phone = await newPage(null, { javaScriptEnabled: false })
  await sayYes(phone, link)

  const file = /\/media\/[^\s"]+\.jpg/.exec(await textOf(`/stories/${story.slug}`))
  expect(file).toBeNull()
  const vetted = await newPage('vetted')
  await vetted.goto('/desk/pictures')
  await vetted.locator('main a[href^="/desk/pictures/"]').first().click()
  expect(await words(vetted)).toContain('Q.T.')
  await press(vetted, /Yes, this is everybody/)

  const page = await textOf(`/stories/${story.slug}`)
  const address = new RegExp(`/media/${version}/\\d+\\.jpg`).exec(page)?.[0] ?? ''
  const own = await phone.request.get(`${link}?screen=see`)
  const seen = /src="([^"]+\.jpg)"/.exec(await own.text())?.[1] ?? ''

  const places = [
    ...['/stories', '/stories.json', '/stories.atom'].map((path) => `${path}?q=${code}`),
    `/stories/${story.slug}`,
    address,
    seen,
  ]
  for (const path of places.slice(0, 4)) expect((await textOf(path)).includes(title), path).toBe(true)
  // The form on paper of the other says nothing of social media.
  expect(await textOf(`/stories.atom?q=${code}`)).not.toContain(version)
  await teacher.goto(`/stories/edit/${story.token}/pictures`)
  expect(await words(teacher)).toContain('It stays on this site.')
  for (const path of places.slice(4)) expect((await asStranger(path)).status, path).toBe(200)

  await phone.goto(link)
  expect(await words(phone)).toContain('It can be seen now.')
  await press(phone, /Keep it on the week’s pages/)
  expect(await words(phone)).toContain('Nowhere beyond our control since')
  expect(await words(phone)).toContain('what other sites and social media have copied')
  expect(await words(phone)).toContain('It can be seen now.')
  expect(await phone.getByRole('button', { name: /Keep it on the week’s pages/ }).count()).toBe(0)
  expect((await asStranger(address)).status).toBe(200)
  await press(phone, 'Change my mind')
  expect(await h1(phone)).toBe('It is gone')
  expect(await words(phone)).toContain('Gone from here since')
  await until(
    'nothing of it is anywhere',
    async () => {
      const answers = await Promise.all(places.map(asStranger))
      const said = await Promise.all(answers.map(async (one) => (one.ok ? one.text() : '')))
      return said.every((one) => !one.includes(title) && !one.includes(version))
    },
    1,
  )
  const after = await Promise.all([address, seen, `/stories/${story.slug}`].map(asStranger))
  expect(after.map(({ status }) => status)).toEqual([404, 404, 404])
})

test('a link that was withdrawn and one that never was look the same, and lead to where a picture is reported', async () => {
  const story = await makeTold(db, school.teacher.account, `${title} again`)
  const version = await sendPhotograph(site, { ...story, cookie: cookies.teacher })
  const teacher = await newPage('teacher')
  await sayWho(teacher, version, story.token)
  const link = await ask(teacher, story.token)
  const phone = await newPage(null, { javaScriptEnabled: false })
  await sayYesAndTakeBack(phone, link)
  const other = await newPage(null)
  const seen: string[] = []
  for (const path of [link, '/consent/forged', `/consent/${'x'.repeat(32)}`]) {
    expect((await other.goto(path))?.status()).toBe(404)
    await noFaults(other)
    seen.push(await words(other))
  }
  expect(new Set(seen).size).toBe(1)
  await follow(other, 'I am in a picture')
  expect(new URL(other.url()).pathname).toBe('/report')
})

test('a lead decides in somebody’s best interests on paper and page, and the picture is seen as far as the policy goes', async () => {
  const story = await makeTold(db, school.teacher.account, `${title} for J.D.`)
  // Another than the one that is taken back above: whatever looks like that waits for a person.
  const version = await sendPhotograph(site, { ...story, cookie: cookies.teacher })
  const teacher = await newPage('teacher')
  await saysWithASlip(teacher, `/stories/edit/${story.token}/pictures/${version}`)
  await teacher.getByLabel('What does it show?').fill('Somebody at a drum.')
  await press(teacher, 'Keep these words')
  await press(teacher, /Show them as soon as/)
  const vetted = await newPage('vetted', { javaScriptEnabled: false })
  await vetted.goto('/desk/pictures')
  await vetted.locator('main a[href^="/desk/pictures/"]').last().click()
  expect(await words(vetted)).toContain('This was said before, and not this time.')
  await vetted.getByLabel('It is not so').check()
  await press(vetted, /Yes, this is everybody/)

  const lead = await newPage('lead', { javaScriptEnabled: false })
  await lead.goto(`/desk/organisations/${school.slug}/shown`)
  await lead.getByRole('link', { name: 'J.D.', exact: true }).click()
  expect(await words(lead)).toContain('They have not been asked.')
  const here = lead.url()
  await saysTheyCannotDecide(lead)
  await decidesForThem(lead)
  const image = new RegExp(`/media/${version}/\\d+\\.jpg`)
  expect(await textOf(`/stories/${story.slug}`)).not.toMatch(image)

  await vetted.goto(here)
  await vetted.locator('summary', { hasText: 'Everybody who visits this site' }).click()
  await press(vetted, 'I have looked at this decision, and agree')
  expect(await words(vetted)).toContain('Nothing is missing')
  const address = image.exec(await textOf(`/stories/${story.slug}`))?.[0] ?? ''
  expect((await asStranger(address)).status).toBe(200)

  await lead.goto(`/desk/organisations/${school.slug}/policy`)
  await lead.locator('[name="widest-best-interests"]').selectOption('3')
  await press(lead, 'See what would change')
  expect(await words(lead)).toContain('One story that can be seen now would be hidden, with one picture.')
  expect((await asStranger(address)).status).toBe(200)
  await press(lead, /Save|Keep/)
  expect((await asStranger(address)).status).toBe(404)
  await lead.goto(here)
  expect(await words(lead)).toContain('Your organisation does not let this go so far')
})

test('a family is asked gently, by a link that is handed over, and what was allowed is seen again only once somebody else has looked', async () => {
  const story = await makeTold(db, school.teacher.account, `${title} for W.W.`)
  const version = await sendPhotograph(site, { ...story, cookie: cookies.teacher })
  const plain = { javaScriptEnabled: false }
  const [teacher, phone] = [await newPage('teacher', plain), await newPage(null, plain)]
  const [vetted, lead] = [await newPage('vetted', plain), await newPage('lead', plain)]
  await saysAboutWhom(teacher, { token: story.token, version, label: 'W.W.' })
  const asked = await teacher.locator('main a[href*="/consent/"]').getAttribute('href')
  const theirs = new URL(asked ?? '', site.address).pathname
  await phone.goto(`${theirs}?screen=ask`)
  await press(phone, 'Yes')
  await vetted.goto('/desk/pictures')
  await vetted.locator('main .queue a').last().click()
  await press(vetted, /Yes, this is everybody/)
  const image = new RegExp(`/media/${version}/\\d+\\.jpg`)
  const address = image.exec(await textOf(`/stories/${story.slug}`))?.[0] ?? ''
  const status = async () => (await asStranger(address)).status
  expect(await status()).toBe(200)

  const family = await givesTheFamilyALink(lead, theirs)
  expect(await status()).toBe(404)
  await phone.goto(theirs)
  expect(await h1(phone)).toBe('Nothing of W.W. is shown now')
  const picture = await saysAgain(phone, family)
  expect(await status()).toBe(404)
  await vetted.goto('/desk/pictures')
  await vetted.getByRole('link', { name: `${title} for W.W.` }).click()
  expect(await words(vetted)).toContain('The family said that it may be shown again')
  await vetted.getByLabel(/Why/).fill('The family would like it.')
  await press(vetted, 'Bring it back')
  expect(await status()).toBe(200)
  await saysNever(phone, family)
  expect([await status(), (await phone.request.get(picture)).status()]).toEqual([404, 404])
})
