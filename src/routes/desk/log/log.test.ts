import { beforeAll, expect, test } from 'vitest'
import { raiseConcern } from '#desk/server/raise.ts'
import { anybody, theSite, type Viewer } from '#kernel/viewer.ts'
import { writeDown } from '#platform/server/audit.ts'
import { saveSettings } from '#site/server/writes.ts'
import { hideStory } from '#stories/server/writes/review.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeActivity, makeStory, makeWeek } from '../../../../test/make.ts'
import { pageOf } from '../../../../test/pages.ts'
import { load } from './+page.server.ts'
import Page from './+page.svelte'

const db = await testDatabase()
const now = new Date('2027-10-26T10:00:00Z')
let nameless: Viewer

beforeAll(async () => {
  await makeWeek(db)
  const { id } = await db
    .insertInto('accounts')
    .values({ name: '', email: 'nameless@people.test' })
    .returning('id')
    .executeTakeFirstOrThrow()
  const roles = [{ role: 'organiser', group: null, organisation: null }] as const
  nameless = { account: id, email: 'nameless@people.test', name: '', roles }
})

const lines = async (path = '/desk/log'): Promise<string[]> => {
  const { body } = await pageOf(Page, load, { path, db, now, viewer: nameless })
  return [...body.matchAll(/<tr\b[^>]*>(.*?)<\/tr>/gs)].map(([, row = '']) => row.replace(/<!--.*?-->/gs, ''))
}

test('the log says in words who did what to what, and leads there while it is there', async () => {
  const story = await makeStory(db, { title: 'A bell' })
  const activity = await makeActivity(db, { title: 'Tea', hostEmail: 'host@people.test' })
  await hideStory(db, nameless, { id: story.id, reason: null }, now)
  await saveSettings(db, nameless, { name: 'Our week' }, now)
  const press = { formKey: '', words: null, email: null, country: null }
  await raiseConcern(db, anybody, { ...press, door: 'take-down', about: `/activities/${activity.slug}` }, now)
  await raiseConcern(db, anybody, { ...press, door: 'worried', about: `/stories/${story.slug}` }, now)
  await writeDown(db, theSite, { action: 'week.announced', subject: 'weeks:2027', byLink: true })
  await db
    .insertInto('auditLog')
    .values({ who: '', action: 'of-an-older-version', subject: 'things:1', details: '{}' })
    .execute()
  await db.deleteFrom('activities').where('id', '=', activity.id).execute()
  const [, old, announced, worried, held, , down, taken, settings, hid] = await lines()
  const has = (row: string | undefined, ...words: string[]): void => {
    for (const one of words) expect(row).toContain(one)
  }
  has(old, 'somebody', 'Something else', 'No longer here')
  has(
    announced,
    'by mailed link',
    'Announced a week',
    'href="/desk/weeks/2027"',
    'Intensive Interaction Week 2027',
  )
  has(worried, 'somebody', 'Is worried about somebody', 'href="/desk/concerns/', 'A concern')
  has(held, 'the site', 'Put something under a hold')
  has(down, 'somebody', 'Asked for something to be hidden', 'No longer here')
  has(taken, 'the site', 'Took an activity away', 'No longer here')
  has(settings, 'nameless@people.test', 'Changed the settings', 'href="/desk/settings"')
  has(hid, 'nameless@people.test', 'Hid a story', `href="/desk/stories/${story.id}"`, 'Kept safe')
  for (const row of await lines()) {
    expect(row.replaceAll(/href="[^"]*"/g, '')).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}/)
    expect(row).not.toMatch(/story\.|week\.|concern\./)
  }
})

test('what is older is one press away, page by page, and nothing stands on two', async () => {
  await db.deleteFrom('auditLog').execute()
  const rows = Array.from({ length: 205 }, (_, at) => ({
    who: `person-${at}`,
    action: 'account.signed-in',
    subject: 'accounts:erased',
    details: '{}',
  }))
  await db.insertInto('auditLog').values(rows).execute()
  const seen: string[] = []
  let path: string | undefined = '/desk/log'
  let pages = 0
  while (path) {
    const { body }: { body: string } = await pageOf(Page, load, { path, db, now, viewer: nameless })
    seen.push(...[...body.matchAll(/person-\d+/g)].map(([name]) => name))
    expect(body.includes('href="/desk/log"')).toBe(pages > 0)
    path = /href="(\/desk\/log\?before=\d+)"/.exec(body)?.[1]
    pages += 1
  }
  expect(pages).toBe(3)
  expect(seen).toEqual(rows.map(({ who }) => who).toReversed())
})

test('the log is not for reviewers, leads or visitors', async () => {
  const reviewer: Viewer = { ...nameless, roles: [{ role: 'reviewer', group: null, organisation: null }] }
  for (const viewer of [anybody, reviewer])
    await expect(pageOf(Page, load, { path: '/desk/log', db, now, viewer })).rejects.toMatchObject({
      kind: 'missing',
    })
})
