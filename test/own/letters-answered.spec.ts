import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { simpleParser, type ParsedMail } from 'mailparser'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest'
import { day, hour } from '#kernel/limits.ts'
import { nextOpening } from '#letters/pace.ts'
import { sendingOf } from '#letters/server/writes/confirm.ts'
import type { Db } from '#platform/server/db.ts'
import { addJob, addJobs } from '#platform/server/queue.ts'
import { type App, removeDataFolder, startApp, until } from '../app.ts'
import { openBrowser } from '../browser.ts'
import { filled, formsIn } from '../forms.ts'
import { openImapServer, type ImapServer } from '../imap.ts'
import { deliveryReport, makeOffice } from '../letters.ts'
import { linesOf, readPdf } from '../pdf.ts'
import { databaseOf, filledDataFolder, linkIn, send } from '../site.ts'
import { openMailServer, type MailServer } from '../smtp.ts'

const dataDir = filledDataFolder()
let app: App
let browser: Browser
let db: Db
let server: MailServer
let mailbox: ImapServer
let page: Page

beforeAll(async () => {
  // An hour at which offices read, whatever the hour is here.
  const opening = nextOpening(new Date(Date.now() + day), 'Europe/London', []).due
  const clockFile = join(dataDir, 'clock')
  writeFileSync(clockFile, String(opening.getTime() + hour - Date.now()))
  ;[server, mailbox] = await Promise.all([openMailServer(), openImapServer()])
  const starting = startApp({
    DATA_DIR: dataDir,
    SMTP_URL: server.url,
    IMAP_URL: mailbox.url,
    NODE_OPTIONS: `--import=${new URL('../programs/moved-clock.ts', import.meta.url).href}`,
    CLOCK_FILE: clockFile,
  })
  ;[app, browser] = await Promise.all([starting, openBrowser()])
  db = databaseOf({ dataDir })
  const context = await browser.newContext({
    baseURL: app.address,
    javaScriptEnabled: false,
    viewport: { width: 360, height: 740 },
  })
  context.setDefaultTimeout(8000)
  page = await context.newPage()
})
afterAll(async () => {
  await browser.close()
  await db.destroy()
  await app.stop()
  await Promise.all([server.close(), mailbox.close()])
  removeDataFolder(dataDir)
})

const press = (name: string | RegExp) =>
  page.locator('main').getByRole('button', { name, exact: true }).click()
const words = () => page.locator('main').innerText()
const card = (office: string) => page.locator('article.delivery', { hasText: office })

/** What the mail server has taken for somebody. */
async function taken(address: string): Promise<ParsedMail[]> {
  const all = await Promise.all(server.letters.map((raw) => simpleParser(raw)))
  return all.filter(({ to }) => [to].flat()[0]?.text.includes(address))
}

/** The link in the only mail that came to somebody. */
async function linkTo(address: string, path: string): Promise<string> {
  await until(`a mail to ${address}`, async () => (await taken(address)).length > 0)
  const [mail, ...more] = await taken(address)
  expect(more).toEqual([])
  return linkIn({ subject: mail?.subject ?? '', text: mail?.text ?? '' }, path)
}

const writer = 'ann@people.org'
const [trust, council] = ['trust@offices.org', 'council@offices.org']
const left = () => server.taken.filter((address) => address.endsWith('@offices.org')).toSorted()

test('a letter to two offices leaves once to each, is answered from its mail by one, comes back from the other, and is answered from paper there', async () => {
  onTestFailed(async () => console.log(app.printed(), page.url(), await words()))
  const own = await writeToBoth()
  await sendOnce()
  await answerFromMail()
  await comeBack(own)
  const code = await goOnPaper(own)
  await answerFromPaper(code)
  await page.goto(own)
  expect(await card('Leeds Trust').innerText()).toMatch(/They answered on their page, .*: A visit\./)
  expect(await card('Leeds Council').innerText()).toMatch(/You posted it, .*their page, .*: A no\./s)
  expect(left()).toEqual([council, trust])
}, 60_000)

async function writeToBoth(): Promise<string> {
  const address = 'Long House\nLeeds LS2 2BB'
  const offices = [
    await makeOffice(db, { name: 'Leeds Trust', email: trust, address }),
    await makeOffice(db, { name: 'Leeds Council', email: council, address }),
  ]
  await page.goto(`/letters/new?${offices.map(({ ref }) => `office=${ref}`).join('&')}`)
  const answers = { title: 'Come and see it', words: 'A stoat ran by. Will you come?', name: 'Ann Stoatley' }
  for (const [name, answer] of Object.entries(answers)) await page.locator(`#${name}`).fill(answer)
  await press('Look at it')
  await press('Yes, choose how it goes')
  const own = await page.getByRole('link', { name: 'the page of this letter' }).getAttribute('href')
  const kept = db.selectFrom('letters').select('id').where('words', 'is not', null)
  expect(await words()).toContain('So far your words are only in your browser. If you press this button,')
  expect(await kept.execute()).toEqual([])
  await page.getByLabel('Your e-mail, for the answer').fill(writer)
  await press('Send it from here')
  expect(await words()).toContain('Nothing leaves before you open it')
  expect(await kept.execute()).toHaveLength(1)
  return own ?? ''
}

async function sendOnce() {
  await page.goto(await linkTo(writer, '/letters/confirm/'))
  expect(left()).toEqual([])
  await press('Yes, send it to all 2')
  expect(await words()).toContain('Your letter is on its way')
  const queued = await db.selectFrom('deliveries').select('id').where('state', '=', 'queued').execute()
  expect(queued).toHaveLength(2)
  const waiting = sql`select from graphile_worker.jobs where key like 'letter:%'`
  // The clock of the database is not ahead: without this it would wait for the hour. Asked twice, it leaves once.
  for (let times = 0; times < 2; times += 1) {
    await addJobs(db, 'letter.due', queued.map(sendingOf))
    await until('nothing waits', async () => (await waiting.execute(db)).rows.length === 0)
  }
  for (const address of [trust, council]) {
    await linkTo(address, '/reply/')
    const [mail] = await taken(address)
    expect(mail?.replyTo?.text).toContain(writer)
    expect(mail?.text).toContain('A stoat ran by.')
  }
  expect(left()).toEqual([council, trust])
}

async function answerFromMail() {
  await page.goto(await linkTo(trust, '/reply/'))
  await press('Come and visit')
  expect(await words()).toContain('Thank you. Your answer is with us')
  const told = async () => (await taken(writer)).map(({ subject }) => subject)
  await until('its writer is told', async () => (await told()).includes('Chair, Leeds Trust has answered'))
}

async function comeBack(own: string) {
  const [[toTrust], [toCouncil]] = await Promise.all([taken(trust), taken(council)])
  const boxOf = (mail: ParsedMail | undefined): string => mail?.from?.value[0]?.address ?? ''
  const letter = server.letters.find((raw) => raw.includes(boxOf(toCouncil)))
  if (letter === undefined) throw new Error('Nothing to send back')
  mailbox.put(deliveryReport({ to: boxOf(toCouncil), action: 'failed', status: '5.1.1', letter }))
  mailbox.put(`From: clerk@offices.org\nTo: ${boxOf(toTrust)}\nSubject: Re: Come\n\nWhich day?\n`)
  await addJob(db, 'clock.read-returned', {})
  await until('one came back, the other stays', () => mailbox.mails.length === 1)
  await until('it is kept for a person', () => mailbox.mails[0]?.flags.has('\\Seen') === true)
  await page.goto(own)
  expect(await card('Leeds Trust').innerText()).toContain('A mail about this letter came to us')
  const back = await card('Leeds Council').innerText()
  expect(back).toContain('Their mailbox did not take it')
  expect(back).toContain('This e-mail does not work. You can send the letter on paper')
  const desk = await browser.newPage({ baseURL: app.address })
  await desk.goto(/\S+\/sign-in\/\S+/.exec(app.printed())?.[0] ?? '')
  await desk.locator('main form button').click()
  await desk.goto('/desk/letters')
  expect(await desk.locator('#mails').innerText()).toContain('Somebody at offices.org wrote.')
  expect(await desk.locator('#returned').innerText()).toContain('Leeds Council')
  await desk.close()
}

/** Answers the code that stands on the paper. */
async function goOnPaper(own: string): Promise<string> {
  const [form] = formsIn(own, await page.content()).filter(({ action }) => action === '/letters/paper')
  if (!form) throw new Error('There is nothing to make')
  const answer = await send(app, '/letters/paper', filled(form))
  const pdf = await readPdf(new Uint8Array(await answer.arrayBuffer()))
  const sheet = (await linesOf(pdf, 1)).map((line) => line.words).join(' ')
  expect(sheet).toMatch(/Leeds Council.*A stoat ran by\./)
  await page.reload()
  await press(/^I have posted it: .*Leeds Council/)
  expect(await card('Leeds Council').innerText()).toContain('You posted it')
  return /\b[A-Z2-9]{4}-[A-Z2-9]{4}\b/.exec(sheet)?.[0] ?? ''
}

async function answerFromPaper(code: string) {
  await page.goto('/reply')
  await page.getByLabel('Reference on the letter').fill(code.toLowerCase().replace('-', ''))
  await press('Open its page')
  expect(await page.locator('h1').innerText()).toBe('Your answer: Chair, Leeds Council')
  // Enter chooses none of the answers.
  await page.getByLabel('What will you do?').fill('We look again in spring')
  await page.getByLabel('What will you do?').press('Enter')
  await press('Not now')
  expect(await words()).toContain('Thank you. Your answer is with us')
  expect(await words()).toContain('We look again in spring')
  const saidYes = db.selectFrom('mails').select('id').where('key', 'like', 'letter-answered:%:yes')
  expect(await saidYes.execute()).toEqual([])
}
