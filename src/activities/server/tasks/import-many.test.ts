import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { makeWeek } from '../../../../test/make.ts'
import { testDatabase } from '../../../../test/db.ts'
import { noChoices, type Choices } from '#activities/import.ts'
import { countRows, importById, importRows } from '#activities/server/reads/import.ts'
import { bringInPressed, readGiven } from '#activities/server/tasks/import.ts'
import { chooseForImport, doImport, previewImport } from '#activities/server/writes/import.ts'
import type { Viewer } from '#kernel/viewer.ts'

const db = await testDatabase()
const now = new Date('2027-09-01T10:00:00Z')
let host: Viewer

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
const rows = (id: string) => importRows(db, id, { show: null, page: 1 })
const all = () => db.selectFrom('activities').selectAll().orderBy('title').execute()
const head = 'id,title,kind,date,time,end time,town,private\n'
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
          await db.deleteFrom('imports').execute()
          await db.deleteFrom('activities').execute()
          await db.deleteFrom('rateCounts').execute()
          const words = `title,kind,date,time,town\n${table.map((one) => one.join(',')).join('\n')}\n`
          const id = await give(host, words, { kind: 'other', dates: 'day-first', zone: 'Europe/London' })
          if ((await importById(db, host, id)).state === 'failed') return
          const said = (await rows(id)).flatMap((one) =>
            one.action === 'new' && one.draft ? [one.draft] : [],
          )
          await press(host, id)
          const made = await all()
          const plain = (one: { title: string; kind: string; mode: string }) =>
            `${one.title}|${one.kind}|${one.mode}`
          expect(made.map(plain).toSorted()).toEqual(said.map(plain).toSorted())
          await press(
            host,
            await give(host, words, { kind: 'other', dates: 'day-first', zone: 'Europe/London' }),
          )
          expect(await all()).toHaveLength(made.length)
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
        head +
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
      const preview = async (length: number) => {
        const bytes = new TextEncoder().encode(table(length))
        const file = { file: { name: 'a.csv', bytes }, address: null, formKey: '' }
        const { id } = await previewImport(db, host, file, now)
        asked = 0
        await read(counted, { import: id }, now)
        return id
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
