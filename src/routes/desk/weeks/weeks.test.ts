import { expect, test } from 'vitest'
import { testDatabase } from '../../../../test/db.ts'
import { makeWeek } from '../../../../test/make.ts'
import { makeAccount } from '../../../../test/organisations.ts'
import { ask, pageOf } from '../../../../test/pages.ts'
import { load as loadList } from '../[list=list]/+page.server.ts'
import { actions, load } from './[year]/+page.server.ts'
import Page from './[year]/+page.svelte'

const db = await testDatabase()
const now = new Date('2027-10-01T10:00:00Z')
await makeWeek(db)
await makeWeek(db, {
  year: 2028,
  monday: '2028-10-16',
  name: 'The next week',
  state: 'draft',
  announced: null,
})
const viewer = await makeAccount(db, 'olga', { role: 'organiser' })

test('announcing without the tick says so at the tick alone, and not in the form that changes the week', async () => {
  const asked = { path: '/desk/weeks/2028', params: { year: '2028' }, db, now, viewer }
  const announce = actions['announce']
  if (!announce) throw new Error('The page has no way to announce')
  const form = ((await ask(announce, { ...asked, body: {} })) as { data: { errors: object } }).data
  const said = (form.errors as { sure?: string }).sure ?? 'nothing'
  const { body } = await pageOf(Page, load, { ...asked, form })
  expect(body.split(said)).toHaveLength(2)
  expect(body).not.toContain('error-summary')
})

test('the lists open with the week that is on or comes next, and not with a draft after it', async () => {
  const asked = { db, now, viewer, params: { list: 'kinds' } }
  expect(await ask(loadList, { ...asked, path: '/desk/kinds' })).toMatchObject({ week: { year: 2027 } })
  expect(await ask(loadList, { ...asked, path: '/desk/kinds?week=2028' })).toMatchObject({
    week: { year: 2028 },
  })
})
