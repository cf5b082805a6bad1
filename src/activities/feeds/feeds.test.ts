import { parse as parseSheet } from 'csv-parse/sync'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import fc from 'fast-check'
import ICAL from 'ical.js'
import { beforeAll, describe, expect, test } from 'vitest'
import { atomOf } from '#activities/feeds/atom.ts'
import { sheetOf } from '#activities/feeds/csv.ts'
import { featuresOf } from '#activities/feeds/geojson.ts'
import type { FeedEntry } from '#activities/feeds/entry.ts'
import { calendarOf, folded } from '#activities/feeds/ical.ts'
import { readFilter } from '#activities/filter.ts'
import { feedEntry, feedPage, wholeFeed } from '#activities/server/reads/feeds.ts'
import { listActivities } from '#activities/server/reads/list.ts'
import { askedWeek } from '#activities/server/reads/week.ts'
import { anybody } from '#kernel/viewer.ts'
import { testDatabase } from '../../../test/db.ts'
import { makeActivity } from '../../../test/make.ts'
import { makeVillage } from '../../../test/village.ts'

const db = await testDatabase()
const now = new Date('2027-10-01T12:00:00Z')
const head = {
  site: 'https://week.example',
  title: 'What is on, with a comma; and more',
  page: 'https://week.example/activities',
  language: 'en' as const,
}
const nasty = 'Bring & share; "tea", \\ cake <b>ü</b>\nand 👩‍🦽 a friend'

beforeAll(async () => {
  await makeVillage(db)
  await makeActivity(db, {
    slug: 'nasty',
    kind: 'visit',
    title:
      '=HYPERLINK("http://evil.example","press") 👩‍🦽 Ünïcödé that is long enough to be folded more than once',
    summary: nasty,
    sequence: 3,
  })
})

const ask = async (query: string) => {
  const { filter } = readFilter(new URLSearchParams(query))
  return { filter, week: await askedWeek(db, anybody, filter.week, now) }
}
async function written(parts: AsyncIterable<string>): Promise<string> {
  let all = ''
  for await (const part of parts) all += part
  return all
}
const calendar = async (query: string, size = 500) =>
  written(calendarOf(wholeFeed(db, await ask(query), now, size), head))
const eventsOf = (words: string) =>
  new ICAL.Component(ICAL.parse(words)).getAllSubcomponents('vevent').map((one) => new ICAL.Event(one))
const sheet = async (query: string) => written(sheetOf(wholeFeed(db, await ask(query), now), head))

describe('a calendar', () => {
  test('holds every date of everything that is listed, each with a name of its own', async () => {
    const events = eventsOf(await calendar(''))
    const { activities } = await listActivities(db, await ask('limit=100'), now)
    expect(events).toHaveLength(activities.reduce((sum, one) => sum + Math.max(1, one.occurrences.length), 0))
    expect(new Set(events.map((event) => event.uid)).size).toBe(events.length)
  })

  test('is the same whatever the size of its parts', async () => {
    expect(await calendar('', 2)).toBe(await calendar(''))
    expect(await calendar('from=2027-10-18', 2)).toBe(await calendar('from=2027-10-18'))
  })

  test('says what an activity says', async () => {
    const [event] = eventsOf(await calendar('kind=visit'))
    const { id } = await db
      .selectFrom('activities')
      .select('id')
      .where('slug', '=', 'nasty')
      .executeTakeFirstOrThrow()
    expect(event?.uid).toBe(`${id}@week.example`)
    expect(event?.summary).toContain('👩‍🦽 Ünïcödé that is long enough to be folded more than once')
    expect(event?.description).toBe(`${nasty}\n\nhttps://week.example/activities/nasty`)
    expect(event?.sequence).toBe(3)
    expect(event?.startDate.toJSDate().toISOString()).toBe('2027-10-19T09:00:00.000Z')
    expect(event?.endDate.toJSDate().toISOString()).toBe('2027-10-19T11:00:00.000Z')
    expect(event?.location).toBe('Community Centre, Leeds, United Kingdom')
    expect(event?.component.getFirstPropertyValue('url')).toBe('https://week.example/activities/nasty')
  })

  test('gives "some time this week" all seven days and keeps nobody busy', async () => {
    const [event] = eventsOf(await calendar('kind=letter'))
    expect(event?.startDate.isDate).toBe(true)
    expect([event?.startDate.toString(), event?.endDate.toString()]).toEqual(['2027-10-18', '2027-10-25'])
    expect(event?.component.getFirstPropertyValue('transp')).toBe('TRANSPARENT')
  })

  test('says what is cancelled, of one date too', async () => {
    const status = (query: string) =>
      calendar(query).then((words) =>
        eventsOf(words).map((event) => event.component.getFirstPropertyValue('status')),
      )
    expect(await status('kind=cafe&country=GB')).toEqual(['CONFIRMED', 'CANCELLED'])
    expect(await status('kind=group-meeting')).toEqual(['CONFIRMED', 'CANCELLED', 'CONFIRMED', 'CONFIRMED'])
  })

  test('keeps the name of a date that was moved', async () => {
    const events = eventsOf(await calendar('kind=group-meeting'))
    expect(events.map((event) => [event.uid.slice(37, 47), event.startDate.toString().slice(0, 10)])).toEqual(
      [
        ['2027-10-19', '2027-10-19'],
        ['2027-10-26', '2027-10-26'],
        ['2027-11-02', '2027-11-03'],
        ['2027-11-09', '2027-11-09'],
      ],
    )
  })

  test('is one without anything in it, too', async () => {
    const words = await calendar('country=SE')
    expect(eventsOf(words)).toEqual([])
    expect(new ICAL.Component(ICAL.parse(words)).getAllSubcomponents()).toHaveLength(1)
  })

  test('ends its lines as it must and breaks none inside a letter', async () => {
    const lines = (await calendar('')).split('\r\n')
    expect(lines.filter((line) => Buffer.byteLength(line) > 75 || /[\r\n]/.test(line))).toEqual([])
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (words) => {
        const parts = folded(words).split('\r\n ')
        expect(parts.join('')).toBe(words)
        expect(parts.every((part) => part.isWellFormed() && Buffer.byteLength(part) <= 75)).toBe(true)
      }),
    )
  })

  test('of one activity is there for whoever has the address, and for nobody when it is not to be read', async () => {
    expect((await feedEntry(db, 'not-waiting', now))?.view.slug).toBe('not-waiting')
    expect((await feedEntry(db, 'called-off-unread', now))?.view.status).toBe('cancelled')
    for (const state of ['unverified', 'declined', 'withdrawn']) {
      expect(await feedEntry(db, `not-${state}`, now)).toBeNull()
    }
    expect(await feedEntry(db, 'never-was', now)).toBeNull()
  })
})

describe('a spreadsheet', () => {
  const rows = async (query: string) =>
    parseSheet<Record<string, string>>(await sheet(query), { columns: true, bom: true })

  test('has one line for each activity, in the order of the list', async () => {
    const { activities } = await listActivities(db, await ask('limit=100'), now)
    expect((await rows('')).map((row) => row['slug'])).toEqual(activities.map(({ slug }) => slug))
  })

  test('never holds a formula', async () => {
    const [row] = await rows('kind=visit')
    expect(row?.['title']).toMatch(/^'=HYPERLINK\("http/)
    expect(row?.['summary']).toBe(nasty)
    expect(row?.['lon']).toBe('-1.55')
  })

  test('says when in days and clocks', async () => {
    const [row] = await rows('kind=group-meeting')
    expect(row).toMatchObject({
      start: '2027-10-19T10:00',
      zone: 'Europe/London',
      start_utc: '2027-10-19T09:00:00Z',
    })
    expect(row?.['dates']).toBe('2027-10-19T10:00 2027-11-03T10:00 2027-11-09T10:00')
  })

  test('is its first line when there is nothing', async () => {
    expect(await rows('country=SE')).toEqual([])
    expect(await sheet('country=SE')).toMatch(/^\uFEFFslug,title,.*,ics\r\n$/)
  })
})

describe('a news feed', () => {
  const links = {
    self: 'https://week.example/activities.atom?kind=cafe&page=2',
    next: 'https://week.example/n?a=1&b=2',
    previous: null,
  }
  const since = new Date('2027-01-10T09:00:00Z')
  const read = (entries: FeedEntry[]) => {
    const words = atomOf(entries, head, links, since)
    expect(XMLValidator.validate(words)).toBe(true)
    return new XMLParser({
      ignoreAttributes: false,
      isArray: (name) => name === 'entry' || name === 'link',
    }).parse(words).feed
  }

  test('has an entry for each activity that leads back to its page', async () => {
    const entries = await feedPage(db, await ask('kind=visit'), now)
    const feed = read(entries)
    expect(feed.entry).toHaveLength(1)
    expect(feed.entry[0].id).toBe(`urn:uuid:${entries[0]?.id}`)
    expect(feed.entry[0].link[0]['@_href']).toBe('https://week.example/activities/nasty')
    expect(feed.entry[0].summary).toContain(nasty.slice(0, 30))
    expect(feed.entry[0].updated).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    expect(feed.link.map((link: Record<string, string>) => link['@_rel'])).toEqual([
      'self',
      'alternate',
      'next',
    ])
    expect(feed.link[2]['@_href']).toBe('https://week.example/n?a=1&b=2')
  })

  test('is one without anything in it, too', () => {
    const feed = read([])
    expect(feed.entry).toBeUndefined()
    expect(feed.updated).toBe('2027-01-10T09:00:00Z')
    expect(feed.id).not.toBe('')
    expect(feed.author.name).not.toBe('')
  })

  test('has what was listed last on its first page, however late it starts', async () => {
    await makeActivity(db, {
      slug: 'newest',
      startLocal: '2027-11-20T10:00',
      published: '2027-09-30T10:00:00Z',
    })
    const [first] = await feedPage(db, await ask('limit=1'), now)
    await db.deleteFrom('activities').where('slug', '=', 'newest').execute()
    expect(first?.view.slug).toBe('newest')
    expect(read(first ? [first] : []).entry[0].published).toBe('2027-09-30T10:00:00Z')
  })

  test('has pages that hold what the list does', async () => {
    const pages = await Promise.all(
      [1, 2, 3].map(async (page) => feedPage(db, await ask(`limit=4&page=${page}`), now)),
    )
    const { activities } = await listActivities(db, await ask('limit=100'), now)
    expect(new Set(pages.flat().map((entry) => entry.view.slug))).toEqual(
      new Set(activities.map(({ slug }) => slug)),
    )
    expect(pages.flat()).toHaveLength(activities.length)
  })
})

describe('map data', () => {
  const collection = async (query: string) => {
    let words = ''
    for await (const part of featuresOf(wholeFeed(db, await ask(query), now, 3), head)) words += part
    return JSON.parse(words) as {
      type: string
      features: { geometry: { coordinates: number[] } | null; properties: Record<string, unknown> }[]
    }
  }

  test('has every activity as a feature, with a point where there is one', async () => {
    const { features } = await collection('')
    const { activities } = await listActivities(db, await ask('limit=100'), now)
    expect(features.map(({ properties }) => properties['slug'])).toEqual(activities.map(({ slug }) => slug))
    expect(features.map(({ geometry }) => geometry?.coordinates ?? null)).toEqual(
      activities.map(({ place }) => (place && place.lat !== null ? [place.lon, place.lat] : null)),
    )
    expect(features.some(({ geometry }) => geometry === null)).toBe(true)
  })

  test('is a collection when there is nothing', async () => {
    expect(await collection('country=SE')).toEqual({ type: 'FeatureCollection', features: [] })
  })
})

test('no feed gives away a private place', async () => {
  const all = [
    await calendar('kind=taster'),
    await sheet('kind=taster'),
    (await Array.fromAsync(featuresOf(wholeFeed(db, await ask('kind=taster'), now), head))).join(''),
    JSON.stringify(await feedPage(db, await ask('kind=taster'), now)),
  ]
  for (const words of all) {
    expect(words).toMatch(/night-shift/)
    expect(words).not.toMatch(/Fernhollow|Secret|53\.79518|1\.55435/)
  }
})
