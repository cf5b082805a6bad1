import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openBrowser } from '../browser.ts'
import { follow, press, words } from '../hands.ts'
import { makeStory } from '../make.ts'
import { makeSupported } from '../organisations.ts'
import { aPhotograph, makeSchool, makeTold, sendPhotograph, type School } from '../permission-site.ts'
import { databaseOf, giveRole, linkIn, mailTo, sharedSite, signInAs } from '../site.ts'
import { walkerAt, type Walker } from '../walker.ts'

const site = sharedSite()
const db = databaseOf(site)
let browser: Browser
let sam: Walker

let school: School
const phones: BrowserContext[] = []
/** A phone without JavaScript, on which somebody is signed in when told. */
async function newPhone(email?: string): Promise<Page> {
  const context = await browser.newContext({
    baseURL: site.address,
    javaScriptEnabled: false,
    viewport: { width: 360, height: 740 },
  })
  context.setDefaultTimeout(10_000)
  phones.push(context)
  if (email !== undefined) {
    const pairs = (await signInAs(site, email)).split('; ').map((pair) => pair.split(/=(.*)/s))
    await context.addCookies(pairs.map(([name = '', value = '']) => ({ name, value, url: site.address })))
  }
  return context.newPage()
}

beforeAll(async () => {
  browser = await openBrowser()
  sam = await walkerAt(browser, site)
  school = await makeSchool(db)
})
afterEach(async () => {
  for (const phone of phones.splice(0)) await phone.close()
})
afterAll(async () => {
  await sam.leave()
  await browser.close()
  await db.destroy()
})

const body =
  '# The bus\n\nWe sat at the back.\n\n[drawing 7: Two people on a bus]\n\nHe hummed, and so did I.'

test('a long story is kept as a draft, found again, sent, read by all, gathered on a page, and taken back', async () => {
  const { page } = sam
  await sam.signIn('sam-tells@people.org', '/stories/mine')
  expect(await sam.words()).toContain('You have told nothing here yet')

  await sam.goto('/stories/new')
  await page.getByLabel('A title').fill('The back of the bus')
  await page.getByLabel('What happened?').fill(body)
  await page.getByLabel('Who tells it?').fill('Sam of the bus')
  await page.getByLabel('With whom?').fill('Jo')
  await page.getByLabel('How was it told?').selectOption('symbols')
  await page.getByLabel('Its address').fill('not an address')
  await sam.press('Save as a draft')
  expect(await page.getByLabel('What happened?').inputValue()).toBe(body)
  await page.getByLabel('Its address').fill('https://www.facebook.com/groups/1/posts/2')
  await page.getByLabel('What it is called there').fill('Our bus, on Facebook')
  await sam.press('Save as a draft')
  expect(await sam.words()).toContain('This is a draft')
  expect(await sam.words()).toContain('We could not read the place your story leads to')
  await page.getByText('See how it will look').click()
  await page.getByRole('img', { name: 'Two people on a bus' }).waitFor()

  await sam.goto('/stories/mine')
  await sam.press('Open it')
  await sam.press('Yes, send it to be read')
  expect(await sam.words()).toContain('It waits to be read')
  const own = new URL(page.url()).pathname
  const { slug } = await db
    .updateTable('stories')
    .set({ state: 'published', published: new Date() })
    .where('title', '=', 'The back of the bus')
    .returning('slug')
    .executeTakeFirstOrThrow()

  expect(await sam.goto(`/stories/${slug}`)).toBe(200)
  expect(await sam.words()).toContain('Told by Sam of the bus, with Jo, in symbols')
  expect(await sam.words()).toContain('Our bus, on Facebook')
  expect(await page.locator('main h2').first().innerText()).toBe('The bus')

  await sam.goto('/stories/mine')
  await page.getByLabel('The name you sign with').fill('Sam of the bus')
  await sam.press('Make my page')
  await page.getByRole('link', { name: 'Stories by Sam of the bus' }).click()
  expect(await sam.h1()).toBe('Told by Sam of the bus')
  expect(await sam.words()).toContain('The back of the bus')
  const feed = await fetch(`${page.url()}.atom`)
  expect([feed.status, await feed.text()]).toEqual([200, expect.stringContaining('The back of the bus')])
  const mine = page.url()

  await sam.goto(own)
  await sam.press('Take my story back')
  expect(await sam.words()).toContain('You took it back')
  expect(await sam.goto(`/stories/${slug}`)).toBe(404)
  await page.goto(mine)
  expect(await sam.h1()).toBe('Nothing stands here yet')
  expect((await fetch(`${mine}.atom`)).status).toBe(404)
})

test('the big screen goes on without JavaScript only when somebody asked, and asks again either way', async () => {
  const { page } = sam
  await sam.goto('/stories/screen?week=2027')
  const first = await sam.h1()
  const refresh = () => page.locator('meta[http-equiv=refresh]').getAttribute('content')
  expect(await refresh()).toMatch(/^45; url=\/stories\/screen\?week=2027$/)
  await page.getByRole('link', { name: 'Move on by itself' }).click()
  expect(await refresh()).toMatch(/^25; url=\/stories\/screen\?week=2027&page=2&play$/)
  await page.getByRole('link', { name: 'Next story' }).click()
  expect(await sam.h1()).not.toBe(first)
})

test('a reader likes a story and replies to it without an account or JavaScript; a reviewer shows it; it is taken back', async () => {
  const { page } = sam
  const { slug } = await makeStory(db, { published: new Date(), email: 'tells@people.org' })
  const reader = await walkerAt(browser, site)
  const reviewer = await walkerAt(browser, site)
  await reader.goto('/stories/three-in-the-morning')
  expect(await reader.words()).toContain('3 replies')
  await reader.goto(`/stories/${slug}`)
  await reader.press('I like this')
  expect(await reader.words()).toContain('You like this.')
  await reader.press('No longer like this')
  await reader.page.getByRole('button', { name: 'I like this' }).waitFor()

  await reader.page.getByRole('link', { name: 'Leave a reply' }).click()
  await reader.page.getByLabel('Your website').fill('no address at all')
  await reader.page.locator('main form').evaluate((form) => form.setAttribute('novalidate', ''))
  await reader.press('Send it')
  expect(await reader.words()).toContain('3 things need another look')
  await reader.page.getByLabel('Your reply').fill('We sat on the stairs too.')
  await reader.page.getByLabel('Your name').fill('Nell')
  await reader.page.getByLabel('Your website').fill('')
  await reader.page.getByLabel('Your e-mail').fill('nell@people.org')
  await reader.press('Send it')
  expect(await reader.h1()).toBe('Your reply waits for a person')
  const own = reader.page.url().replace(/\?.*$/, '')
  expect(linkIn(await mailTo(site, 'nell@people.org', 'Your reply to'), '/replies/')).toBe(own)
  await sam.goto(`/stories/${slug}`)
  expect(await sam.words()).not.toContain('We sat on the stairs too.')

  await giveRole(db, 'reads-replies@people.org', 'reviewer')
  await reviewer.signIn('reads-replies@people.org', '/desk/replies')
  expect(await reviewer.words()).toContain('We sat on the stairs too.')
  await reviewer.page
    .locator('.queue li', { hasText: 'We sat on the stairs too.' })
    .getByRole('checkbox')
    .check()
  await reviewer.page.getByLabel('What to do with the chosen ones').selectOption('show')
  await reviewer.press('Do it')
  // A page that is kept hears of it a moment later.
  const opened = () => reader.goto(`/stories/${slug}`).then(() => reader.words())
  await expect.poll(opened, { timeout: 10_000 }).toContain('We sat on the stairs too.')
  expect(await page.content()).not.toContain('nell@people.org')

  await mailTo(site, 'tells@people.org', 'Somebody replied to')
  await reader.page.goto(own)
  expect(await reader.h1()).toBe('Your reply can be seen')
  await reader.press('Take it back')
  expect(await reader.h1()).toBe('You took your reply back')
  await reader.goto(`/stories/${slug}`)
  expect(await reader.words()).not.toContain('We sat on the stairs too.')
  await Promise.all([reader.leave(), reviewer.leave()])
})
test('a class of twelve with forms on paper: one photograph, one page for everybody, sixteen taps', async () => {
  const labels = Array.from({ length: 12 }, (_, at) => `C${at + 1}.`)
  const form = await db
    .selectFrom('paperForms')
    .select('id')
    .where('organisation', '=', school.id)
    .where('namesThisSite', '=', true)
    .executeTakeFirstOrThrow()
  for (const label of labels) {
    const supported = await makeSupported(db, school.id, { label })
    const yes = { answer: 'yes', route: 'own', byWhom: 'self', signed: '2026-02-01' } as const
    await db
      .insertInto('paperAnswers')
      .values({ ...yes, form: form.id, supported })
      .execute()
  }
  const story = await makeTold(db, school.teacher.account, 'Twelve at a drum')
  const phone = await newPhone(school.teacher.email)
  await phone.goto(`/stories/edit/${story.token}/pictures`)
  const done = { loads: 0, taps: 0 }
  phone.on('framenavigated', () => (done.loads += 1))
  const tap = async (target: Locator) => {
    done.taps += 1
    await target.click()
  }
  done.taps += 1
  const buffer = await aPhotograph()
  await phone
    .getByLabel('Pictures', { exact: true })
    .setInputFiles([{ name: 'a.jpg', mimeType: 'image/jpeg', buffer }])
  await tap(phone.getByRole('button', { name: 'Send the pictures' }))
  expect(await phone.locator('h1').innerText()).toBe('Who is in it?')
  for (const label of labels) await tap(phone.getByText(label, { exact: true }))
  await tap(phone.getByLabel('What does it show?'))
  await phone.keyboard.type('Twelve people around a drum.')
  await tap(phone.getByRole('button', { name: 'Keep, and show as soon as nothing is missing' }))
  expect(done).toEqual({ loads: 2, taps: labels.length + 4 })
  const left = await words(phone)
  expect(left).toContain('Somebody else has to check who is in it.')
  expect(left).not.toMatch(/needs words|not asked for it/)
  expect(await phone.locator('.people li', { hasText: 'Yes' }).count()).toBe(labels.length)
})

test('a story told without signing in gets its school after signing in, and the forms count', async () => {
  const story = await makeTold(db, null, 'Told signed out', school.teacher.email)
  const version = await sendPhotograph(site, story)
  const here = `/stories/edit/${story.token}/pictures/${version}`
  const stranger = await newPhone()
  await stranger.goto(here)
  expect(await words(stranger)).toContain('the forms they signed count at once')
  expect(await stranger.getByRole('checkbox', { name: /S\.K\./ }).count()).toBe(0)
  const teacher = await newPhone(school.teacher.email)
  await teacher.goto(here)
  expect(await teacher.getByRole('checkbox', { name: /S\.K\./ }).count()).toBe(0)
  await press(teacher, 'Hill School answers for them')
  expect(new URL(teacher.url()).pathname).toBe(here)
  await teacher.getByRole('checkbox', { name: /S\.K\..*Form says yes/s }).check()
  await press(teacher, 'Keep and go on')
  expect(await words(teacher)).toMatch(/Who is in it\s+S\.K\.\s+Yes/)
})

test('the month of the next change of an age is asked with the age, kept when the year is wrong, and there again', async () => {
  const story = await makeTold(db, school.teacher.account, 'At sixteen')
  const version = await sendPhotograph(site, story)
  const phone = await newPhone()
  await phone.goto(`/stories/edit/${story.token}/pictures/${version}`)
  await phone.getByLabel('Initials or a colour').first().fill('Q.T.')
  await press(phone, 'Keep and go on')
  await follow(phone, /Ask them: Q\.T\./)
  await phone.getByLabel(/Somebody we support/).check()
  await press(phone, 'Next')
  const month = phone.getByLabel('Next change of age')
  expect(await month.isVisible()).toBe(false)
  await phone.getByLabel('16 or 17').check()
  await month.selectOption('03')
  await phone.getByLabel('Year').fill('2020')
  await press(phone, 'Next')
  expect(await words(phone)).toContain('This month does not fit the age.')
  expect(await phone.getByLabel('16 or 17').isChecked()).toBe(true)
  expect(await month.inputValue()).toBe('03')
  expect(await phone.getByLabel('Year').inputValue()).toBe('2020')
  const year = String(new Date().getUTCFullYear() + 1)
  await phone.getByLabel('Year').fill(year)
  await press(phone, 'Next')
  await follow(phone, 'Back')
  expect(await phone.getByLabel('16 or 17').isChecked()).toBe(true)
  expect(await month.inputValue()).toBe('03')
  expect(await phone.getByLabel('Year').inputValue()).toBe(year)
  const { nextChange } = await db
    .selectFrom('peopleShown as p')
    .innerJoin('appearances as a', 'a.person', 'p.id')
    .select('p.nextChange')
    .where('a.version', '=', version)
    .where('p.label', '=', 'Q.T.')
    .executeTakeFirstOrThrow()
  expect(nextChange).toBe(`${year}-03-01`)
})

test('the big screen shows the whole of its page on every usual screen, also with a long title and a long story', async () => {
  const words = 'They answered the kettle, the radiator, and one another. '
  const { id } = await makeStory(db, {
    title: words.repeat(3).slice(0, 119),
    body: words.repeat(40),
    authorName: 'Somebody with a rather long name',
    town: 'Llanfairpwllgwyngyll',
    published: '2028-01-01T12:00:00Z',
    example: true,
  })
  const { page } = sam
  for (const [width, height] of [
    [1280, 900],
    [1920, 1080],
    [1280, 720],
    [1024, 768],
  ] as const) {
    await page.setViewportSize({ width, height })
    for (const number of [1, 2, 3]) {
      await sam.goto(`/stories/screen?week=2027&page=${number}`)
      const address = await page.locator('.address').last().boundingBox()
      const bottom = (address?.y ?? Infinity) + (address?.height ?? 0)
      expect(bottom, `${width} × ${height}, story ${number}`).toBeLessThanOrEqual(height)
    }
  }
  await db.deleteFrom('stories').where('id', '=', id).execute()
})
