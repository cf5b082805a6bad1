import pg from 'pg'
import { gzipSync } from 'node:zlib'
import type { Size } from './data.ts'
import { flood } from './flood.ts'
import { load, type Load } from './load.ts'
import { cpuOf, memoryOf, parentOf, startChild, startWorker } from './processes.ts'

export type Row = { what: string; we: string; bar: string; holds: boolean; cost?: number }
export type Site = { url: string; size: Size }

/** The address of a program of this folder. */
export const here = (file: string): string => new URL(file, import.meta.url).pathname
export const ms = (value: number): string => (value < 10 ? value.toFixed(2) : value.toFixed(0))

/** Runs something with a web process of its own; answers what CPU the web and the database used meanwhile, in seconds. */
export async function withWeb<Result>(
  site: Site,
  env: NodeJS.ProcessEnv,
  work: (address: string, cpu: () => Promise<number>) => Promise<Result>,
): Promise<Result> {
  const { child, port } = await startChild(here('web-server.ts'), {
    DATABASE_URL: site.url,
    TRUSTED_PROXIES: '127.0.0.1',
    LOG: 'error',
    ...env,
  })
  const postmaster = await postmasterOf(site.url)
  try {
    return await work(`http://127.0.0.1:${port}`, async () => cpuOf([child.pid ?? 0, postmaster]))
  } finally {
    child.kill('SIGKILL')
  }
}

async function postmasterOf(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
    return parentOf(rows[0]?.pid ?? 0)
  } finally {
    await client.end()
  }
}

type Reading = { what: string; path: string; bar: number; unit: 'cpu'; count: number }
const readings: Reading[] = [
  { what: 'HOME, no cache', path: '/', bar: 4, unit: 'cpu', count: 1000 },
  { what: 'WALL of 20 stories, no cache', path: '/stories', bar: 4, unit: 'cpu', count: 1000 },
  { what: 'STORY with 20 replies', path: '/stories/story-7', bar: 4, unit: 'cpu', count: 1000 },
  {
    what: 'SEARCH "community", 20 answers',
    path: '/activities?q=community&limit=20',
    bar: 6,
    unit: 'cpu',
    count: 1000,
  },
  { what: '20 activities as JSON', path: '/activities.json?limit=20', bar: 2, unit: 'cpu', count: 1000 },
]

/** CPU of the whole server per answer, without the cache; the calendar of everything; the map. Of a larger data set each costs at most twice what it cost in the rows of the small one. */
export const readingRows = (site: Site, small: readonly Row[] = []): Promise<Row[]> =>
  withWeb(site, { CACHE: 'off' }, async (address, cpu) => {
    const rows: Row[] = []
    for (const reading of readings) {
      // A server that has just started compiles more than it answers: for the first thousand answers or so.
      await load(() => ({ url: address + reading.path }), { count: 1000, atOnce: 4 })
      const used = await cpu()
      const result = await load(
        () => ({ url: address + reading.path, headers: { 'accept-encoding': 'gzip' } }),
        {
          count: reading.count,
          atOnce: 4,
        },
      )
      const each = (((await cpu()) - used) * 1000) / result.count
      const before = small.find((row) => row.what.endsWith(`: ${reading.what}`))?.cost
      const bar = before === undefined ? reading.bar : 2 * before
      rows.push({
        what: `${site.size.name}: ${reading.what}`,
        we: `${ms(each)} CPU-ms, p50 ${ms(result.p50)} ms${wrong(result)}`,
        bar: before === undefined ? `≤ ${bar} CPU-ms` : `≤ ${ms(bar)}, twice Village`,
        holds: each <= bar && result.wrong === 0,
        cost: each,
      })
    }
    return [...rows, await calendarRow(site, address), ...(await mapRows(site, address))]
  })

export const wrong = (result: Load): string => (result.wrong > 0 ? `, ${result.wrong} WRONG` : '')

async function calendarRow(site: Site, address: string): Promise<Row> {
  // 10,000 activities: of the large set the part of some countries would vary, so the time is scaled to 10,000.
  const result = await load(() => ({ url: `${address}/activities.ics` }), { count: 3, atOnce: 1 })
  const scaled = (result.p50 / site.size.activities) * 10_000
  return {
    what: `${site.size.name}: iCalendar, per 10,000`,
    we: `${ms(scaled)} ms (${ms(result.p50)} for ${site.size.activities})${wrong(result)}`,
    bar: '≤ 500 ms',
    holds: scaled <= 500 && result.wrong === 0,
  }
}

async function mapRows(site: Site, address: string): Promise<Row[]> {
  const boxes = [
    '-180,-85,180,85&zoom=0',
    '-12,48,4,60&zoom=4',
    '-2,53,-1,54&zoom=9',
    '170,-50,-170,-30&zoom=4',
  ]
  const result = await load(
    (n) => ({ url: `${address}/activities.geojson?bbox=${boxes[n % boxes.length]}` }),
    {
      count: 200,
      atOnce: 4,
    },
  )
  const sizes = await Promise.all(
    boxes.map(
      async (box) => (await (await fetch(`${address}/activities.geojson?bbox=${box}`)).text()).length,
    ),
  )
  const page = (await (await fetch(`${address}/activities?view=map`)).text()).length
  const largest = Math.max(...sizes, page)
  return [
    {
      what: `${site.size.name}: any map view, bytes`,
      we: `${Math.round(largest / 1000)} kB (page ${Math.round(page / 1000)} kB)`,
      bar: '≤ 100 kB',
      holds: largest <= 100_000 && result.wrong === 0,
    },
    {
      what: `${site.size.name}: any map view, p99`,
      we: `${ms(result.p99)} ms, p50 ${ms(result.p50)}${wrong(result)}`,
      bar: '≤ 100 ms (at World)',
      holds: result.p99 <= 100 && result.wrong === 0,
    },
  ]
}

/** The home page as served to visitors, beside plain Node sending a ready buffer: answers per second and CPU per answer. */
export const cachedRows = (site: Site): Promise<Row[]> =>
  withWeb(site, { CACHE: 'on' }, async (address) => {
    const limit = await startChild(here('limit-server.ts'))
    const web = { url: `${address}/`, connections: 32, seconds: 5, headers: { 'accept-encoding': 'gzip' } }
    const plain = { ...web, url: `http://127.0.0.1:${limit.port}/` }
    await flood({ ...web, seconds: 1 })
    await flood({ ...plain, seconds: 1 })
    const ratios: number[] = []
    let last = { ours: 0, theirs: 0 }
    for (let round = 0; round < 3; round += 1) {
      last = { ours: await flood(web), theirs: await flood(plain) }
      ratios.push(last.ours / last.theirs)
    }
    limit.child.kill('SIGKILL')
    const ratio = ratios.toSorted((a, b) => a - b)[1] ?? 0
    return [
      {
        what: `${site.size.name}: HOME as served, kept page`,
        we: `${ratio.toFixed(2)} × Node (${Math.round(last.ours)}/s beside ${Math.round(last.theirs)}/s)`,
        bar: '≥ 0.7 × Node',
        holds: ratio >= 0.7,
      },
    ]
  })

/** JavaScript that reading pages load before anything is touched. */
export const scriptRow = (site: Site): Promise<Row> =>
  withWeb(site, {}, async (address) => {
    const sizes = await Promise.all(
      ['/', '/stories', '/stories/story-7', '/activities', '/activities/activity-7'].map(async (path) => {
        const html = await (await fetch(address + path)).text()
        const scripts = [...html.matchAll(/<script[^>]*\ssrc="([^"]+)"/g)].map((found) => found[1] ?? '')
        const bytes = await Promise.all(
          scripts.map(async (script) => {
            const answer = await fetch(new URL(script, address + path))
            return gzipSync(Buffer.from(await answer.arrayBuffer())).length
          }),
        )
        return bytes.reduce((sum, size) => sum + size, 0)
      }),
    )
    const most = Math.max(...sizes)
    return {
      what: `${site.size.name}: JavaScript on a reading page`,
      we: `${(most / 1000).toFixed(1)} kB (gzip)`,
      bar: '≤ 15 kB',
      holds: most <= 15_000,
    }
  })

/** Memory of all processes after they have answered and rested. */
export async function idleMemory(site: Site): Promise<Row> {
  return withWeb(site, {}, async (address) => {
    const worker = await startWorker({ DATABASE_URL: site.url, LOG: 'error' })
    await load(() => ({ url: `${address}/activities` }), { count: 50, atOnce: 4 })
    await new Promise((done) => setTimeout(done, 5000))
    const web = Number(await portOwner(address))
    const memory = memoryOf([web, worker.child.pid ?? 0, await postmasterOf(site.url)])
    worker.child.kill('SIGKILL')
    return {
      what: `${site.size.name}: memory, idle, all processes`,
      we: `${memory.total} MB (${memory.parts})`,
      bar: '≤ 350 MB',
      holds: memory.total <= 350,
    }
  })
}

async function portOwner(address: string): Promise<string> {
  const metrics = await (await fetch(`${address}/metrics`)).text()
  return /^abe_process_id (\d+)$/m.exec(metrics)?.[1] ?? '0'
}
