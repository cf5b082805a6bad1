import { sql } from 'kysely'
import { render } from 'svelte/server'
import { beforeAll, expect, test } from 'vitest'
import ActivityMap from '#activities/ActivityMap.svelte'
import { readFilter } from '#activities/filter.ts'
import { listActivities } from '#activities/server/reads/list.ts'
import { mapView } from '#activities/server/reads/map-view.ts'
import { askedWeek } from '#activities/server/reads/week.ts'
import { textIn } from '#kernel/messages.ts'
import { anybody } from '#kernel/viewer.ts'
import { testDatabase } from '../../../test/db.ts'
import { makeWeek } from '../../../test/make.ts'
import { ask } from '../../../test/pages.ts'
import { GET } from './+server.ts'

const db = await testDatabase()
const now = new Date('2027-10-01T12:00:00Z')
const most = 100_000
const leeds = { lat: 53.8, lon: -1.55 }

/** A question as long as one may be asked, which finds all of them. */
const long = `&q=${'leeds '.repeat(33)}&access=step-free&welcome=everyone&kind=cafe&${[
  'de',
  'fr',
  'cy',
  'da',
  'ar',
  'en',
]
  .map((tag) => `language=${tag}`)
  .join('&')}`

/** One town with 10,000 places: half in one spot, half on a grid 20 km wide, with titles as long and as heavy as they may be. */
beforeAll(async () => {
  await makeWeek(db)
  await sql`
    insert into activities (slug, week, kind, title, state, published, mode, timing, sort_start, last_end, town, country,
      languages, access, welcome, lat, lon, public_lat, public_lon)
    select rpad('town-' || n || '-', 60, 'x'), 2027, 'cafe', rpad(n::text, 120, '茶'), 'published', '2027-09-01',
      'in-person', 'week', '2027-10-17T10:00Z', '2027-10-25T12:00Z', 'Leeds', 'GB', '{en}', '{step-free}', '{everyone}', at.lat, at.lon, at.lat, at.lon
    from generate_series(0, 9999) n
    cross join lateral (
      select ${leeds.lat}::float8 + case when n < 5000 then 0 else ((n % 5000) / 70 - 35) * 0.0028 end as lat,
        ${leeds.lon}::float8 + case when n < 5000 then 0 else (n % 70 - 35) * 0.0045 end as lon
    ) at`.execute(db)
  await sql`analyze activities`.execute(db)
})

/** What the big map asks for: 1,400 by 900 pixels around the town, as far as the earth goes. */
function boxAt(zoom: number): string {
  const wide = Math.min(360, (360 * 1400) / (512 * 2 ** zoom))
  const high = Math.min(170, (wide * 900) / 1400)
  const edges = [leeds.lon - wide / 2, leeds.lat - high / 2, leeds.lon + wide / 2, leeds.lat + high / 2]
  const [west = 0, south = 0, east = 0, north = 0] = edges
  const turn = (lon: number): number => (lon < -180 ? lon + 360 : lon > 180 ? lon - 360 : lon)
  if (wide === 360) return `-180,${Math.max(-90, south)},180,${Math.min(90, north)}`
  return [turn(west), Math.max(-90, south), turn(east), Math.min(90, north)].join(',')
}

async function pinsOf(query: string): Promise<{ bytes: number; count: number; places: number }> {
  const answer = await ask(GET, { path: `/activities.geojson?${query}`, db, now })
  expect(answer.status).toBe(200)
  const words = await answer.text()
  const { features } = JSON.parse(words) as { features: { properties: { count: number } }[] }
  const count = features.reduce((sum, { properties }) => sum + properties.count, 0)
  return { bytes: Buffer.byteLength(words), count, places: features.length }
}

test('10,000 places in one town weigh at most 100 kB as pins, at every zoom', async () => {
  const views = []
  for (let zoom = 0; zoom <= 22; zoom++) views.push(await pinsOf(`bbox=${boxAt(zoom)}&zoom=${zoom}`))
  for (const [zoom, { bytes, count, places }] of views.entries()) {
    expect(bytes, `zoom ${zoom}`).toBeLessThanOrEqual(most)
    expect(count, `zoom ${zoom}`).toBeGreaterThanOrEqual(places)
  }
  expect(views.slice(0, 6).map(({ count }) => count)).toEqual(Array.from({ length: 6 }, () => 10_000))
  expect(Math.max(...views.map(({ places }) => places))).toBeGreaterThan(100)
  expect((await pinsOf('zoom=0')).bytes).toBeLessThanOrEqual(most)
  const asked = await pinsOf(`bbox=${boxAt(13)}&zoom=13${long}`)
  expect(asked.bytes).toBeLessThanOrEqual(most)
  expect(asked.bytes).toBeGreaterThan(most * 0.8)
})

const near = (within: number): string => `near=${leeds.lat},${leeds.lon}&within=${within}`
const views = ['', 'country=GB', ...[1, 2, 3, 5, 8, 15, 25].map(near)]
test.each(views.flatMap((view) => [['a short', view] as const, ['a long', view] as const]))(
  '10,000 places in one town weigh at most 100 kB as a drawn map, and none is left out: %s question, "%s"',
  async (length, view) => {
    const { filter } = readFilter(new URLSearchParams(length === 'a long' ? view + long : view))
    const question = { filter, week: await askedWeek(db, anybody, null, now) }
    const { total } = await listActivities(db, question, now)
    expect(total).toBeGreaterThan(5000)
    const map = await mapView(db, question, { text: textIn('en'), language: 'en', total })
    const { body } = await render(ActivityMap, { props: { map, filter } })
    expect(map.pins.reduce((sum, { count }) => sum + count, 0)).toBe(total)
    expect(map.words).not.toContain('no place')
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(most)
  },
)
