import { beforeAll, beforeEach, expect, test } from 'vitest'
import { anybody, type Viewer } from '#kernel/viewer.ts'
import { saveDoor } from '#letters/server/writes/doors.ts'
import { openedWith } from '#ui/stale.ts'
import { testDatabase } from '../../../../test/db.ts'
import { importing, parliament, popolo } from '../../../../test/directory.ts'
import { makeOffice } from '../../../../test/letters.ts'
import { makeAccount } from '../../../../test/organisations.ts'
import { ask, pageOf } from '../../../../test/pages.ts'
import { actions, load } from './+page.server.ts'
import Corrections from './+page.svelte'
import { load as loadDoors } from './doors/+page.server.ts'
import Doors from './doors/+page.svelte'
import { actions as doorActions, load as loadDoor } from './doors/[nation]/[subject]/+page.server.ts'
import Door from './doors/[nation]/[subject]/+page.svelte'
import { load as loadImports } from './imports/+page.server.ts'
import Imports from './imports/+page.svelte'
import { actions as importActions, load as loadImport } from './imports/[id]/+page.server.ts'
import Import from './imports/[id]/+page.svelte'
import { actions as pauseActions, load as loadPauses } from './pauses/+page.server.ts'
import Pauses from './pauses/+page.svelte'

const db = await testDatabase()
const now = new Date('2027-10-19T10:00:00Z')
const { bringIn, empty, give, imported, rows } = importing(db)
let organiser: Viewer
let reviewer: Viewer

beforeAll(async () => {
  organiser = await makeAccount(db, 'organiser', { role: 'organiser' })
  reviewer = await makeAccount(db, 'reviewer', { role: 'reviewer' })
})
beforeEach(async () => {
  await db.deleteFrom('directoryPauses').execute()
  await empty()
})

const door = { nation: 'scotland', subject: 'school' } as const
const at = { db, now, path: '/desk/directory' }

test('every page of the directory looks like nothing to whoever may not see it', async () => {
  const id = await give(popolo())
  const loads = [
    () => ask(loadDoors, { ...at, viewer: reviewer }),
    () => ask(loadDoor, { ...at, viewer: reviewer, params: door }),
    () => ask(loadImports, { ...at, viewer: reviewer }),
    () => ask(loadImport, { ...at, viewer: reviewer, params: { id } }),
    () => ask(loadPauses, { ...at, viewer: reviewer }),
    () => ask(load, { ...at, viewer: anybody }),
    () => ask(loadImports, { ...at, viewer: anybody }),
    () => ask(loadImport, { ...at, viewer: organiser, params: { id: 'none' } }),
    () => ask(loadImport, { ...at, viewer: organiser, params: { id: crypto.randomUUID() } }),
    () => ask(loadDoor, { ...at, viewer: organiser, params: { nation: 'scotland', subject: 'no-such' } }),
  ]
  for (const one of loads) await expect(one()).rejects.toMatchObject({ kind: 'missing' })
})

test('a correction stands on the page with its office and its age, and goes when it is decided', async () => {
  const office = await makeOffice(db, { name: 'Leeds City Council' })
  const { id } = await db
    .insertInto('directoryCorrections')
    .values({ post: office.post, words: 'new@council.org', created: new Date('2027-10-17T10:00:00Z') })
    .returning('id')
    .executeTakeFirstOrThrow()
  const page = () => pageOf(Corrections, load, { ...at, viewer: reviewer })
  const { body } = await page()
  expect(body).toContain('Leeds City Council')
  expect(body).toContain('new@council.org')
  expect(body).toContain('?/accept')
  const wrong = await ask(actions['accept'] as never, {
    ...at,
    viewer: reviewer,
    body: { id, outcome: 'email', value: '' },
  })
  expect(wrong).toMatchObject({ status: 400 })
  const body2 = { id, outcome: 'email', value: 'new@council.org', source: '' }
  await ask(actions['accept'] as never, { ...at, viewer: reviewer, body: body2 })
  const after = (await page()).body
  expect(after).not.toContain('?/accept')
  expect(after).toContain('Accepted last')
  const values = (await rows()).contacts.map(({ value }) => value)
  expect(values).toContain('new@council.org')
})

test('doors are listed, and what an organiser says about one stands on its page', async () => {
  await db
    .insertInto('doors')
    .values({ ...door, position: 1, names: '{}', answers: '{}' })
    .execute()
  const before = { looksFor: ['school' as const], role: null, source: null, checked: null, retired: false }
  const first = { ...before, name: 'A school', answer: 'Its governors.', revision: 1 }
  await saveDoor(db, organiser, { ...door, ...first }, now)
  const { body } = await pageOf(Doors, loadDoors, { ...at, viewer: organiser })
  expect(body).toContain('/desk/directory/doors/scotland/school')
  const { nation, subject } = door
  const asked = { ...at, viewer: organiser, params: { nation, subject } }
  const opened = openedWith({ name: 'A school', answer: 'Its governors.', looksFor: ['school'] })
  const typed = { nation, subject, name: 'A school', answer: 'Its governors.', looksFor: 'school', opened }
  const send = (body: object) =>
    ask(doorActions['save'] as never, { ...asked, body: { ...typed, revision: '2', ...body } })
  await expect(send({ answer: 'Its head decides.', checked: '2027-10-01' })).rejects.toMatchObject({
    status: 303,
    location: `/desk/directory/doors/${nation}/${subject}?saved`,
  })
  const saved = await pageOf(Door, loadDoor, { ...asked, path: '/desk/directory?saved' })
  expect(saved.body).toContain('Its head decides.')
  expect(await send({ name: '' })).toMatchObject({ status: 400 })
  // Another organiser has read it before that was saved, and changes only its name.
  const stale = (await send({ name: 'My own school' })) as { status: number; data: object }
  expect(stale.status).toBe(409)
  const both = await pageOf(Door, loadDoor, { ...asked, form: stale.data })
  expect(both.body).toContain('Its head decides.')
  expect(both.body).toContain('value="My own school"')
  expect(both.body).toContain('name="revision" value="3"')
})

test('a pause is written down for a body that words find, is listed, and ends', async () => {
  await bringIn(await give(popolo()))
  const path = '/desk/directory/pauses?q=lords'
  const found = await ask(loadPauses, { ...at, viewer: organiser, path })
  const [body] = (found as { bodies: { value: string; label: string }[] }).bodies
  expect(body?.label).toBe('House of Lords')
  const add = (to: string) =>
    ask(pauseActions['add'] as never, {
      ...at,
      viewer: organiser,
      body: { organisation: body?.value ?? '', from: '2027-12-20', to, reason: 'recess' },
    })
  expect(await add('2027-12-01')).toMatchObject({ status: 400 })
  for (let again = 0; again < 2; again += 1) expect(await add('2028-01-05')).toMatchObject({ done: 'added' })
  const page = await pageOf(Pauses, loadPauses, { ...at, viewer: organiser, path: '/desk/directory/pauses' })
  expect(page.body.match(/House of Lords<\/bdi>/g)).toHaveLength(1)
  const of = async (q: string) =>
    (await pageOf(Pauses, loadPauses, { ...at, viewer: organiser, path: `/desk/directory/pauses?q=${q}` }))
      .body
  // What came back wrong is shown with the body that was chosen.
  expect(await of('lords')).toContain('action="?/add&amp;q=lords"')
  expect(await of('nowhere')).toContain('Nothing in the directory fits')
  const [, id = ''] = /name="id" value="([0-9a-f-]{36})"/.exec(page.body) ?? []
  await ask(pauseActions['end'] as never, { ...at, viewer: organiser, body: { id } })
  expect(await db.selectFrom('directoryPauses').select('id').execute()).toEqual([])
})

test('an import shows what it would change before it does, page by page, and only then can be brought in', async () => {
  const many = Array.from({ length: 60 }, (_, n) => ({ id: `p/x${n}`, name: `Person ${n}` }))
  const id = await give(popolo({ persons: [...parliament.persons, ...many] }))
  const list = await pageOf(Imports, loadImports, { ...at, viewer: organiser })
  expect(list.body).toContain(`/desk/directory/imports/${id}`)
  const asked = { ...at, viewer: organiser, params: { id } }
  const first = await pageOf(Import, loadImport, { ...asked, path: `/desk/directory/imports/${id}?what=new` })
  expect(first.body).toContain('Person 0')
  const last = await ask(loadImport, { ...asked, path: '/?what=new&page=2' })
  expect(last).toMatchObject({ page: 2, what: 'new' })
  expect((last as { changes: unknown[] }).changes.length).toBeGreaterThan(10)
  expect(await ask(loadImport, { ...asked, path: '/?page=-3&what=nonsense' })).toMatchObject({
    page: 1,
    what: null,
  })
  expect((await rows()).people).toEqual([])
  const press = (what: 'bring' | 'undo', viewer: Viewer) =>
    ask(importActions[what] as never, { ...asked, viewer, body: { formKey: 'one', id } })
  expect(await press('bring', reviewer)).toMatchObject({ status: 403 })
  expect(await press('undo', organiser)).toMatchObject({ status: 409 })
  for (let again = 0; again < 2; again += 1)
    await expect(press('bring', organiser)).rejects.toMatchObject({ status: 303 })
  expect((await imported(id)).state).toBe('doing')
})

test('what an import changes is said in words, and rows that are named by a key by what they are called', async () => {
  const table = (...lines: string[]): string =>
    ['council,ward,name,e-mail,id', ...lines.map((one) => `Leeds City Council,${one}`), ''].join('\n')
  await bringIn(await give(table('Adel,Sam Lee,sam@leeds.example,1'), { source: 'leeds.csv' }))
  const later = { source: 'leeds.csv', retrieved: '2027-10-10' }
  const id = await give(table('Headingley,Sam Leigh,sam@leeds.example,1', 'Adel,Short'), later)
  const page = await pageOf(Import, loadImport, { ...at, viewer: organiser, params: { id } })
  const words = page.body.replaceAll(/<!--.*?-->|<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')
  expect(words).toContain('Name: Sam Lee Sam Leigh')
  expect(words).toContain('Sam Leigh Who holds a post Ended Last day: Saturday 9 October 2027')
  expect(words).toContain('This row has 3 columns, and the first row has 5.')
  const changes = words.slice(words.indexOf('Row by row'))
  expect(changes).not.toMatch(/leeds\.csv:|\b(name|end|ended|person|post|organisation): /)
})
