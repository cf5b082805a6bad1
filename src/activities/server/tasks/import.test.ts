import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { hostByToken } from '#activities/server/reads/host-link.ts'
import { countRows, hostsNamed, importById, listImports } from '#activities/server/reads/import.ts'
import { takeBackImport } from '#activities/server/tasks/import.ts'
import { doImport, undoImport } from '#activities/server/writes/import.ts'
import { readMode } from '#activities/import.ts'
import { textIn } from '#kernel/messages.ts'
import { Refusal } from '#kernel/refusal.ts'
import { anybody, type Viewer } from '#kernel/viewer.ts'
import { testDatabase } from '../../../../test/db.ts'
import {
  broughtIn,
  forgetImported,
  give,
  importHead,
  importing,
  makeImportWorld,
  makeViewer,
  press,
  rowsOf,
} from '../../../../test/imports.ts'

const db = await testDatabase()
let host: Viewer
let other: Viewer
let organiser: Viewer

beforeAll(async () => {
  await makeImportWorld(db)
  host = await makeViewer(db, 'host@example.org')
  other = await makeViewer(db, 'other@example.org')
  organiser = await makeViewer(db, 'organiser@example.org', { role: 'organiser' })
})
beforeEach(() => forgetImported(db))

const undo = async (viewer: Viewer, id: string): Promise<void> => {
  await undoImport(db, viewer, { id, formKey: '' }, importing)
  await takeBackImport(db, { import: id, by: viewer.account }, importing)
}
const two = `${importHead}1,Coffee morning,Café,2027-10-19,10:00,12:00,Leeds,no\n2,Talk,talk,19 October 2027,6.30pm,,York,no\n`

describe('bringing in many at once', () => {
  it('shows what each row becomes and brings nothing in before the press', async () => {
    const id = await give(db, host, two)
    expect(await rowsOf(db, id)).toMatchObject([
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
    expect(await broughtIn(db)).toEqual([])
  })

  it('brings them in to wait for a person, with a confirmed host and no mail', async () => {
    await press(db, host, await give(db, host, two))
    const made = await broughtIn(db)
    expect(made).toMatchObject([
      { title: 'Coffee morning', state: 'waiting', town: 'Leeds', account: host.account },
      { title: 'Talk', state: 'waiting' },
    ])
    const hosts = await db.selectFrom('hosts').select(['email', 'confirmed']).execute()
    expect(hosts).toEqual([
      { email: 'host@example.org', confirmed: importing },
      { email: 'host@example.org', confirmed: importing },
    ])
    expect(await db.selectFrom('mails').selectAll().execute()).toEqual([])
  })

  it('lists at once what an organiser brings in, and names another host who is not written to', async () => {
    const words = two
      .replace('private\n', 'private,host e-mail\n')
      .replace('Leeds,no', 'Leeds,no,new@example.org')
    await press(db, organiser, await give(db, organiser, words))
    expect((await broughtIn(db)).map((one) => one.state)).toEqual(['published', 'published'])
    const named = await db.selectFrom('hosts').selectAll().where('email', '=', 'new@example.org').execute()
    expect(named).toMatchObject([{ part: 'co-host', confirmed: null }])
    const refused = await rowsOf(db, await give(db, host, words))
    expect(refused[0]?.mistakes).toMatchObject([
      { column: 'email', at: 'I2', key: 'import.mistake.organisers-only' },
    ])
  })

  it('sends hosts whom it names their links when that is ticked, one mail for each address', async () => {
    const words = `${importHead.replace('private\n', 'private,host e-mail\n')}1,Coffee morning,cafe,2027-10-19,10:00,,Leeds,no,ann@example.org
2,Talk,talk,2027-10-20,10:00,,Leeds,no,ann@example.org
3,Film,talk,2027-10-20,18:00,,Leeds,no,bob@example.org\n`
    const id = await give(db, organiser, words)
    expect(await hostsNamed(db, id)).toBe(2)
    await press(db, organiser, id, { tellHosts: true })
    const mails = await db
      .selectFrom('mails')
      .select(['address', 'name', 'params'])
      .orderBy('address')
      .execute()
    expect(mails.map((mail) => [mail.address, mail.name])).toEqual([
      ['ann@example.org', 'import-host'],
      ['bob@example.org', 'import-host'],
    ])
    const { links = '' } = (mails[0]?.params ?? {}) as { links?: string }
    expect(links).toMatch(/^Coffee morning\n\S+\/edit\/\S+\n\nTalk\n\S+\/edit\/\S+$/)
    const [, token = ''] = /edit\/(\S+)/.exec(links) ?? []
    expect(await hostByToken(db, token, importing)).toMatchObject({ email: 'ann@example.org' })
  })

  it('makes nothing new the second time, and changes what the file changed', async () => {
    await press(db, host, await give(db, host, two))
    const before = await broughtIn(db)
    const again = await give(db, host, two)
    expect((await rowsOf(db, again)).map((row) => row.action)).toEqual(['same', 'same'])
    await press(db, host, again)
    expect(await broughtIn(db)).toEqual(before)
    await press(db, host, await give(db, host, two.replace('Coffee morning', 'Coffee and cake')))
    const after = await broughtIn(db)
    expect(after.map((one) => [one.id, one.title])).toEqual([
      [before[0]?.id, 'Coffee and cake'],
      [before[1]?.id, 'Talk'],
    ])
  })

  it('never changes what the same file of somebody else made', async () => {
    await press(db, host, await give(db, host, two))
    await press(db, other, await give(db, other, two))
    expect(await broughtIn(db)).toHaveLength(4)
  })

  it('takes back what it made and restores what it changed', async () => {
    const first = await give(db, host, two)
    await press(db, host, first)
    const before = await broughtIn(db)
    const second = await give(
      db,
      host,
      `${two.replace('Coffee morning', 'Cake').replace('10:00', '11:00')}3,Film,talk,2027-10-20,,,Leeds,no\n`,
    )
    await press(db, host, second)
    expect(await broughtIn(db)).toHaveLength(3)
    await undo(host, second)
    const after = await broughtIn(db)
    expect(after.find((one) => one.title === 'Film')?.state).toBe('withdrawn')
    const same = ({ updated: _u, revision: _r, sequence: _s, search: _x, ...row }: (typeof after)[number]) =>
      row
    expect(after.filter((one) => one.title !== 'Film').map(same)).toEqual(before.map(same))
    expect((await countRows(db, second)).outcomes).toEqual({ restored: 1, withdrawn: 1 })
    await undo(host, first)
    expect(new Set((await broughtIn(db)).map((one) => one.state))).toEqual(new Set(['withdrawn']))
    expect(await db.selectFrom('mails').selectAll().execute()).toEqual([])
    await press(db, host, await give(db, host, two))
    expect((await broughtIn(db)).filter((one) => one.state === 'waiting')).toHaveLength(2)
  })

  it('leaves what was edited since, and says so', async () => {
    await press(db, host, await give(db, host, two))
    const second = await give(db, host, two.replace('Coffee morning', 'Cake'))
    await press(db, host, second)
    await db.updateTable('activities').set({ title: 'By hand' }).where('title', '=', 'Cake').execute()
    await undo(host, second)
    expect((await countRows(db, second)).outcomes).toEqual({ 'edited-since': 1 })
    expect((await broughtIn(db)).map((one) => one.title)).toContain('By hand')
  })

  it('does not bring back what a person took down', async () => {
    await press(db, host, await give(db, host, two))
    await db.updateTable('activities').set({ state: 'declined' }).where('title', '=', 'Talk').execute()
    const id = await give(db, host, two.replace('6.30pm', '7pm'))
    expect((await rowsOf(db, id)).map((row) => row.action)).toEqual(['same', 'taken-down'])
    await press(db, host, id)
    expect((await broughtIn(db)).find((one) => one.title === 'Talk')).toMatchObject({
      state: 'declined',
      startLocal: '2027-10-19T18:30',
    })
  })

  it('says of an empty file that there is nothing in it', async () => {
    await expect(give(db, host, '')).rejects.toMatchObject({ key: 'import.wrong.empty', field: 'file' })
  })

  it.each([
    ['A place or a town', 'in-person'],
    ['Online', 'online'],
    ['In a place and online', 'hybrid'],
    ['Nowhere special', 'nowhere'],
  ])('reads the form’s own words for how: %s', (words, mode) => {
    expect(readMode(words)).toBe(mode)
    const text = textIn('en')
    expect([
      text('say.where.place'),
      text('say.where.online'),
      text('edit.form.hybrid'),
      text('say.where.nowhere'),
    ]).toContain(words)
  })

  it('asks which of two times is meant when the clocks go back, and reads the answer', async () => {
    const row = (date: string, time = ''): string =>
      `${importHead}1,Night shift,cafe,${date},${time},,Leeds,no\n`
    const asked = await rowsOf(db, await give(db, host, row('2027-10-31', '01:30')))
    const [first, second] = ['2027-10-31 01:30+01:00', '2027-10-31 01:30+00:00']
    expect(asked[0]?.mistakes).toMatchObject([
      { at: 'D2', key: 'import.mistake.time-twice', params: { time: '01:30', first, second } },
    ])
    const later = async (words: string) =>
      (await rowsOf(db, await give(db, host, row(words))))[0]?.draft?.later
    expect([await later(first), await later(second)]).toEqual([false, true])
  })

  it('names each mistake with its cell, and brings in the others', async () => {
    const id = await give(
      db,
      host,
      `${two}3,,cafe,2027-02-30,25:00,,Nowheretown,maybe\n4,Later,cafe,2028-01-01,,,Leeds,no\n5,Many,cafe,2027-10-19,,,Newport,no\n1,Coffee again,cafe,2027-10-19,,,Leeds,no\n`,
    )
    const wrong = (await rowsOf(db, id)).slice(2).map((row) => row.mistakes.map((one) => [one.at, one.key]))
    expect(wrong).toEqual([
      [
        ['B4', 'input.needed'],
        ['H4', 'import.mistake.yes'],
        ['D4', 'import.mistake.no-such-day'],
        ['E4', 'input.time'],
      ],
      [['D5', 'say.when.outside']],
      [['G6', 'import.mistake.town-which']],
      [[null, 'import.mistake.twice']],
    ])
    await press(db, host, id)
    expect(await broughtIn(db)).toHaveLength(2)
  })

  it('asks once which of two days is meant', async () => {
    const words = `${importHead}1,Coffee,cafe,10/11/2027,,,Leeds,no\n`
    const id = await give(db, host, words)
    expect((await rowsOf(db, id))[0]?.mistakes).toMatchObject([
      { key: 'import.mistake.which-date', asks: 'dates' },
    ])
    expect(
      (await rowsOf(db, await give(db, host, words, { dates: 'day-first' })))[0]?.draft?.timing,
    ).toMatchObject({
      day: '2027-11-10',
    })
    expect(
      (await rowsOf(db, await give(db, host, words, { dates: 'month-first' })))[0]?.draft?.timing,
    ).toMatchObject({
      day: '2027-10-11',
    })
  })

  it('shows likely doubles beside a row and leaves out those that were ticked', async () => {
    await press(db, organiser, await give(db, organiser, two))
    const id = await give(db, host, two.replace('Coffee morning', 'Coffee mornings'))
    const found = await rowsOf(db, id)
    expect(found.map((row) => row.doubles.map((one) => one.title))).toEqual([['Coffee morning'], ['Talk']])
    await press(db, host, id, { leave: [0] })
    expect(
      (await broughtIn(db)).filter((one) => one.account === host.account).map((one) => one.title),
    ).toEqual(['Talk'])
  })

  it('shows the preview again when something changed before the press was carried out', async () => {
    const [one, same] = [await give(db, host, two), await give(db, host, two)]
    await press(db, host, one)
    await press(db, host, same)
    expect(await broughtIn(db)).toHaveLength(2)
    expect(await importById(db, host, same)).toMatchObject({
      state: 'previewed',
      problem: { key: 'import.changed-since' },
    })
  })

  it('shows nobody else what stands in it, and gives nothing to nobody', async () => {
    const id = await give(db, host, two)
    await expect(importById(db, other, id)).rejects.toMatchObject({ kind: 'missing' })
    await expect(
      doImport(db, other, { id, leave: [], tellHosts: false, formKey: '' }, importing),
    ).rejects.toMatchObject({
      kind: 'missing',
    })
    await press(db, host, id)
    await expect(undoImport(db, other, { id, formKey: '' }, importing)).rejects.toBeInstanceOf(Refusal)
    await expect(give(db, anybody, two)).rejects.toMatchObject({ kind: 'forbidden' })
    await expect(listImports(db, host, 'all')).rejects.toMatchObject({ kind: 'missing' })
    expect(await listImports(db, organiser, 'all')).toMatchObject([{ rows: 2 }])
  })

  it('keeps the reason when a file cannot be read', async () => {
    const id = await give(db, host, `${importHead}1,"never closed,cafe\n`)
    expect(await importById(db, host, id)).toMatchObject({
      state: 'failed',
      problem: { key: 'import.wrong.quote' },
    })
  })
})
