import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { countRows, importById } from '#activities/server/reads/import.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { testDatabase } from '../../../../test/db.ts'
import {
  broughtIn,
  forgetImported,
  give,
  importHead,
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

describe('a preview', () => {
  it(
    'does for every file exactly what its preview said, and nothing the second time',
    { timeout: 60_000 },
    async () => {
      const cell = fc.constantFrom(
        '',
        'Leeds',
        'cafe',
        'talk',
        '2027-10-19',
        '10:00',
        '3/4/2027',
        'x',
        'yes',
        'Tea',
        'weekly',
      )
      const row = fc.tuple(
        fc.constantFrom('Tea', 'Talk', 'Café', ''),
        fc.constantFrom('cafe', 'talk', ''),
        cell,
        cell,
        cell,
      )
      await fc.assert(
        fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 6 }), async (table) => {
          await forgetImported(db)
          const words = `title,kind,date,time,town\n${table.map((one) => one.join(',')).join('\n')}\n`
          const id = await give(db, host, words, { kind: 'other', dates: 'day-first', zone: 'Europe/London' })
          if ((await importById(db, host, id)).state === 'failed') return
          const said = (await rowsOf(db, id)).flatMap((one) =>
            one.action === 'new' && one.draft ? [one.draft] : [],
          )
          await press(db, host, id)
          const made = await broughtIn(db)
          const plain = (one: { title: string; kind: string; mode: string }) =>
            `${one.title}|${one.kind}|${one.mode}`
          expect(made.map(plain).toSorted()).toEqual(said.map(plain).toSorted())
          await press(
            db,
            host,
            await give(db, host, words, { kind: 'other', dates: 'day-first', zone: 'Europe/London' }),
          )
          expect(await broughtIn(db)).toHaveLength(made.length)
        }),
        { numRuns: 12 },
      )
    },
  )

  it(
    'asks the database hardly more often for ten thousand rows than for ten',
    { timeout: 60_000 },
    async () => {
      const towns = ['Leeds', 'York', 'Newport', 'Nowhere']
      const table = (length: number) =>
        importHead +
        Array.from(
          { length },
          (_, at) => `${at},Coffee ${at},cafe,2027-10-19,10:00,12:00,${towns[at % 4]},no`,
        ).join('\n')
      let asked = 0
      const counted = db.withPlugin({
        transformQuery: ({ node }) => {
          asked += 1
          return node
        },
        transformResult: async ({ result }) => result,
      })
      const preview = (length: number) => {
        asked = 0
        return give(counted, host, table(length))
      }
      await preview(10)
      const few = asked
      const id = await preview(10_000)
      expect((await countRows(db, id)).actions).toEqual({ new: 5000, mistake: 5000 })
      expect(few).toBeGreaterThan(3)
      expect(asked).toBeLessThan(few + 100)
    },
  )
})
