import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { textIn } from '#kernel/messages.ts'
import { openBrowser } from '../browser.ts'
import { makeActivity, makeHostLink, type ActivityOver } from '../make.ts'
import { databaseOf, linkIn, mailTo, sharedSite } from '../site.ts'
import { type Walker, walkerAt } from '../walker.ts'

const site = sharedSite()
const db = databaseOf(site)
const text = textIn('en')
const here: Walker[] = []
let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})
afterEach(async () => {
  for (const walker of here.splice(0)) await walker.leave()
})
afterAll(async () => {
  await browser.close()
  await db.destroy()
})

async function somebody(): Promise<Walker> {
  const walker = await walkerAt(browser, site)
  here.push(walker)
  return walker
}

/** An activity and its host, at the page that the host's mail leads to. */
async function hosted(over: ActivityOver, email: string) {
  const { id, slug } = await makeActivity(db, over)
  const link = `/edit/${await makeHostLink(db, id, email)}`
  return { id, slug, link, host: await somebody() }
}

async function comesAlong(slug: string, email: string, name: string): Promise<Walker> {
  const guest = await somebody()
  await guest.goto(`/activities/${slug}/come`)
  await guest.page.locator('main [name=email]').fill(email)
  await guest.page.locator('main [name=name]').fill(name)
  await guest.press('I would like to come')
  await guest.goto(linkIn(await mailTo(site, email, 'once more'), '/come/'))
  await guest.page.locator('main form button').first().click()
  return guest
}

test('a host leaves one date of a series out, puts it back, and moves another', async () => {
  const series = JSON.stringify({ every: 'week', until: '2027-11-02' })
  const occurrences = ['2027-10-19', '2027-10-26', '2027-11-02'].map((day) => ({ day }))
  const { host, link, slug } = await hosted(
    { title: 'Every Tuesday at ten', series, occurrences },
    'dates@people.org',
  )
  await host.goto(`${link}/dates`)
  const section = (at: number) => host.page.locator('main section').nth(at)
  await section(1)
    .getByRole('button', { name: text('edit.dates.skip') })
    .click()
  expect(await section(1).innerText()).toContain(text('edit.dates.is-skipped'))
  expect(await (await fetch(`${site.address}/activities/${slug}.ics`)).text()).toContain('STATUS:CANCELLED')
  await section(1)
    .getByRole('button', { name: text('edit.dates.on') })
    .click()
  expect(await section(1).innerText()).not.toContain(text('edit.dates.is-skipped'))

  await section(2).locator('summary').click()
  await section(2).locator('[name=day]').fill('2027-11-03')
  await section(2).locator('[name=time]').fill('14:30')
  await section(2)
    .getByRole('button', { name: text('edit.dates.move-press') })
    .click()
  expect(await section(2).innerText()).toContain(text('edit.dates.is-moved'))
  expect(await (await fetch(`${site.address}/activities/${slug}.ics`)).text()).toContain('20271103T143000')
})

test('a host hands a link to somebody, who helps to host after one mail and one press, and stops again', async () => {
  const { host, link } = await hosted({ title: 'Two kettles' }, 'first-host@people.org')
  await host.goto(`${link}/co-host`)
  const invitation = await host.page.locator('.share-link a').getAttribute('href')
  const other = await somebody()
  await other.goto(invitation ?? '')
  await other.page.locator('main [name=email]').fill('second-host@people.org')
  await other.page.locator('main [name=name]').fill('Second')
  await other.press(text('edit.co-host.send'))
  expect(await other.h1()).toBe(text('say.sent.title'))
  const own = linkIn(await mailTo(site, 'second-host@people.org', 'Two kettles'), '/edit/')
  await other.goto(own)
  await other.press(text('edit.co.press'))
  expect(await other.words()).toContain(text('edit.next'))
  await host.goto(`${link}/co-host`)
  expect(await host.words()).toContain('Second (second-host@people.org)')
})

test('a host who is asked first says yes to one, no to another, and writes to whoever comes', async () => {
  const over = {
    title: 'At home, quietly',
    privatePlace: true,
    asksFirst: true,
    placeDetails: 'The blue door',
  }
  const { host, link, slug } = await hosted(over, 'asked-host@people.org')
  const ann = await comesAlong(slug, 'asks-ann@people.org', 'Ann')
  const ben = await comesAlong(slug, 'asks-ben@people.org', 'Ben')
  expect(await ann.words()).not.toContain('The blue door')

  await host.goto(`${link}/guests`)
  await host.press(text('guests.accept.label', { name: 'Ann' }))
  await host.page
    .locator('li', { hasText: 'Ben' })
    .locator('[name=reason]')
    .fill('The room is very small, sorry.')
  await host.press(text('guests.refuse.label', { name: 'Ben' }))
  expect(await host.words()).toContain(text('guests.state.going', { off: 'no' }))

  await mailTo(site, 'asks-ann@people.org', 'Yes, please come')
  expect((await mailTo(site, 'asks-ben@people.org', 'About')).text).toContain(
    'The room is very small, sorry.',
  )
  await ann.page.reload()
  expect(await ann.h1()).toBe('You are coming')
  expect(await ann.words()).toContain('The blue door')
  await ben.page.reload()
  expect(await ben.words()).toContain('The room is very small, sorry.')

  await host.goto(`${link}/guests`)
  await host.page.locator('main [name=words]').fill('Bring a cup.')
  await host.press(text('guests.message.send'))
  expect(await host.words()).toContain(text('guests.message.sent', { count: 1 }))
  expect((await mailTo(site, 'asks-ann@people.org', 'A message from the host')).text).toContain(
    'Bring a cup.',
  )
})

test('a guest answers whether it is new, comes with more people, and cancels', async () => {
  const { slug } = await makeActivity(db, { title: 'Room for some', capacity: 5 })
  const guest = await comesAlong(slug, 'some-guest@people.org', 'Gil')
  expect(await guest.h1()).toBe('You are coming')
  await guest.press(text('guest.isNew.yes'))
  expect(await guest.words()).toContain(text('guest.isNew.said', { answer: 'yes' }))
  await guest.page.locator('main [name=seats]').fill('3')
  await guest.send('seats')
  expect(await guest.page.locator('main [name=seats]').inputValue()).toBe('3')
  const seats = await db
    .selectFrom('rsvps')
    .select('seats')
    .where('email', '=', 'some-guest@people.org')
    .execute()
  expect(seats).toEqual([{ seats: 3 }])
  await guest.press(text('guest.cancel', { state: 'going' }))
  expect(await guest.h1()).toBe('You are not coming')
})

test('a host asks for the link again, calls it off, brings it back and takes it away', async () => {
  const { host, slug } = await hosted({ title: 'Not after all' }, 'not-after-all@people.org')
  const page = async () => {
    const answer = await fetch(`${site.address}/activities/${slug}`)
    return { status: answer.status, html: await answer.text() }
  }
  await host.goto('/edit')
  await host.page.locator('main [name=email]').fill('not-after-all@people.org')
  await host.send('email')
  await host.goto(linkIn(await mailTo(site, 'not-after-all@people.org', 'Your links'), '/edit/'))

  await host.page.locator('summary', { hasText: text('edit.cancel') }).click()
  await host.page.locator('main [name=reason]').fill('The boiler is broken.')
  await host.press(text('edit.cancel.press'))
  expect(await host.words()).toContain(text('edit.state.cancelled'))
  expect((await page()).html).toContain(text('activity.cancelled'))
  await host.press(text('edit.back.press'))
  expect(await host.words()).not.toContain(text('edit.state.cancelled'))
  expect((await page()).html).not.toContain(text('activity.cancelled'))

  await host.page.locator('summary', { hasText: text('edit.withdraw') }).click()
  await host.press(text('edit.withdraw.press'))
  expect((await page()).status).toBe(404)
})
