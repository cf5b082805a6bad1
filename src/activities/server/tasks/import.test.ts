import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { makeWeek } from '../../../../test/make.ts'
import { testDatabase } from '../../../../test/db.ts'
import { noChoices, type Choices } from '#activities/import.ts'
import { countRows, importById, importRows, listImports } from '#activities/server/reads/import.ts'
import { bringInPressed, readGiven, takeBackImport } from '#activities/server/tasks/import.ts'
import { chooseForImport, doImport, previewImport, undoImport } from '#activities/server/writes/import.ts'
import { Refusal } from '#kernel/refusal.ts'
import { anybody, type Viewer } from '#kernel/viewer.ts'

const db = await testDatabase()
const now = new Date('2027-09-01T10:00:00Z')
let host: Viewer
let other: Viewer
let organiser: Viewer

async function account(email: string, over: { trusted?: boolean; role?: 'organiser' } = {}): Promise<Viewer> {
  const { id } = await db
    .insertInto('accounts')
    .values({ email, name: email, trusted: over.trusted ?? false })
    .returning('id')
    .executeTakeFirstOrThrow()
  const roles = over.role ? [{ role: over.role, group: null, organisation: null }] : []
  if (over.role) await db.insertInto('roles').values({ account: id, role: over.role }).execute()
  return { account: id, email, name: email, roles }
}

beforeAll(async () => {
  await makeWeek(db)
  await db.deleteFrom('places').execute()
  const town = {
    region: 'ENG',
    country: 'GB',
    lat: 53.8,
    lon: -1.55,
    population: 455_000,
    zone: 'Europe/London',
  }
  await db
    .insertInto('places')
    .values([
      { ...town, id: 1, name: 'Leeds' },
      { ...town, id: 2, name: 'York', lat: 53.96, lon: -1.08 },
      { ...town, id: 3, name: 'Newport', region: 'WLS', population: 145_000 },
      {
        ...town,
        id: 4,
        name: 'Newport',
        region: 'RI',
        country: 'US',
        population: 25_000,
        zone: 'America/New_York',
      },
      { ...town, id: 5, name: 'Newport', population: 26_000 },
    ])
    .execute()
  host = await account('host@example.org')
  other = await account('other@example.org')
  organiser = await account('organiser@example.org', { role: 'organiser' })
})
beforeEach(async () => {
  await db.deleteFrom('imports').execute()
  await db.deleteFrom('activities').execute()
  await db.deleteFrom('rateCounts').execute()
  await db.deleteFrom('mails').execute()
})

const read = readGiven({ most: 1e6, longest: 2000, redirects: 0 })
const give = async (
  viewer: Viewer,
  words: string | Uint8Array,
  choices: Partial<Choices> = {},
): Promise<string> => {
  const bytes = typeof words === 'string' ? new TextEncoder().encode(words) : words
  const { id } = await previewImport(
    db,
    viewer,
    { file: { name: 'a.csv', bytes }, address: null, formKey: '' },
    now,
  )
  await read(db, { import: id }, now)
  if (Object.keys(choices).length > 0) {
    await chooseForImport(db, viewer, { id, ...noChoices, ...choices }, now)
    await read(db, { import: id }, now)
  }
  return id
}
const press = async (viewer: Viewer, id: string, leave: number[] = []): Promise<void> => {
  await doImport(db, viewer, { id, leave, formKey: '' }, now)
  await bringInPressed(db, { import: id }, now)
}
const undo = async (viewer: Viewer, id: string): Promise<void> => {
  await undoImport(db, viewer, { id, formKey: '' }, now)
  await takeBackImport(db, { import: id, by: viewer.account }, now)
}
const rows = (id: string) => importRows(db, id, { show: null, page: 1 })
const all = () => db.selectFrom('activities').selectAll().orderBy('title').execute()
const head = 'id,title,kind,date,time,end time,town,private\n'
const two = `${head}1,Coffee morning,Café,2027-10-19,10:00,12:00,Leeds,no\n2,Talk,talk,19 October 2027,6.30pm,,York,no\n`

describe('bringing in many at once', () => {
  it('shows what each row becomes and brings nothing in before the press', async () => {
    const id = await give(host, two)
    expect(await rows(id)).toMatchObject([
      {
        action: 'new',
        draft: {
          kind: 'cafe',
          mode: 'in-person',
          timing: { start: '2027-10-19T10:00', zone: 'Europe/London' },
        },
      },
      { action: 'new', draft: { timing: { start: '2027-10-19T18:30' } } },
    ])
    expect(await all()).toEqual([])
  })

  it('brings them in to wait for a person, with a confirmed host and no mail', async () => {
    await press(host, await give(host, two))
    const made = await all()
    expect(made).toMatchObject([
      { title: 'Coffee morning', state: 'waiting', town: 'Leeds', account: host.account },
      { title: 'Talk', state: 'waiting' },
    ])
    const hosts = await db.selectFrom('hosts').select(['email', 'confirmed']).execute()
    expect(hosts).toEqual([
      { email: 'host@example.org', confirmed: now },
      { email: 'host@example.org', confirmed: now },
    ])
    expect(await db.selectFrom('mails').selectAll().execute()).toEqual([])
  })

  it('lists at once what an organiser brings in, and names another host who is not written to', async () => {
    const words = two
      .replace('private\n', 'private,host e-mail\n')
      .replace('Leeds,no', 'Leeds,no,new@example.org')
    await press(organiser, await give(organiser, words))
    expect((await all()).map((one) => one.state)).toEqual(['published', 'published'])
    const named = await db.selectFrom('hosts').selectAll().where('email', '=', 'new@example.org').execute()
    expect(named).toMatchObject([{ part: 'co-host', confirmed: null }])
    const refused = await rows(await give(host, words))
    expect(refused[0]?.mistakes).toMatchObject([
      { column: 'email', at: 'I2', key: 'import.mistake.organisers-only' },
    ])
  })

  it('makes nothing new the second time, and changes what the file changed', async () => {
    await press(host, await give(host, two))
    const before = await all()
    const again = await give(host, two)
    expect((await rows(again)).map((row) => row.action)).toEqual(['same', 'same'])
    await press(host, again)
    expect(await all()).toEqual(before)
    await press(host, await give(host, two.replace('Coffee morning', 'Coffee and cake')))
    const after = await all()
    expect(after.map((one) => [one.id, one.title])).toEqual([
      [before[0]?.id, 'Coffee and cake'],
      [before[1]?.id, 'Talk'],
    ])
  })

  it('never changes what the same file of somebody else made', async () => {
    await press(host, await give(host, two))
    await press(other, await give(other, two))
    expect(await all()).toHaveLength(4)
  })

  it('takes back what it made and restores what it changed', async () => {
    const first = await give(host, two)
    await press(host, first)
    const before = await all()
    const second = await give(
      host,
      `${two.replace('Coffee morning', 'Cake').replace('10:00', '11:00')}3,Film,talk,2027-10-20,,,Leeds,no\n`,
    )
    await press(host, second)
    expect(await all()).toHaveLength(3)
    await undo(host, second)
    const after = await all()
    expect(after.find((one) => one.title === 'Film')?.state).toBe('withdrawn')
    const same = ({ updated: _u, revision: _r, sequence: _s, search: _x, ...row }: (typeof after)[number]) =>
      row
    expect(after.filter((one) => one.title !== 'Film').map(same)).toEqual(before.map(same))
    expect((await countRows(db, second)).outcomes).toEqual({ restored: 1, withdrawn: 1 })
    await undo(host, first)
    expect(new Set((await all()).map((one) => one.state))).toEqual(new Set(['withdrawn']))
    expect(await db.selectFrom('mails').selectAll().execute()).toEqual([])
    await press(host, await give(host, two))
    expect((await all()).filter((one) => one.state === 'waiting')).toHaveLength(2)
  })

  it('leaves what was edited since, and says so', async () => {
    await press(host, await give(host, two))
    const second = await give(host, two.replace('Coffee morning', 'Cake'))
    await press(host, second)
    await db.updateTable('activities').set({ title: 'By hand' }).where('title', '=', 'Cake').execute()
    await undo(host, second)
    expect((await countRows(db, second)).outcomes).toEqual({ 'edited-since': 1 })
    expect((await all()).map((one) => one.title)).toContain('By hand')
  })

  it('does not bring back what a person took down', async () => {
    await press(host, await give(host, two))
    await db.updateTable('activities').set({ state: 'declined' }).where('title', '=', 'Talk').execute()
    const id = await give(host, two.replace('6.30pm', '7pm'))
    expect((await rows(id)).map((row) => row.action)).toEqual(['same', 'taken-down'])
    await press(host, id)
    expect((await all()).find((one) => one.title === 'Talk')).toMatchObject({
      state: 'declined',
      startLocal: '2027-10-19T18:30',
    })
  })

  it('names each mistake with its cell, and brings in the others', async () => {
    const id = await give(
      host,
      `${two}3,,cafe,2027-02-30,25:00,,Nowheretown,maybe\n4,Later,cafe,2028-01-01,,,Leeds,no\n5,Many,cafe,2027-10-19,,,Newport,no\n1,Coffee again,cafe,2027-10-19,,,Leeds,no\n`,
    )
    const wrong = (await rows(id)).slice(2).map((row) => row.mistakes.map((one) => [one.at, one.key]))
    expect(wrong).toEqual([
      [
        ['B4', 'input.needed'],
        ['H4', 'import.mistake.yes'],
        ['D4', 'input.day'],
        ['E4', 'input.time'],
      ],
      [['D5', 'say.when.outside']],
      [['G6', 'import.mistake.town-which']],
      [[null, 'import.mistake.twice']],
    ])
    await press(host, id)
    expect(await all()).toHaveLength(2)
  })

  it('asks once which of two days is meant', async () => {
    const words = `${head}1,Coffee,cafe,10/11/2027,,,Leeds,no\n`
    const id = await give(host, words)
    expect((await rows(id))[0]?.mistakes).toMatchObject([{ key: 'import.mistake.which-date', asks: 'dates' }])
    expect((await rows(await give(host, words, { dates: 'day-first' })))[0]?.draft?.timing).toMatchObject({
      day: '2027-11-10',
    })
    expect((await rows(await give(host, words, { dates: 'month-first' })))[0]?.draft?.timing).toMatchObject({
      day: '2027-10-11',
    })
  })

  it('shows likely doubles beside a row and leaves out those that were ticked', async () => {
    await press(organiser, await give(organiser, two))
    const id = await give(host, two.replace('Coffee morning', 'Coffee mornings'))
    const found = await rows(id)
    expect(found.map((row) => row.doubles.map((one) => one.title))).toEqual([['Coffee morning'], ['Talk']])
    await press(host, id, [0])
    expect((await all()).filter((one) => one.account === host.account).map((one) => one.title)).toEqual([
      'Talk',
    ])
  })

  it('shows the preview again when something changed before the press was carried out', async () => {
    const [one, same] = [await give(host, two), await give(host, two)]
    await press(host, one)
    await press(host, same)
    expect(await all()).toHaveLength(2)
    expect(await importById(db, host, same)).toMatchObject({
      state: 'previewed',
      problem: { key: 'import.changed-since' },
    })
  })

  it('shows nobody else what stands in it, and gives nothing to nobody', async () => {
    const id = await give(host, two)
    await expect(importById(db, other, id)).rejects.toMatchObject({ kind: 'missing' })
    await expect(doImport(db, other, { id, leave: [], formKey: '' }, now)).rejects.toMatchObject({
      kind: 'missing',
    })
    await press(host, id)
    await expect(undoImport(db, other, { id, formKey: '' }, now)).rejects.toBeInstanceOf(Refusal)
    await expect(give(anybody, two)).rejects.toMatchObject({ kind: 'forbidden' })
    await expect(listImports(db, host, 'all')).rejects.toMatchObject({ kind: 'forbidden' })
    expect(await listImports(db, organiser, 'all')).toMatchObject([{ rows: 2 }])
  })

  it('keeps the reason when a file cannot be read', async () => {
    const id = await give(host, `${head}1,"never closed,cafe\n`)
    expect(await importById(db, host, id)).toMatchObject({
      state: 'failed',
      problem: { key: 'import.wrong.quote' },
    })
  })
})
