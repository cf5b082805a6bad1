import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import asks from '../../scripts/seed/asks.json' with { type: 'json' }
import { openBrowser } from '../browser.ts'
import { filled, formsIn, type Form } from '../forms.ts'
import { linesOf, pagesOf, readPdf } from '../pdf.ts'
import { databaseOf, linkIn, mailTo, send, sharedSite } from '../site.ts'

const site = sharedSite()
const db = databaseOf(site)
let browser: Browser
let context: BrowserContext
let page: Page

beforeAll(async () => {
  browser = await openBrowser()
})
const openPage = async (javaScriptEnabled: boolean) => {
  context = await browser.newContext({
    baseURL: site.address,
    javaScriptEnabled,
    viewport: { width: 360, height: 740 },
  })
  context.setDefaultTimeout(8000)
  page = await context.newPage()
}
afterEach(() => context?.close())
afterAll(async () => {
  await browser.close()
  await db.destroy()
})

const press = (name: string | RegExp) => page.locator('main').getByRole('button', { name }).click()
const h1 = () => page.locator('h1').innerText()
const words = () => page.locator('main').innerText()

/** Everything that is kept of letters, as words. */
const allKept = async (): Promise<string> =>
  JSON.stringify(
    await Promise.all([
      db.selectFrom('letters').selectAll().execute(),
      db.selectFrom('deliveries').selectAll().execute(),
      db.selectFrom('deliveryEvents').selectAll().execute(),
      db.selectFrom('mails').select(['name', 'params']).execute(),
      db.selectFrom('formKeys').selectAll().execute(),
    ]),
  )

async function fill(over: Record<string, string> = {}) {
  const answers = {
    officeName: 'The Chair',
    officeLines: 'Long House\n2 High Street\nOldtown\nLeeds LS2 2BB',
    title: 'Come and see it',
    words: 'A heron stood on the roof.\nIt looked down.\n\nWill you come and see it for half an hour?',
    name: 'Ann Heronsgate',
    lines: '1 Long Road\nLeeds',
    ...over,
  }
  for (const [name, answer] of Object.entries(answers)) await page.locator(`#${name}`).fill(answer)
}

test('a letter is written, looked at, begun, made on paper and posted without JavaScript, and nothing of its words is stored', async () => {
  await openPage(false)
  await page.goto('/letters')
  await page.locator('main').getByRole('link', { name: 'Come and see' }).click()
  expect(await page.getByLabel('Will you come and see it for half an hour?').isChecked()).toBe(true)
  expect(await words()).toContain('What would they see if they came?')
  await fill()
  await page.getByLabel('Somebody else is named or described in my letter').check()
  await press('Look at it')
  expect(await page.locator('.error-summary').innerText()).toContain(
    'Read it once more as they would read it',
  )
  await page.getByLabel('I have read it as they would').check()
  await press('Look at it')
  expect(await h1()).toBe('Is this your letter?')
  expect(await words()).toContain('on the roof.\nIt looked down.')
  await press('Change it')
  expect(await page.locator('#words').inputValue()).toContain('A heron')
  await press('Look at it')
  await press('Yes, choose how it goes')
  expect(await words()).toContain('Your words are not stored here')
  const link = await page.getByRole('link', { name: 'the page of this letter' }).getAttribute('href')
  const paper = formsIn('/letters/new', await page.content()).find((form) => form.action === '/letters/paper')
  const answer = await send(site, '/letters/paper', filled(paper as Form))
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/pdf'])
  const pdf = await readPdf(new Uint8Array(await answer.arrayBuffer()))
  expect(pagesOf(pdf)).toBe(1)
  const set = (await linesOf(pdf, 1)).map((one) => one.words)
  expect(set).toEqual(expect.arrayContaining(['The Chair', 'Long House', '2 High Street, Oldtown']))
  expect(set.join(' ')).toContain('A heron stood on the roof.')
  await press(/^I have posted it/)
  expect(await words()).toMatch(/You posted it, .*It is written down|It is written down.*You posted it, /s)
  expect(await words()).toContain('A heron stood on the roof.')
  await page.goto(link ?? '')
  expect(await words()).toContain('You posted it')
  expect(await words()).not.toContain('A heron')
  expect(await allKept()).not.toMatch(/heron/i)
})

test('the browser keeps a letter while it is written and after, gives it back, and forgets it when asked', async () => {
  await openPage(true)
  await page.goto('/letters/new?ask=visit-us')
  await page.getByRole('button', { name: 'I am writing because' }).click()
  await page.locator('#words').pressSequentially('an otter came by.')
  expect(await page.locator('#words').inputValue()).toBe('I am writing because an otter came by.')
  await page.goto('/letters')
  await page.goto('/letters/new')
  expect(await page.locator('#words').inputValue()).toContain('an otter')
  await fill({ words: 'An otter came by.' })
  // Enter goes on, and does not look for somebody.
  await page.locator('#title').press('Enter')
  await press('Yes, choose how it goes')
  const link = await page.getByRole('link', { name: 'the page of this letter' }).getAttribute('href')
  await page.goto(link ?? '')
  await press('Use these words')
  expect(await page.locator('article[aria-label]').innerText()).toContain('An otter came by.')
  await page.goto('/letters/new')
  expect(await page.locator('#words').inputValue()).toBe('')
  await page.goto(link ?? '')
  await press('Erase it in this browser, too')
  expect(await page.evaluate(() => JSON.stringify(Object.entries(localStorage)))).not.toContain('otter')
  expect(await allKept()).not.toContain('otter')
})

const typed = {
  officeName: 'The Chair',
  officeLines: 'Long House\nLeeds',
  officeEmail: 'chair@trust.example',
  ask: '',
  writer: 'self',
  name: 'Ann Example',
  lines: '',
  title: 'Come and see it',
  greeting: 'Dear Chair,',
  words: 'We hum.',
  closing: 'Yours,',
  language: 'en',
  envelope: 'dl',
  email: '',
}
const post = async (path: string, over: Record<string, string | string[]> = {}) => {
  const answer = await send(
    site,
    path,
    { ...typed, formKey: crypto.randomUUID(), ...over },
    { accept: 'text/html' },
  )
  return { status: answer.status, html: await answer.text(), location: answer.headers.get('location') }
}

test('an emoji is said before it is begun and on its page, with its sentence, and e-mail still goes', async () => {
  const over = { words: 'We hum. I laughed \u{1F600} so much. The end.' }
  const looked = await post('/letters/new?/preview', over)
  expect([looked.status, looked.html]).toEqual([
    200,
    expect.stringContaining('“I laughed \u{1F600} so much.”'),
  ])
  const begun = await post('/letters/new?/begin', over)
  expect(begun.html).toContain('“I laughed \u{1F600} so much.”')
  expect(begun.html).toContain('href="mailto:chair@trust.example?')
  expect(begun.html).not.toContain('Make it (PDF)')
  const token = /\/letters\/([\w-]{22})\?\/told/.exec(begun.html)?.[1] ?? ''
  const { words: _, ...rest } = typed
  const paper = await send(site, '/letters/paper', { ...rest, ...over, token })
  expect([paper.status, await paper.text()]).toEqual([400, expect.stringContaining('“I laughed')])
})

test('twenty thousand characters, Arabic, null bytes and half a form are answered, never with a 500', async () => {
  const long = 'ع هذه رسالة. '.repeat(1500).trim()
  const begun = await post('/letters/new?/begin', { words: long, language: 'ar' })
  expect([begun.status, begun.html]).toEqual([
    200,
    expect.stringContaining('It is too long to open in a mail program'),
  ])
  expect((await post('/letters/new?/preview', { words: 'a'.repeat(20_001) })).status).toBe(400)
  const looked = await post('/letters/new?/preview', { words: 'We\u0000 hum.', name: 'Ann\u0000' })
  expect([looked.status, looked.html.includes('\u0000')]).toEqual([200, false])
  for (const path of ['/letters/new?/preview', '/letters/new?/begin', '/letters/paper'])
    expect((await send(site, path, {}, { accept: 'text/html' })).status, path).toBe(400)
  expect((await post('/letters/new?/begin', { offices: `post:${'-'.repeat(36)}` })).status).toBe(400)
  expect((await post('/letters/new?/begin', { language: 'zz-zz' })).status).toBe(400)
  const pages = [
    '/letters/forged',
    '/letters/forged.pdf',
    '/letters/sign/forged',
    `/letters/new?office=post:${'f'.repeat(36)}`,
  ]
  const statuses = await Promise.all(pages.map(async (path) => (await fetch(site.address + path)).status))
  expect(statuses).toEqual([404, 404, 404, 200])
})

test('a joint letter is kept, handed on, signed once the e-mail is confirmed, printed with its names, erased and brought back', async () => {
  const formKey = crypto.randomUUID()
  const joint = {
    writer: 'joint',
    keep: 'yes',
    email: 'joint@people.org',
    formKey,
    words: 'We saw a badger.',
  }
  const [begun, again] = [await post('/letters/new?/begin', joint), await post('/letters/new?/begin', joint)]
  expect([begun.status, again.location]).toEqual([303, begun.location])
  const own = begun.location ?? ''
  expect(linkIn(await mailTo(site, 'joint@people.org', 'Your letter'), '/letters/')).toContain(own)
  await openPage(false)
  await page.goto(own)
  await page.goto(await page.locator('#sign-link').innerText())
  await page.getByLabel('In words, without a name').check()
  await page.locator('#inWords').fill('a parent in Leeds')
  await page.getByLabel('Your e-mail').fill('signs@people.org')
  await press('Sign')
  expect(await words()).toContain('Almost done')
  await page.goto(linkIn(await mailTo(site, 'signs@people.org', 'Do you sign'), '/letters/sign/'))
  await press('Yes, I sign it')
  expect(await h1()).toBe('You have signed this letter')
  await page.goto(own)
  expect(await words()).toContain('One person has signed')
  const pdf = await readPdf(new Uint8Array(await (await fetch(`${site.address}${own}.pdf`)).arrayBuffer()))
  expect((await linesOf(pdf, 1)).map((one) => one.words).join(' ')).toContain('a parent in Leeds')
  await press('Erase it now')
  expect(await allKept()).not.toMatch(/badger/)
  await press('Bring it back')
  expect(await words()).toContain('We saw a badger.')
})

test('a letter that is much like what many write gets a hint that only its writer sees, and is never stopped', async () => {
  const [ask] = asks
  if (!ask) throw new Error('No asks')
  const alike = { ask: ask.code, words: `${ask.template.en} Please.` }
  const hint = 'Much of this is what others write, too'
  expect((await post('/letters/new?/preview', alike)).html).toContain(hint)
  expect((await post('/letters/new?/preview', { ask: ask.code })).html).not.toContain(hint)
  expect((await post('/letters/new?/begin', alike)).status).toBe(200)
  const form = await (await fetch(`${site.address}/letters/new?ask=${ask.code}`)).text()
  expect(form).not.toContain(ask.template.en.slice(0, 40))
})

/** An office of the directory, with its contacts. */
async function makeOffice(name: string, contacts: Record<string, string>): Promise<string> {
  const key = `letters-spec:${crypto.randomUUID()}`
  const { id } = await db
    .insertInto('directoryOrganisations')
    .values({ key, name, classification: 'council' })
    .returning('id')
    .executeTakeFirstOrThrow()
  for (const [type, value] of Object.entries(contacts))
    await db
      .insertInto('directoryContacts')
      .values({ key: `${key} ${type}`, organisation: id, type: type as 'address' | 'email', value })
      .execute()
  return `organisation:${id}`
}

test('several offices are one file in posting order, and one that nobody can reach yet waits', async () => {
  const offices = [
    await makeOffice('First Council', { address: 'First Council\nOne Road', email: 'one@council.example' }),
    await makeOffice('Second Council', { address: 'Second Council\nTwo Road', email: 'two@council.example' }),
    await makeOffice('Third Council', {}),
  ]
  await openPage(false)
  await page.goto(`/letters/new?${offices.map((ref) => `office=${ref}`).join('&')}`)
  const answers = { title: 'Come', words: 'A vole ran by.', name: 'Ann' }
  for (const [name, answer] of Object.entries(answers)) await page.locator(`#${name}`).fill(answer)
  await press('Look at it')
  await press('Yes, choose how it goes')
  expect(await words()).toContain('It waits for an address')
  expect(await page.getByRole('link', { name: /What we know of them/ }).getAttribute('href')).toBe(
    `/letters/offices/${offices[2]}`,
  )
  const forms = formsIn('/letters/new', await page.content())
  expect(forms.filter((form) => form.action.endsWith('/send?/ask'))).toHaveLength(1)
  const own = await page.getByRole('link', { name: 'the page of this letter' }).getAttribute('href')
  const paper = forms.find((form) => form.action === '/letters/paper')
  if (!paper) throw new Error('Nothing to make')
  const answer = await send(site, '/letters/paper', filled(paper, { delivery: '' }))
  const pdf = await readPdf(new Uint8Array(await answer.arrayBuffer()))
  expect(pagesOf(pdf)).toBe(3)
  const list = (await linesOf(pdf, 1)).map((one) => one.words).join(' ')
  expect(list.indexOf('First Council')).toBeLessThan(list.indexOf('Second Council'))
  await page.goto(own ?? '')
  expect(await page.getByText('Made on paper').count()).toBe(2)
  await page.getByText('I know their address').click()
  await press('Use this address')
  expect(await page.locator('.error-summary').innerText()).toContain('Type an address or an e-mail')
  await page.locator('#officeLines').fill('Third Council\nThree Road')
  await press('Use this address')
  expect(await words()).not.toContain('It waits for an address')
  // From here: one press and one yes for both.
  await page.goto(`${own}/send`)
  const letter = { ...answers, greeting: 'Dear all,', closing: 'Yours,', email: 'several@people.org' }
  for (const [name, answer] of Object.entries(letter)) await page.locator(`#${name}`).fill(answer)
  await press('Send me the link')
  expect(await h1()).toBe('Look at your e-mail')
  await page.goto(linkIn(await mailTo(site, 'several@people.org', 'Shall we send'), '/letters/confirm/'))
  expect(await words()).toMatch(/First Council.*Second Council.*A vole ran by/s)
  await press('Yes, send it to all 2')
  expect(await h1()).toBe('Your letter is on its way')
})
