import { sql } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'
import { boxOf, circleOf, distance, hrefOf, wholeWorld } from '#activities/clusters.ts'
import { noFilter, readFilter } from '#activities/filter.ts'
import { countCancelled } from '#activities/server/reads/cancelled.ts'
import { weekCalendar } from '#activities/server/reads/calendar.ts'
import { listActivities } from '#activities/server/reads/list.ts'
import { countsOf } from '#activities/server/reads/counts.ts'
import { mapView } from '#activities/server/reads/map-view.ts'
import { clustersByCountry, clustersIn, mostClusters, townsAround } from '#activities/server/reads/map.ts'
import { recountActivities } from '#activities/server/tasks/recount.ts'
import { askedWeek } from '#activities/server/reads/week.ts'
import { textIn } from '#kernel/messages.ts'
import { anybody } from '#kernel/viewer.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeActivity } from '../../../../test/make.ts'
import { makeMany } from '../../../../test/many.ts'
import { makeVillage } from '../../../../test/village.ts'

const db = await testDatabase()
const now = new Date('2027-10-01T12:00:00Z')
const text = textIn('en')

const ask = async (query: string) => {
  const { filter } = readFilter(new URLSearchParams(query))
  return { filter, week: await askedWeek(db, anybody, filter.week, now) }
}

beforeAll(async () => {
  await makeVillage(db)
  await makeMany(db, 2000)
})

describe('the pins of a box', () => {
  test('hold each activity once, at every zoom', async () => {
    const placed = await sql<{ count: number }>`select count(*) as count from activities
      where week = 2027 and public_lat is not null and state = 'published'`.execute(db)
    for (const zoom of [0, 1, 2]) {
      const clusters = await clustersIn(db, await ask(''), wholeWorld, zoom)
      expect(clusters.reduce((sum, { count }) => sum + count, 0)).toBe(placed.rows[0]?.count)
    }
  })

  test('are the right ones also when the one that stood for a place has gone since', async () => {
    const question = await ask('')
    const box = [8, 50, 28, 60] as const
    const before = await clustersIn(db, question, box, 4)
    await db.updateTable('activities').set({ state: 'withdrawn' }).where('slug', '=', 'danish-talk').execute()
    const after = await clustersIn(db, question, box, 4)
    await db.updateTable('activities').set({ state: 'published' }).where('slug', '=', 'danish-talk').execute()
    const sum = (all: typeof before): number => all.reduce((count, one) => count + one.count, 0)
    expect(sum(after)).toBe(sum(before) - 1)
    expect(after.map(({ slug }) => slug)).not.toContain('danish-talk')
    expect(await clustersIn(db, question, box, 4)).toEqual(before)
  })

  test('are few, whatever the zoom', async () => {
    for (const zoom of [0, 5, 22]) {
      expect((await clustersIn(db, await ask(''), wholeWorld, zoom)).length).toBeLessThanOrEqual(mostClusters)
    }
  })

  test('stand where one of their activities is, not between them in the sea', async () => {
    const clusters = await clustersIn(db, await ask(''), wholeWorld, 0)
    expect(clusters.some(({ count }) => count > 1)).toBe(true)
    const { rows } = await sql<{ lat: number; lon: number }>`
      select public_lat as lat, public_lon as lon from activities where public_lat is not null`.execute(db)
    const places = new Set(rows.map(({ lat, lon }) => `${lat.toFixed(3)} ${lon.toFixed(3)}`))
    for (const { lat, lon } of clusters) expect(places).toContain(`${lat.toFixed(3)} ${lon.toFixed(3)}`)
  })

  test('join what is on both sides of the date line', async () => {
    const clusters = await clustersIn(
      db,
      await ask('country=FJ&kind=cafe&kind=display'),
      [170, -30, -170, 0],
      3,
    )
    const fiji = clusters.filter(({ lat }) => lat > -20)
    expect(fiji.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThanOrEqual(2)
    expect(fiji.every(({ lon }) => Math.abs(lon) > 177)).toBe(true)
  })

  test('name the only activity, and lead to it', async () => {
    const [pin] = await clustersIn(db, await ask('kind=talk&country=DK'), [8, 54, 13, 58], 6)
    const talk = (await clustersIn(db, await ask('q=foredrag'), wholeWorld, 4))[0]
    expect(pin).toBeDefined()
    expect(talk).toMatchObject({
      count: 1,
      slug: 'danish-talk',
      lat: 56.16,
      lon: 10.2,
      country: 'DK',
      town: 'Aarhus',
    })
    expect(talk && hrefOf(talk, noFilter)).toBe('/activities/danish-talk')
  })

  test('lead to a list that holds at least what they count', async () => {
    const question = await ask('kind=cafe')
    const clusters = await clustersIn(db, question, wholeWorld, 2)
    const crowd = clusters.filter(({ count }) => count > 1).slice(0, 5)
    expect(crowd.length).toBeGreaterThan(2)
    for (const cluster of crowd) {
      const { filter } = readFilter(
        new URL(hrefOf(cluster, question.filter), 'https://week.example').searchParams,
      )
      const { total } = await listActivities(db, { ...question, filter }, now)
      expect(total).toBeGreaterThanOrEqual(cluster.count)
    }
  })

  test('show the town of a private place', async () => {
    const [pin] = await clustersIn(db, await ask('q=taster+for+night'), wholeWorld, 10)
    expect(pin).toMatchObject({ lat: 53.8, lon: -1.55 })
  })
})

describe('the map of the world', () => {
  test.each(['', 'kind=cafe', 'q=coffee', 'from=2027-10-18'])(
    'of "%s" the drawn map, the big one and the list tell one story',
    async (query) => {
      const question = await ask(query)
      const { countries, elsewhere } = await clustersByCountry(db, question)
      const onMap = countries.reduce((sum, { count }) => sum + count, 0)
      const pins = await clustersIn(db, question, wholeWorld, 2)
      expect(pins.reduce((sum, { count }) => sum + count, 0)).toBe(onMap)
      const { total } = await listActivities(db, question, now)
      expect(onMap + elsewhere).toBe(total - (await countCancelled(db, question)))
    },
  )

  test('counts what stands in each country', async () => {
    const { countries, elsewhere } = await clustersByCountry(db, await ask(''))
    const { rows } = await sql<{
      country: string
      count: number
    }>`select country, count(*) as count from activities
      where week = 2027 and state = 'published' and public_lat is not null group by country`.execute(db)
    expect(new Map(countries.map(({ country, count }) => [country, count]))).toEqual(
      new Map(rows.map(({ country, count }) => [country, count])),
    )
    expect(elsewhere).toBeGreaterThan(0)
  })

  test('puts Fiji in the Pacific, not in Africa', async () => {
    const { countries } = await clustersByCountry(db, await ask('country=FJ&online=no'))
    expect(Math.abs(countries[0]?.point?.lon ?? 0)).toBeGreaterThan(177)
  })

  test('says in words what it shows', async () => {
    const question = await ask('kind=talk&kind=broadcast&q=a')
    const { total } = await listActivities(db, question, now)
    const view = await mapView(db, question, { text, language: 'en', total })
    expect(view.viewport).toEqual({ kind: 'world' })
    expect(view.words).toMatch(/^On the map: .*\d+ in /)
    expect(view.words).toMatch(/\d+ more (is|are) not on the map: online, or anywhere\./)
    expect(view.places[0]?.href).toMatch(/^\/activities\?country=[A-Z]{2}&.*view=map$/)
  })

  test('links to every country that home counts, and says how many have no place on the map', async () => {
    await makeActivity(db, {
      slug: 'letter-from-porto',
      mode: 'nowhere',
      town: 'Porto',
      country: 'PT',
      lat: null,
      lon: null,
      placeName: null,
    })
    await recountActivities(db, {}, now)
    const question = await ask('')
    const { total } = await listActivities(db, question, now)
    const view = await mapView(db, question, { text, language: 'en', total })
    expect(view.places).toHaveLength((await countsOf(db, 2027)).countries)
    expect(view.places).toContainEqual({
      href: '/activities?country=PT',
      label: '1 in Portugal, not on the map',
    })
    expect(view.words).toMatch(/of them names? a town or a country/)
    expect(view.pins.map(({ label }) => label).join()).not.toContain('Portugal')
  })

  test('is close to one country, or to a place, when that is asked', async () => {
    const saying = { text, language: 'en' as const, total: 5 }
    const country = await mapView(db, await ask('country=GB'), saying)
    expect(country.viewport.kind).toBe('bounds')
    expect(country.pins.length).toBeGreaterThan(10)
    const near = await mapView(db, await ask('near=53.8,-1.55&within=30'), saying)
    expect(near.viewport).toEqual({ kind: 'near', lat: 53.8, lon: -1.55, km: 40 })
    expect(near.towns.map(({ name }) => name)).toContain('Leeds')
    const nothing = await mapView(db, await ask('country=SE'), saying)
    expect(nothing.words).toContain('Nothing here has a place on the map.')
  })
})

test('the calendar has each of the seven days and what is done some time, as the list counts them', async () => {
  const days = await weekCalendar(db, await ask(''), now)
  expect(days.map(({ day }) => day)).toEqual([
    '2027-10-18',
    '2027-10-19',
    '2027-10-20',
    '2027-10-21',
    '2027-10-22',
    '2027-10-23',
    '2027-10-24',
    null,
  ])
  const untimed = days.at(-1)?.total ?? 0
  for (const { day, total, activities } of days.slice(0, 7)) {
    expect(total + untimed).toBe((await listActivities(db, await ask(`day=${day}`), now)).total)
    expect(activities).toHaveLength(6)
  }
  const fiji = await weekCalendar(db, await ask('country=FJ&kind=display&q=wall&from=2027-10-22'), now)
  expect(fiji.map(({ day, total }) => [day, total])).toEqual([
    ['2027-10-22', 1],
    ['2027-10-23', 1],
    ['2027-10-24', 0],
    [null, 0],
  ])
})

describe('boxes', () => {
  test.each([
    ['-180,-90,180,90', [-180, -90, 180, 90]],
    ['170,-30,-170,0', [170, -30, -170, 0]],
    ['1,2,3', undefined],
    ['1,2,3,4,5', undefined],
    ['0,10,0,-10', undefined],
    ['0,0,181,1', undefined],
    ['a,b,c,d', undefined],
    ['', undefined],
  ])('"%s" is read as %j', (words, box) => {
    expect(boxOf(words)).toEqual(box)
  })

  test.each([[[-2, 53, -1, 54]], [[179, -18, -179, -16]], [[10, 56, 10, 56]]] as const)(
    '%j lies inside its circle',
    (box) => {
      const { near, within } = circleOf(box)
      for (const lat of [box[1], box[3]]) {
        for (const lon of [box[0], box[2]]) expect(distance(near, { lat, lon })).toBeLessThanOrEqual(within)
      }
      expect(within).toBeGreaterThanOrEqual(1)
    },
  )
})

test('the towns around a place are large, few and apart', async () => {
  const towns = await townsAround(db, { lat: 53.8, lon: -1.55 }, 120)
  expect(towns.length).toBeGreaterThan(2)
  expect(towns.length).toBeLessThanOrEqual(8)
  expect(await townsAround(db, { lat: -48, lon: -120 }, 120)).toEqual([])
})
