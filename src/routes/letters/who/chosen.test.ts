import { beforeAll, expect, test } from 'vitest'
import { testDatabase } from '../../../../test/db.ts'
import { importing } from '../../../../test/directory.ts'
import { makeWeek } from '../../../../test/make.ts'
import { ask, pageOf } from '../../../../test/pages.ts'
import { actions, load as loadNew } from '../new/+page.server.ts'
import New from '../new/+page.svelte'
import { load } from './+page.server.ts'
import Page from './+page.svelte'

const db = await testDatabase()
const now = new Date('2027-10-01T12:00:00Z')
const councils = ['Leeds City Council', 'York City Council']
let refs: string[] = []

beforeAll(async () => {
  await makeWeek(db)
  const { bringIn, give } = importing(db)
  const rows = councils.map((name, at) => `${name},E0800003${at}\n`).join('')
  await bringIn(await give(`Council,GSS code\n${rows}`, { source: 'c.csv' }))
  const bodies = await db.selectFrom('directoryOrganisations').select('id').orderBy('name').execute()
  refs = bodies.map(({ id }) => `organisation:${id}`)
})

const who = async (query: string): Promise<string> =>
  (await pageOf(Page, load, { path: `/letters/who?${query}`, db, now })).body
/** What the one form of the page sends along when it is pressed without a tick. */
const sentAlong = (body: string): string[] =>
  [...body.matchAll(/<input type="hidden" name="office" value="([^"]*)"/g)].map(([, ref]) => ref ?? '')

test('a second search keeps the office that was chosen in the first', async () => {
  const [leeds, york] = refs
  const first = await who('q=leeds')
  expect(first).toContain(`name="office" value="${leeds}"`)
  expect(sentAlong(first)).toEqual([])
  const second = await who(`q=york&office=${leeds}`)
  expect(second).toContain('You chose one')
  expect(sentAlong(second)).toEqual([leeds])
  expect(second).toMatch(new RegExp(`type="checkbox" name="office" value="${york}"`))
  expect(second).toContain('formaction="/letters/new"')
  expect(second).toContain(`href="/letters/who?q=york&amp;office=${leeds}&amp;office=${york}"`)
  expect(sentAlong(await who(`q=york&office=${leeds}&office=${york}`))).toEqual(refs)
})

test('one that was chosen can be taken out again, and what was asked stays', async () => {
  const [leeds, york] = refs
  const both = await who(`nation=england&q=york&office=${leeds}&office=${york}`)
  expect(both).toContain(`href="/letters/who?nation=england&amp;q=york&amp;office=${york}"`)
  expect(sentAlong(await who('q=york&office=nobody&office=post:1'))).toEqual([])
})

test('whoever looks for somebody else in the middle of writing keeps everything that was typed', async () => {
  const [leeds, york] = refs
  const body = { find: 'york', offices: leeds ?? '', words: 'Come and see us.', title: 'Visit us' }
  const path = `/letters/new?/find&office=${leeds}`
  const find = actions['find']
  const sent = (await ask(find as (event: never) => unknown, { path, db, now, body })) as { data: object }
  const page = await pageOf(New, loadNew, { path: `/letters/new?office=${leeds}`, db, now, form: sent.data })
  expect(page.body).toContain('Come and see us.')
  expect(page.body).toContain('value="Visit us"')
  expect(page.body).toMatch(new RegExp(`value="${leeds}"[^>]*checked`))
  expect(page.body).toContain(`value="${york}"`)
  expect(page.body).not.toMatch(new RegExp(`value="${york}"[^>]*checked`))
  expect(page.body).toContain(encodeURIComponent(york ?? ''))
})
