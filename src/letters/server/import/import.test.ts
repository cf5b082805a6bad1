import { beforeEach, expect, test } from 'vitest'
import { theSite } from '#kernel/viewer.ts'
import { directoryImport } from '#letters/server/reads/directory.ts'
import { officesBy } from '#letters/server/reads/offices.ts'
import { testDatabase } from '../../../../test/db.ts'
import { from, importing, parliament, popolo } from '../../../../test/directory.ts'

const db = await testDatabase()
const now = new Date('2027-10-19T10:00:00Z')
const { bringIn, empty, give, imported, rows, undo } = importing(db)

beforeEach(empty)

test('a parliament comes in as it is published: names, lords, redirects, parties, days of which only the year is known', async () => {
  const id = await give(popolo())
  expect((await rows()).people).toHaveLength(0)
  const preview = await imported(id)
  expect(preview.state).toBe('previewed')
  expect(preview.counts.membership).toEqual({ new: 3, changed: 0, ended: 0, same: 0 })
  expect(preview.leftOut.count).toBe(0)
  await bringIn(id)
  const all = await rows()
  expect(all.people.map((one) => one.name)).toEqual(['Zoë Khan', 'Baroness Hill of Leeds'])
  expect(all.memberships.map((one) => [one.onBehalfOf, one.startDate, one.endDate])).toEqual([
    [null, '1992-01-01', '1997-05-31'],
    ['Yellow Party', '2024-07-04', null],
    [null, '2010-01-01', null],
  ])
  expect(all.organisations.map((one) => one.classification)).toEqual(['parliament', 'parliament', 'party'])
  expect(all.areas.map((one) => one.name)).toEqual(['Leeds North'])
  expect(all.contacts[0]).toMatchObject({ licence: 'CC0', source: from.link, state: 'unverified' })
  const [office] = await officesBy(db, [`post:${all.posts[0]?.id}`], now)
  expect(office?.label).toBe('Zoë Khan, MP for Leeds North, House of Commons')
  expect(office?.email).toBe('zoe@parliament.example')
  expect(await db.selectFrom('directoryFiles').select('position').execute()).toEqual([])
})

test('the same file again changes nothing', async () => {
  await bringIn(await give(popolo()))
  const before = await rows()
  const again = await give(popolo(), { retrieved: '2027-10-05' })
  expect(await db.selectFrom('directoryChanges').select('key').where('import', '=', again).execute()).toEqual(
    [],
  )
  await bringIn(again)
  expect(await rows()).toEqual(before)
})

test('a new version changes what differs, field by field, and ends what it no longer has without deleting it', async () => {
  await bringIn(await give(popolo()))
  const next = popolo({
    memberships: parliament.memberships.slice(0, 3),
    persons: parliament.persons.map((one) =>
      one.id === 'p/1'
        ? { ...one, contact_details: [{ type: 'email', value: 'new@parliament.example' }] }
        : one,
    ),
  })
  await db.updateTable('directoryContacts').set({ state: 'working', confirmed: '2027-10-02' }).execute()
  const second = await give(next, { retrieved: '2027-10-10' })
  const changes = await db
    .selectFrom('directoryChanges')
    .selectAll()
    .where('import', '=', second)
    .orderBy('sort')
    .execute()
  expect(changes.map(({ sort, what, before, after }) => ({ sort, what, before, after }))).toEqual([
    {
      sort: 'contact',
      what: 'changed',
      before: expect.objectContaining({ value: 'zoe@parliament.example' }) as object,
      after: expect.objectContaining({ value: 'new@parliament.example' }) as object,
    },
    {
      sort: 'membership',
      what: 'ended',
      before: expect.not.objectContaining({ end: expect.anything() as string }) as object,
      after: expect.objectContaining({ end: '2027-10-09' }) as object,
    },
  ])
  await bringIn(second)
  const all = await rows()
  expect(all.memberships).toHaveLength(3)
  expect(all.contacts[0]).toMatchObject({
    value: 'new@parliament.example',
    state: 'unverified',
    confirmed: null,
  })
  // Ended once is not ended again.
  const third = await give(next, { retrieved: '2027-10-12' })
  expect((await imported(third)).counts.membership).toMatchObject({ ended: 0 })
})

test('what another source has is not ended by this one', async () => {
  await bringIn(await give(popolo()))
  await bringIn(await give(popolo({ memberships: [] }), { source: 'another.json' }))
  expect((await rows()).memberships.filter((one) => one.endDate === '2027-09-30')).toEqual([])
})

test('undone, everything is as it was, but for what was changed since', async () => {
  await bringIn(await give(popolo()))
  const before = await rows()
  const next = popolo({
    memberships: parliament.memberships.slice(0, 3),
    persons: [...parliament.persons, { id: 'p/5', name: 'Somebody New' }],
    posts: parliament.posts.map((one) => ({ ...one, label: 'Member for Leeds North' })),
  })
  const second = await give(next, { retrieved: '2027-10-10' })
  await bringIn(second)
  expect(await undo(second)).toEqual({ back: 3, stay: 0 })
  expect(await rows()).toEqual(before)
  const third = await give(next, { retrieved: '2027-10-11' })
  await bringIn(third)
  await db.updateTable('directoryPosts').set({ label: 'Other' }).execute()
  const outcome = await undo(third)
  expect(outcome?.stay).toBeGreaterThan(0)
  expect((await rows()).posts[0]?.label).toBe('Other')
})

test('undone, an e-mail that was known to be broken is broken again, and what was learnt since of others stays', async () => {
  const emails = (...all: string[]) => all.map((value) => ({ type: 'email', value }))
  const persons = (...all: string[]) =>
    parliament.persons.map((one) => (one.id === 'p/1' ? { ...one, contact_details: emails(...all) } : one))
  await bringIn(await give(popolo({ persons: persons('old@parliament.example', 'same@parliament.example') })))
  const known = { state: 'broken', confirmed: '2027-10-02', source: 'By telephone', licence: 'None' } as const
  await db.updateTable('directoryContacts').set(known).execute()
  const before = (await rows()).contacts
  const labelled = [
    ...emails('new@parliament.example'),
    { ...emails('same@parliament.example')[0], label: 'Office' },
  ]
  const next = parliament.persons.map((one) =>
    one.id === 'p/1' ? { ...one, contact_details: labelled } : one,
  )
  const second = await give(popolo({ persons: next }), { retrieved: '2027-10-10' })
  await bringIn(second)
  const same = () => db.updateTable('directoryContacts').where('value', '=', 'same@parliament.example')
  await same().set({ state: 'working' }).execute()
  await undo(second)
  expect((await rows()).contacts).toEqual(
    before.map((one) => (one.value.startsWith('same') ? { ...one, state: 'working' } : one)),
  )
})

test('two imports of one source go in the order in which they came, the later first, and nobody stays behind', async () => {
  const first = await give(popolo())
  await bringIn(first)
  const persons = parliament.persons.map((one) =>
    one.id === 'p/1'
      ? { ...one, contact_details: [{ type: 'email', value: 'new@parliament.example' }] }
      : one,
  )
  const other = await give(popolo({ persons }), { source: 'other.json' })
  const second = await give(popolo({ persons }), { retrieved: '2027-10-10' })
  for (const [minutes, id] of [other, second].entries())
    await bringIn(id, new Date(now.getTime() + (minutes + 1) * 60_000))
  const before = await rows()
  await expect(undo(first)).rejects.toMatchObject({ key: 'directory.undo-first' })
  expect(await directoryImport(db, theSite, { id: first, page: 1, what: null })).toMatchObject({
    later: { id: second },
  })
  expect(await rows()).toEqual(before)
  for (const id of [second, first, other]) expect(await undo(id)).toMatchObject({ stay: 0 })
  for (const left of Object.values(await rows())) expect(left).toEqual([])
})

test('the first import undone leaves nothing behind, and pressing twice does it once', async () => {
  const id = await give(popolo())
  await bringIn(id)
  await undo(id)
  expect(await undo(id)).toBeNull()
  for (const left of Object.values(await rows())) expect(left).toEqual([])
  expect((await imported(id)).state).toBe('undone')
})

test.each([
  ['cut off', popolo().slice(0, -3), 'directory.wrong.cut'],
  ['a missing comma', '{"persons": [{"id": "1"}\n{"id": "2"}]}', 'directory.wrong.json'],
  ['a broken element', '{\n"persons": [\n{"id": nothing}]}', 'directory.wrong.json'],
  ['two files in one', '{"persons": []} {"persons": []}', 'directory.wrong.json'],
  ['a list and no object', '[{"id": "1"}]', 'directory.wrong.no-lists'],
  ['no lists', '{"name": "x"}', 'directory.wrong.no-lists'],
])('broken JSON is refused with its place: %s', async (_what, words, key) => {
  const { state, problem } = await imported(await give(words))
  expect(state).toBe('failed')
  expect(problem?.key).toBe(key)
  if (key === 'directory.wrong.json') expect(problem?.params).toHaveProperty('line')
  expect(await db.selectFrom('directoryFiles').select('position').execute()).toEqual([])
})

test('no row is lost silently: what names nothing, stands twice or has no name is counted and shown', async () => {
  const words = popolo({
    memberships: [...parliament.memberships, { id: 'm/8', person_id: 'p/none', organization_id: 'lords' }],
    persons: [...parliament.persons, { id: 'p/7' }, { id: 'p/2', name: 'Somebody else' }],
    posts: [...parliament.posts, { id: 'c/9', label: 'MP', organization_id: 'nowhere' }, { label: 'No id' }],
  })
  const { leftOut } = await imported(await give(words))
  expect(leftOut.count).toBe(5)
  expect(leftOut.first.map((one) => one.key).toSorted()).toEqual([
    'directory.left.id',
    'directory.left.loose',
    'directory.left.loose',
    'directory.left.name',
    'directory.left.twice',
  ])
  const lines = words.split('\n')
  const twice = leftOut.first.find((one) => one.key === 'directory.left.twice')
  expect(lines.slice((twice?.line ?? 0) - 1, (twice?.line ?? 0) + 2).join('')).toContain('p/2')
})
