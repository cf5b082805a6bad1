import { beforeAll, expect, test } from 'vitest'
import { seedDoors } from '../../../../scripts/seed/doors.ts'
import { doorsOf } from '#letters/server/reads/doors.ts'
import {
  mostFound,
  searchOffices,
  withPeople,
  type OfficeSearch,
} from '#letters/server/reads/search-offices.ts'
import { officePage } from '#letters/server/reads/directory.ts'
import { testDatabase } from '../../../../test/db.ts'
import { importing } from '../../../../test/directory.ts'

const db = await testDatabase()
const now = new Date('2027-10-19T10:00:00Z')
const { bringIn, give } = importing(db)
const table = [
  'Council,GSS code,Ward,Name,Email',
  'Leeds City Council,E08000035,Headingley,Zoë Khan,zoe@leeds.example',
  'Leeds City Council,E08000035,Headingley,Sam Lee,',
  'Leeds City Council,E08000035,Adel,,',
  'Cardiff Council,W06000015,Leeds Road,Kim Khan,',
  ...Array.from({ length: 40 }, (_, at) => `Council ${at} Many,,Ward ${at},Person ${at},`),
].join('\n')

beforeAll(async () => {
  await bringIn(await give(table, { source: 'councillors.csv' }))
  await bringIn(await give('Trust,Name\nLeeds Learning Trust,Ada Cole\n', { source: 'trusts.csv' }))
  await seedDoors(db)
})

const found = async (words: string, over: Partial<OfficeSearch> = {}) => {
  const search = { words, nation: null, looksFor: [], inside: null, ...over }
  const { offices, count } = await searchOffices(db, search, now)
  return { labels: offices.map((one) => one.label), count, offices }
}

test('all words have to fit, whether they are of a name, a ward or a council, and accents and half words do', async () => {
  expect((await found('khan leeds city')).labels).toEqual(['Zoë Khan, Headingley, Leeds City Council'])
  expect((await found('zoe headingl')).labels).toEqual(['Zoë Khan, Headingley, Leeds City Council'])
  expect((await found('nobody here')).labels).toEqual([])
  expect((await found("'); drop table -- & | ! :*")).labels).toEqual([])
})

test('a seat that nobody is known to hold is found as an office, the body before its posts', async () => {
  const { labels } = await found('leeds city')
  expect([...labels.slice(0, 2), ...labels.slice(2).toSorted()]).toEqual([
    'Leeds City Council',
    'Adel, Leeds City Council',
    'Sam Lee, Headingley, Leeds City Council',
    'Zoë Khan, Headingley, Leeds City Council',
  ])
})

test('somebody without a post is found in their body, and what a door looks for comes first', async () => {
  expect((await found('ada')).labels).toEqual(['Ada Cole, Leeds Learning Trust'])
  expect((await found('leeds', { looksFor: ['trust'] })).labels[0]).toBe('Leeds Learning Trust')
  expect((await found('leeds', { looksFor: ['council'] })).labels[0]).toBe('Leeds City Council')
})

test('another nation’s bodies are left out, those of no nation are not', async () => {
  const { labels } = await found('leeds', { nation: 'wales' })
  expect(labels).toContain('Kim Khan, Leeds Road, Cardiff Council')
  expect(labels).toContain('Leeds Learning Trust')
  expect(labels).not.toContain('Leeds City Council')
})

test('everybody inside a body is found with no word, and some of them with one; another body of a like name is not', async () => {
  const idOf = async (words: string) => (await found(words)).offices[0]?.organisation ?? ''
  const [leeds, trust] = [await idOf('leeds city'), await idOf('leeds learning')]
  const everybody = await found('', { inside: leeds })
  expect([everybody.count, everybody.labels.toSorted()]).toEqual([
    3,
    [
      'Adel, Leeds City Council',
      'Sam Lee, Headingley, Leeds City Council',
      'Zoë Khan, Headingley, Leeds City Council',
    ],
  ])
  expect((await found('headingley', { inside: leeds })).count).toBe(2)
  expect((await found('', { inside: trust })).labels).toEqual(['Ada Cole, Leeds Learning Trust'])
  const none = await db
    .insertInto('directoryOrganisations')
    .values({ key: 'test:empty', name: 'Nobody there' })
    .returning('id')
    .executeTakeFirstOrThrow()
  expect(await withPeople(db, [leeds, trust, none.id])).toEqual(new Set([leeds, trust]))
})

test('a list is bounded and all are counted; without words come the bodies of the sort', async () => {
  const { labels, count } = await found('council many')
  expect([labels.length, count]).toEqual([mostFound, 80])
  expect((await found('', { looksFor: ['trust'] })).labels).toEqual(['Leeds Learning Trust'])
  expect((await found('')).labels).toEqual([])
})

test('an office says what is known of it, from where, and nothing of one that is not there', async () => {
  const { offices } = await found('zoe')
  const { contacts } = await officePage(db, offices[0]?.ref ?? '', now)
  expect(contacts).toEqual([
    expect.objectContaining({
      type: 'email',
      value: 'zoe@leeds.example',
      licence: 'CC0',
      retrieved: '2027-10-01',
      state: 'unverified',
    }),
  ])
  await expect(officePage(db, 'post:00000000-0000-0000-0000-000000000000', now)).rejects.toMatchObject({
    kind: 'missing',
  })
  await expect(officePage(db, 'post:x', now)).rejects.toMatchObject({ kind: 'missing' })
})

test('every nation has an answer, a source and somebody to look for, for every subject', async () => {
  const all = await Promise.all(
    (['england', 'wales', 'scotland', 'northern-ireland'] as const).map((nation) =>
      doorsOf(db, nation, 'en'),
    ),
  )
  for (const doors of all) {
    expect(doors.map((door) => door.subject)).toEqual(all[0]?.map((door) => door.subject))
    expect(doors.length).toBeGreaterThanOrEqual(10)
    for (const door of doors) {
      expect(door.answer.split('.').length, door.subject).toBeGreaterThan(1)
      expect(door.source).toMatch(/^https:/)
      expect(door.looksFor.length).toBeGreaterThan(0)
    }
  }
})
