import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openBrowser } from '../browser.ts'
import { sharedSite } from '../site.ts'
import { type Walker, walkerAt } from '../walker.ts'

const site = sharedSite()
/** The address of test/programs/outside-here.ts. */
const outside = 'http://1.2.3.4/calendar.ics'
const asked: string[] = []
const server = createServer((request, response) => {
  asked.push(request.url ?? '')
  response.setHeader('content-type', 'text/calendar')
  response.end(calendar)
})
const calendar = [
  'BEGIN:VCALENDAR',
  'VERSION:2.0',
  'PRODID:-//people.org//test//EN',
  ...['Singing round the kettle', 'Reading on the stairs'].flatMap((title, at) => [
    'BEGIN:VEVENT',
    `UID:fetched-${at}@people.org`,
    'DTSTAMP:20261101T100000Z',
    `DTSTART:2027101${8 + at}T090000Z`,
    `DTEND:2027101${8 + at}T100000Z`,
    `SUMMARY:${title}`,
    'LOCATION:Leeds\\, United Kingdom',
    'END:VEVENT',
  ]),
  'END:VCALENDAR',
  '',
].join('\r\n')
const sheet = [
  'Your number,Title,Kind,Date,Town',
  'a,Tea for many hands,cafe,03/10/2027,Leeds',
  'b,A talk about waiting,talk,2027-10-20,Leeds',
  'c,Nobody knows when,talk,some day,Leeds',
].join('\n')

let browser: Browser
let walker: Walker
beforeAll(async () => {
  browser = await openBrowser()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  writeFileSync(join(site.dataDir, 'outside'), String(typeof address === 'object' && address?.port))
})
beforeEach(async () => {
  walker = await walkerAt(browser, site)
})
afterEach(() => walker.leave())
afterAll(async () => {
  server.close()
  await browser.close()
})

const upload = (words: string, name = 'activities.csv') =>
  walker.page.locator('[name=file]').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(words) })

/** Presses, and looks again for as long as the work takes. */
async function pressAndWait(press: () => Promise<void>) {
  await press()
  const again = walker.page.locator('main').getByRole('link', { name: 'Look again' })
  for (let looks = 0; looks < 15 && (await again.isVisible()); looks++) await again.click()
}
const bringIn = async () => pressAndWait(() => walker.press('Show me what it becomes'))
const listed = async (title: string) =>
  (await (await fetch(`${site.address}/activities.json?q=${encodeURIComponent(title)}`)).text()).includes(
    title,
  )

describe('bringing in many at once, without JavaScript,', () => {
  test('asks for a sign-in first, and for something to bring in', async () => {
    await walker.goto('/activities/import')
    expect(await walker.words()).toContain('Please sign in first')
    await walker.signIn('many-first@people.org', '/activities/import')
    expect(new URL(walker.page.url()).pathname).toBe('/activities/import')
    await walker.press('Show me what it becomes')
    expect(await walker.page.locator('[name=file]').getAttribute('aria-invalid')).toBe('true')
  })

  test('offers a template that can be brought in as it is', async () => {
    await walker.signIn('many-template@people.org', '/activities/import')
    const href = await walker.page.locator('main a[href$="template.csv"]').getAttribute('href')
    const answer = await fetch(site.address + href)
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(answer.headers.get('content-disposition')).toContain('activities.csv')
    const bytes = Buffer.from(await answer.arrayBuffer())
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
    await upload(bytes.toString())
    await bringIn()
    expect(await walker.words()).toContain('2 new activities')
    expect(await walker.words()).not.toContain('Rows with mistakes')
  })

  test('shows a spreadsheet first, asks what it leaves open, brings it in, knows it again, and takes it back', async () => {
    await walker.signIn('many-sheet@people.org', '/activities/import')
    await upload(sheet)
    await bringIn()
    expect(await walker.h1()).toBe('activities.csv')
    expect(await walker.words()).toContain('Which day is 03/10/2027?')
    expect(await walker.words()).toContain('some day')
    expect(await listed('Tea for many hands')).toBe(false)
    await walker.page.locator('[name=dates][value=day-first]').check()
    await pressAndWait(() => walker.press('Show me again'))
    expect(await walker.words()).toContain('2 new activities')
    expect(await walker.words()).toContain('one row with a mistake')
    await pressAndWait(() => walker.press('Bring in 2 rows'))
    expect(await walker.words()).toContain('2 activities were made')
    const here = walker.page.url()
    expect(await listed('Tea for many hands')).toBe(false)

    await walker.goto('/activities/import')
    await upload(sheet)
    await bringIn()
    await walker.page.locator('[name=dates][value=day-first]').check()
    await pressAndWait(() => walker.press('Show me again'))
    expect(await walker.words()).toContain('2 the same as before')
    expect(await walker.words()).toContain('There is nothing to bring in')

    await walker.goto(here)
    const made = await walker.page.locator('main td a').first().getAttribute('href')
    expect((await fetch(site.address + made)).status).toBe(200)
    await pressAndWait(() => walker.press('Take it all back'))
    expect(await walker.words()).toContain('2 were withdrawn')
    expect((await fetch(site.address + made)).status).toBe(404)
  })

  test('fetches a calendar from its address, once, and never from this machine', async () => {
    await walker.signIn('many-calendar@people.org', '/activities/import')
    await walker.page.locator('[name=address]').fill(outside)
    await bringIn()
    expect(await walker.h1()).toBe(outside)
    expect(await walker.words()).toContain('Singing round the kettle')
    expect(await walker.words()).toContain('2 rows do not say, and come in as this')
    expect(await walker.page.locator('[name=kind]').inputValue()).toBe('other')
    expect(await walker.page.getByRole('cell', { name: 'Something else' }).count()).toBe(2)
    await walker.page.locator('[name=kind]').selectOption('cafe')
    await pressAndWait(() => walker.press('Show me again'))
    expect(await walker.words()).toContain('2 new activities')
    await pressAndWait(() => walker.press('Bring in 2 rows'))
    expect(await walker.words()).toContain('2 activities were made')
    expect(asked).toEqual(['/calendar.ics'])

    for (const own of [
      `${site.address.replace('localhost', '127.0.0.1')}/activities.ics`,
      'http://169.254.169.254/latest',
    ]) {
      await walker.goto('/activities/import')
      await walker.page.locator('[name=address]').fill(own)
      await bringIn()
      expect(await walker.words(), own).toContain('We could not read this')
      expect(await walker.words(), own).toContain('Nothing was brought in')
    }
  })
})
