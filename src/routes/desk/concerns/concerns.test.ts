import { expect, test } from 'vitest'
import { raiseConcern } from '#desk/server/raise.ts'
import { anybody, type Viewer } from '#kernel/viewer.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeStory, makeWeek } from '../../../../test/make.ts'
import { makeAccount } from '../../../../test/organisations.ts'
import { ask, pageOf } from '../../../../test/pages.ts'
import { actions as manyActions, load as loadMany } from './+page.server.ts'
import ManyPage from './+page.svelte'
import { actions, load } from './[id]/+page.server.ts'
import Page from './[id]/+page.svelte'

const db = await testDatabase()
const now = new Date('2027-10-26T10:00:00Z')
await makeWeek(db)
const { id: account } = await db
  .insertInto('accounts')
  .values({ name: 'Ann', email: 'ann@people.test' })
  .returning('id')
  .executeTakeFirstOrThrow()
await db.insertInto('roles').values({ account, role: 'reviewer' }).execute()
const viewer: Viewer = {
  account,
  email: 'ann@people.test',
  name: 'Ann',
  roles: [{ role: 'reviewer', group: null, organisation: null }],
}

async function press(door: 'worried' | 'take-down', title: string): Promise<string> {
  const { id, slug } = await makeStory(db, { title })
  const form = { formKey: '', door, about: `/stories/${slug}`, words: 'A bruise', email: null, country: null }
  await raiseConcern(db, anybody, { ...form, client: '192.0.2.7' }, now)
  const row = await db
    .selectFrom('concerns')
    .select('id')
    .where('subject', '=', `stories:${id}`)
    .executeTakeFirstOrThrow()
  return row.id
}
const missingAction = (): never => {
  throw new Error('The page has no such button')
}
const openings = async () =>
  (await db.selectFrom('auditLog').select('id').where('action', '=', 'concern.opened').execute()).length

test('a worry is read only after a press, reading the page writes nothing down, and every press does', async () => {
  const id = await press('worried', 'At the pool')
  const asked = { path: `/desk/concerns/${id}`, params: { id }, db, now, viewer }
  for (const _ of [1, 2]) {
    const { body } = await pageOf(Page, load, asked)
    expect(body).toContain('Open it')
    expect(body).not.toMatch(/A bruise|At the pool/)
  }
  expect(await openings()).toBe(0)
  const open = actions['open']
  if (!open) throw new Error('The page has no way to open it')
  for (const count of [1, 2]) {
    const form = await ask(open, { ...asked, body: {} })
    const { body } = await pageOf(Page, load, { ...asked, form })
    expect(body).toContain('A bruise')
    expect(body).toContain('At the pool')
    expect(body).toContain('nobody can change it, until the concern is closed')
    expect(body).not.toContain('Bring it back')
    expect(await openings()).toBe(count)
  }
})

test('what is held is opened by two who are named; others see who, and nothing of it; an organiser names two anew', async () => {
  const organiser = await makeAccount(db, 'olga', { role: 'organiser' })
  const third = await makeAccount(db, 'zoe', { role: 'reviewer' })
  const id = await press('worried', 'In the garden')
  const asked = { path: `/desk/concerns/${id}`, params: { id }, db, now }
  const open = (by: Viewer) => ask(actions['open'] ?? missingAction, { ...asked, viewer: by, body: {} })
  const { body } = await pageOf(Page, load, { ...asked, viewer: third })
  expect(body).toContain('Only these may open it: Ann, olga.')
  expect(body).not.toMatch(/In the garden|Close the concern|Name two people/)
  expect(await open(third)).toMatchObject({ status: 403 })
  const name = (by: Viewer, one: string, two: string) =>
    ask(actions['openers'] ?? missingAction, { ...asked, viewer: by, body: { one, two } }).catch(
      (error: unknown) => error,
    )
  expect(await name(third, third.account ?? '', organiser.account ?? '')).toMatchObject({ status: 404 })
  expect(await name(organiser, third.account ?? '', third.account ?? '')).toMatchObject({ status: 400 })
  expect(await name(organiser, third.account ?? '', organiser.account ?? '')).toMatchObject({ status: 303 })
  const form = await open(third)
  const { body: seen } = await pageOf(Page, load, { ...asked, viewer: third, form })
  expect(seen).toContain('In the garden')
  expect(await open(viewer)).toMatchObject({ status: 403 })
})

test('a worry that was closed leads to what it is about, and somebody may bring it back from there, without what was written', async () => {
  const id = await press('worried', 'On the hill')
  const asked = { path: `/desk/concerns/${id}`, params: { id }, db, now, viewer }
  await ask(actions['open'] ?? missingAction, { ...asked, body: {} })
  const closing = ask(actions['close'] ?? missingAction, {
    ...asked,
    body: { outcome: 'Asked. All is well.' },
  })
  await expect(closing).rejects.toMatchObject({ status: 303, location: `/desk/concerns/${id}` })
  const { body } = await pageOf(Page, load, asked)
  expect(body).toContain('Asked. All is well.')
  expect(body).toContain('This concern is closed')
  expect(body).not.toContain('Open it')
  expect(body).toMatch(/href="\/desk\/stories\/[0-9a-f-]{36}">On the hill</)
  expect(body).toContain('Bring it back')
  expect(body).not.toContain('A bruise')
  const back = ask(actions['restore'] ?? missingAction, { ...asked, body: { reason: 'All is well.' } })
  await expect(back).rejects.toMatchObject({ status: 303 })
  expect((await pageOf(Page, load, asked)).body).not.toContain('Bring it back')
})

test('what came from one place is listed together and comes back together', async () => {
  for (const title of ['One', 'Two', 'Three']) await press('take-down', title)
  const asked = { path: '/desk/concerns', db, now, viewer }
  const { body: page } = await pageOf(ManyPage, loadMany, asked)
  expect(page).toContain('3 from place 1')
  const source = /name="source" value="([^"]+)"/.exec(page)?.[1] ?? ''
  const restore = manyActions['default']
  if (!restore) throw new Error('The page has no way to bring them back')
  const refused = await ask(restore, { ...asked, body: { source, reason: 'Only pressed.' } })
  const { body: again } = await pageOf(ManyPage, loadMany, {
    ...asked,
    form: (refused as { data: object }).data,
  })
  expect(again).toContain('Nothing was chosen. Tick what you mean first.')
  expect(again).toContain('Only pressed.</textarea>')
  const form = await ask(restore, { ...asked, body: { source, all: 'yes', reason: 'Only pressed.' } })
  const { body: done } = await pageOf(ManyPage, loadMany, { ...asked, form })
  expect(done).toContain('3 are back where they were.')
  expect(done).toContain('Nothing that was hidden waits')
})
