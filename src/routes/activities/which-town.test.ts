import { sql } from 'kysely'
import { beforeAll, expect, test } from 'vitest'
import { kindsOf } from '#weeks/server/reads.ts'
import { nameOf } from '#weeks/week.ts'
import { testDatabase } from '../../../test/db.ts'
import { makeWeek } from '../../../test/make.ts'
import { ask } from '../../../test/pages.ts'
import { GET as atom } from '../activities.atom/+server.ts'
import { GET as csv } from '../activities.csv/+server.ts'
import { GET as geojson } from '../activities.geojson/+server.ts'
import { GET as ics } from '../activities.ics/+server.ts'
import { GET as json } from '../activities.json/+server.ts'

const db = await testDatabase()
const now = new Date('2027-10-01T12:00:00Z')

beforeAll(async () => {
  await makeWeek(db)
  await sql`insert into places (id, name, country, region, lat, lon, population, zone) values
    (900001, 'Samename', 'GB', 'WLS', 51.588, -2.997, 120000, 'Europe/London'),
    (900002, 'Samename', 'US', 'RI', 41.49, -71.312, 90000, 'America/New_York')`.execute(db)
})

const formats = { json, geojson, csv, ics, atom }
const asked = (format: keyof typeof formats) =>
  ask(formats[format], { path: `/activities.${format}?kind=cafe&place=Samename`, db, now })
const address = (format: string, near: string): string =>
  `https://week.example/activities.${format}?kind=cafe&near=${near}`

test.each(['json', 'geojson', 'csv'] as const)(
  '.%s does not guess which of two towns is meant, and names both with their addresses',
  async (format) => {
    const answer = await asked(format)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'application/problem+json'])
    expect(await answer.json()).toMatchObject({
      status: 400,
      detail: 'Which “Samename” do you mean?',
      errors: [
        {
          name: 'place',
          value: 'Samename',
          places: [
            { name: 'Samename, WLS, United Kingdom', country: 'GB', url: address(format, '51.588,-2.997') },
            { name: 'Samename, RI, United States', country: 'US', url: address(format, '41.49,-71.312') },
          ],
        },
      ],
    })
  },
)

test.each(['ics', 'atom'] as const)('.%s says in plain words which addresses to use', async (format) => {
  const answer = await asked(format)
  expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'text/plain; charset=utf-8'])
  const lines = (await answer.text()).split('\n')
  expect(lines[0]).toBe('Which “Samename” do you mean?')
  expect(lines).toContain(address(format, '51.588,-2.997'))
  expect(lines).toContain(address(format, '41.49,-71.312'))
})

test('a feed of one kind is called by the name of the kind', async () => {
  const cafe = (await kindsOf(db, 2027)).find((kind) => kind.code === 'cafe')
  if (!cafe) throw new Error('The week has cafés')
  const answer = await ask(atom, { path: '/activities.atom?kind=cafe', db, now })
  expect(await answer.text()).toContain(`<title>${nameOf(cafe, 'en')}: `)
})
