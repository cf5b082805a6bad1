import pg from 'pg'
import { load, loadAtRate } from './load.ts'
import { ms, withWeb, wrong, type Row, type Site } from './rows.ts'

const seat = (address: string, n: number) => ({
  url: `${address}/activities/activity-${1 + (n % 500)}/come`,
  method: 'POST' as const,
  headers: {
    'content-type': 'application/x-www-form-urlencoded',
    origin: address,
    'x-forwarded-for': `10.${n % 250}.${Math.floor(n / 250) % 250}.7`,
  },
  body: new URLSearchParams({
    email: `guest${n}@example.org`,
    name: 'Guest',
    seats: '1',
    formKey: `b${n}`,
  }).toString(),
})
const answered = (status: number): boolean => status === 303 || status === 200

/** RSVPs through the whole server, eight at once, beside plain inserts of the same run, each durable. */
export const writingRow = (site: Site): Promise<Row> =>
  withWeb(site, {}, async (address) => {
    const count = 400
    const result = await load((n) => seat(address, n), { count, atOnce: 8, good: answered })
    const ours = count / result.seconds
    const theirs = await insertsPerSecond(site.url)
    return {
      what: `${site.size.name}: RSVP, durable, 8 at once`,
      we: `${(ours / theirs).toFixed(2)} × inserts (${Math.round(ours)}/s beside ${Math.round(theirs)}/s)${wrong(result)}`,
      bar: '≥ 0.25 × inserts',
      holds: ours / theirs >= 0.25 && result.wrong === 0,
    }
  })

async function insertsPerSecond(url: string): Promise<number> {
  const pool = new pg.Pool({ connectionString: url, max: 8 })
  // The server is stopped right after; a connection that hears of it while it closes has nobody left to tell.
  pool.on('connect', (client) => client.on('error', () => undefined))
  await pool.query(
    'create table if not exists bench_inserts (id bigint generated always as identity primary key, words text)',
  )
  let left = 2000
  const began = performance.now()
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      while (left-- > 0) await pool.query('insert into bench_inserts (words) values ($1)', ['x'.repeat(200)])
    }),
  )
  const seconds = (performance.now() - began) / 1000
  await pool.end()
  return 2000 / seconds
}

/** What people ask for at once on a busy Monday: mostly reading, one in forty a place of their own. */
const mix = [
  ...Array.from({ length: 14 }, () => '/'),
  ...Array.from({ length: 8 }, () => '/activities'),
  ...Array.from({ length: 5 }, () => '/stories'),
  '/activities?q=community&limit=20',
  '/activities?country=GB&view=map',
  '/activities.geojson?bbox=-12,48,4,60&zoom=4',
  '/activities.json?limit=20',
]
const single = ['activities/activity-', 'activities/activity-', 'stories/story-', 'stories/story-']

/** Two hundred askings a second, as visitors are served, for so many seconds: the slowest in a hundred, and whether any went wrong. */
export const mixedRow = (site: Site, seconds: number): Promise<Row> =>
  withWeb(site, { CACHE: 'on' }, async (address) => {
    const ask = (n: number) => {
      if (n % 40 === 7) return seat(address, 100_000 + n)
      const one = single[n % 8]
      const path = one !== undefined ? `/${one}${1 + ((n * 7919) % 900)}` : (mix[n % mix.length] ?? '/')
      return { url: address + path, headers: { 'accept-encoding': 'gzip' } }
    }
    await load(ask, { count: 400, atOnce: 4, good: answered })
    const result = await loadAtRate((n) => ask(n + 1000), { perSecond: 200, seconds, good: answered })
    return {
      what: `${site.size.name}: mixed, 200/s for ${seconds} s`,
      we: `p99 ${ms(result.p99)} ms, p50 ${ms(result.p50)}${wrong(result)}`,
      bar: 'p99 ≤ 250 ms',
      holds: result.p99 <= 250 && result.wrong === 0,
    }
  })
