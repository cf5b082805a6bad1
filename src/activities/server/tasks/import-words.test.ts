import { sql } from 'kysely'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { templateCsv } from '#activities/import-template.ts'
import { importById, kindsOpen, questionsOf } from '#activities/server/reads/import.ts'
import { endImports } from '#activities/server/tasks/after-import.ts'
import { readGiven } from '#activities/server/tasks/import.ts'
import { previewImport } from '#activities/server/writes/import.ts'
import { textIn } from '#kernel/messages.ts'
import type { Viewer } from '#kernel/viewer.ts'
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

beforeAll(async () => {
  await makeImportWorld(db)
  host = await makeViewer(db, 'host@example.org')
})
beforeEach(() => forgetImported(db))

describe('the words of a file', () => {
  it.each([
    ['Date,Start,End', '2027-10-19,10:00,12:00', '2027-10-19T10:00', '2027-10-19T12:00'],
    ['Start,Day,Ends', '10:00,19 October 2027,2 pm', '2027-10-19T10:00', '2027-10-19T14:00'],
    ['Begin,Finish', '2027-10-19 10:00,2027-10-20 12:00', '2027-10-19T10:00', '2027-10-20T12:00'],
    ['Starts,End', '2027-10-19 10:00,12:00', '2027-10-19T10:00', '2027-10-19T12:00'],
    ['Start time,End time', '19/10/2027 10:00,19/10/2027 12:00', '2027-10-19T10:00', '2027-10-19T12:00'],
    ['Date,Start time', '2027-10-19,2027-10-19 10:00', '2027-10-19T10:00', null],
    ['Start date,Start time,End date,End time', '2027-10-19,9am,2027-10-20,', '2027-10-19T09:00', null],
  ])('reads when under the names "%s": %s', async (heads, cells, start, end) => {
    const words = `Title,Kind,Town,${heads}\nTea,cafe,Leeds,${cells}\n`
    const [row] = await rowsOf(db, await give(db, host, words))
    expect([row?.mistakes, row?.draft?.timing]).toEqual([
      [],
      { timing: 'time', start, end, zone: 'Europe/London' },
    ])
  })

  it.each([
    ['Date', '2027-02-30', 'D2', 'import.mistake.no-such-day'],
    ['Date', '30 February 2027', 'D2', 'import.mistake.no-such-day'],
    ['Date', 'next week', 'D2', 'input.day'],
    ['Date,Zone', '2027-10-19,Mars/Base', 'E2', 'say.when.zone'],
    ['Date,Start,Zone', '2027-10-19,10:00,Mars/Base', 'F2', 'say.when.zone'],
    ['Date,End', '2027-10-19,12:00', null, 'say.when.time-needed'],
    ['Date,Start,End', '2027-10-19,10:00,09:00', 'F2', 'say.when.ends-before'],
    ['Start,End', '10:00,12:00', 'D2', 'say.when.day-needed'],
    ['Date,Start time', '2027-10-19,2027-10-20 10:00', 'E2', 'input.time'],
  ])('says what is wrong under "%s" with %s', async (heads, cells, at, key) => {
    const words = `Title,Kind,Town,${heads}\nTea,cafe,Leeds,${cells}\n`
    const [row] = await rowsOf(db, await give(db, host, words))
    expect(row?.mistakes).toMatchObject([{ at, key }])
  })

  it('says at once that a zone is unknown and that the day cannot be', async () => {
    const words = 'Title,Kind,Town,Date,Start,Zone\nTea,cafe,Leeds,2029-10-19,10:00,Mars/Base\n'
    const [row] = await rowsOf(db, await give(db, host, words))
    expect(row?.mistakes).toMatchObject([
      { at: 'F2', key: 'say.when.zone' },
      { at: 'D2', key: 'say.when.outside' },
    ])
  })

  it.each([
    ['FREQ=WEEKLY;UNTIL=abc', 'import.mistake.repeats-end'],
    ['FREQ=WEEKLY;UNTIL=20271332', 'import.mistake.repeats-end'],
    ['UNTIL=;FREQ=WEEKLY', 'import.mistake.repeats-end'],
    ['FREQ=SOMETIMES;UNTIL=20271026T100000Z', 'import.mistake.repeats'],
    ['FREQ=WEEKLY;UNTIL=20271026T100000Z', undefined],
  ])('says what is wrong with a calendar’s rule of repeats: %s', async (rule, key) => {
    const lines = [
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//test//',
      'BEGIN:VEVENT',
      'UID:1',
      'SUMMARY:Tea',
    ]
    const event = [...lines, 'LOCATION:Leeds', 'DTSTART:20271019T100000', `RRULE:${rule}`]
    const words = [...event, 'END:VEVENT', 'END:VCALENDAR', ''].join('\r\n')
    const [row] = await rowsOf(db, await give(db, host, words, { kind: 'cafe' }))
    expect(row?.mistakes[0]?.key).toBe(key)
  })

  it('takes rows that name no kind as something else, until one is chosen for all of them', async () => {
    const words = 'title,kind,date,town\nTea,,2027-10-19,Leeds\nSong,talk,2027-10-19,Leeds\n'
    const kinds = async (id: string) => (await rowsOf(db, id)).map((row) => [row.action, row.draft?.kind])
    const id = await give(db, host, words)
    expect(await kinds(id)).toEqual([
      ['new', 'other'],
      ['new', 'talk'],
    ])
    expect([await kindsOpen(db, id), await questionsOf(db, id)]).toEqual([1, []])
    const chosen = await give(db, host, words, { kind: 'cafe' })
    expect([await kinds(chosen), await kindsOpen(db, chosen)]).toEqual([
      [
        ['new', 'cafe'],
        ['new', 'talk'],
      ],
      1,
    ])
    await press(db, host, chosen)
    expect((await broughtIn(db)).map((one) => one.title)).toEqual(['Song', 'Tea'])
  })

  it('asks for the kind where the week does not offer something else', async () => {
    const retire = (retired: boolean) =>
      db.updateTable('kinds').set({ retired }).where('code', '=', 'other').execute()
    await retire(true)
    const id = await give(db, host, 'title,date,town\nTea,2027-10-19,Leeds\n')
    await retire(false)
    expect(await rowsOf(db, id)).toMatchObject([{ action: 'mistake', draft: null }])
    expect(await questionsOf(db, id)).toEqual(['kind'])
  })

  it('takes no time that has gone by its own clock, and offers a template of which nothing has', async () => {
    const during = new Date('2027-10-20T12:00:00Z')
    const about = { file: { name: 'a.csv', bytes: new Uint8Array() }, address: null, formKey: '' }
    const planned = async (words: string) => {
      about.file.bytes = new TextEncoder().encode(words)
      const { id } = await previewImport(db, host, about, during)
      await readGiven({ most: 1e6, longest: 2000, redirects: 0 })(db, { import: id }, during)
      return (await rowsOf(db, id)).map((row) => row.mistakes.map((one) => one.key))
    }
    const row = (time: string) => `Tea at ${time},cafe,Leeds,2027-10-20,${time}\n`
    expect(await planned(`Title,Kind,Town,Date,Start\n${row('12:30')}${row('13:30')}`)).toEqual([
      ['say.when.past-time'],
      [],
    ])
    const days = { monday: '2027-10-18', today: '2027-10-20' }
    expect(await planned(templateCsv(days, textIn('en')))).toEqual([[], []])
  })

  it('asks for what would tell towns of one name apart, and not for the country that is there', async () => {
    const mistake = async (country: string) => {
      const words = `Title,Kind,Town,Country\nTea,cafe,Newport,${country}\n`
      return (await rowsOf(db, await give(db, host, words)))[0]?.mistakes[0]?.key
    }
    expect(await mistake('')).toBe('import.mistake.town-which')
    expect(await mistake('GB')).toBe('import.mistake.town-region')
    expect(await mistake('US')).toBeUndefined()
  })
})

describe('an import that nobody works on any more', () => {
  it('has failed, or goes back a step when it stopped half way', async () => {
    const stateOf = async (id: string) => {
      await endImports(db, {}, importing)
      const { state, problem } = await importById(db, host, id)
      return [state, problem?.key]
    }
    const workOn = (id: string, state: string, attempts: number) =>
      sql`with job as (update graphile_worker._private_jobs set attempts = ${attempts} where key = ${`import:${id}`})
        update imports set state = ${state}, problem = null where id = ${id}`.execute(db)
    const id = await give(db, host, 'Title,Kind\nTea,cafe\n')
    await workOn(id, 'reading', 1)
    expect(await stateOf(id)).toEqual(['reading', undefined])
    await workOn(id, 'reading', 3)
    expect(await stateOf(id)).toEqual(['failed', 'import.wrong.unforeseen'])
    await workOn(id, 'doing', 3)
    expect(await stateOf(id)).toEqual(['previewed', 'import.stopped'])
    await workOn(id, 'undoing', 3)
    expect(await stateOf(id)).toEqual(['done', 'import.stopped'])
  })
})

describe('the order of days', () => {
  it('asks for no day when another row of the file can be read in one way only', async () => {
    const row = (id: number, day: string): string => `${id},Coffee,cafe,${day},,,Leeds,no\n`
    const days = async (words: string) => {
      const id = await give(db, host, importHead + words)
      const rows = await rowsOf(db, id)
      return {
        read: rows.map((one) => (one.draft?.timing.timing === 'day' ? one.draft.timing.day : null)),
        asks: await questionsOf(db, id),
        days: (await importById(db, host, id)).days,
      }
    }
    expect(await days(row(1, '10/11/2027') + row(2, '25/10/2027'))).toEqual({
      read: ['2027-11-10', '2027-10-25'],
      asks: [],
      days: {
        open: { at: 'D2', words: '10/11/2027' },
        settled: { at: 'D3', words: '25/10/2027', order: 'day-first' },
      },
    })
    expect((await days(row(1, '10/11/2027') + row(2, '10/25/2027'))).read).toEqual([
      '2027-10-11',
      '2027-10-25',
    ])
    // Two rows that contradict each other decide nothing.
    const both = await days(row(1, '10/25/2027') + row(2, '25/10/2027') + row(3, '11/10/2027'))
    expect([both.asks, both.days]).toEqual([
      ['dates'],
      { open: { at: 'D4', words: '11/10/2027' }, settled: null },
    ])
  })
})
