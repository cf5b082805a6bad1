import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Db } from '#platform/server/db.ts'
import { clusterOf } from '#platform/server/postgres/place.ts'
import { readPidFile } from '#platform/server/postgres/postmaster.ts'
import { type App, childrenOf, commandOf, removeDataFolder, startApp, until } from '../app.ts'
import { type Acknowledged, capacity, crowdAt, makeThings, type Things } from '../crowd.ts'
import { databaseOf, filledDataFolder, giveRole, type Mail, mailsTo, signInAs } from '../site.ts'

const dataDir = filledDataFolder()
const seed = 20271018
const reviewer = 'reviewer@people.org'
let app: App
let things: Things
let cookie = ''
let over = false

beforeAll(async () => {
  app = await start()
  const db = databaseOf({ dataDir })
  things = await makeThings(db)
  await giveRole(db, reviewer, 'reviewer')
  await db.destroy()
  cookie = await signInAs({ address: app.address, dataDir }, reviewer)
})
afterAll(async () => {
  over = true
  await app.stop()
  removeDataFolder(dataDir)
})

const start = () => startApp({ DATA_DIR: dataDir, TRUSTED_PROXIES: '127.0.0.1', LOG: 'silent' })

/** The same row of numbers between 0 and 1 every time (mulberry32). */
function seeded(state: number): () => number {
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

const kills: Record<'web' | 'worker' | 'database', () => Promise<void>> = {
  web: async () => {
    await app.kill()
    app = await start()
  },
  worker: async () => {
    const worker = childrenOf(app.pid).find((pid) => commandOf(pid).includes('worker.ts'))
    if (worker) process.kill(worker, 'SIGKILL')
  },
  database: async () => {
    const pid = readPidFile(clusterOf(dataDir))?.pid
    if (pid) process.kill(pid, 'SIGKILL')
  },
}

test(
  'nothing that was acknowledged is lost, however often web, worker and database are killed',
  { timeout: 300_000 },
  async () => {
    const address = () => app.address
    const { busy, yes } = crowdAt({ dataDir, address, cookie, things, over: () => over })
    const random = seeded(seed)
    const order = (['worker', 'database', 'web', 'database', 'worker', 'web'] as const)
      .map((name) => ({ name, at: random() }))
      .toSorted((one, two) => one.at - two.at)
    for (const { name } of order) {
      await sleep(1000 + random() * 2500)
      await kills[name]()
    }
    const enough = () => Object.values(yes).every((all) => all.size > capacity)
    await until('everything was done often enough', enough, 120)
    over = true
    await busy

    const db = databaseOf({ dataDir })
    await until('every mail that is owed has left', () => nothingWaits(db), 60)
    await check(db, yes)
    await db.destroy()
  },
)

const nothingWaits = async (db: Db) =>
  (await db.selectFrom('mails').select('id').where('state', '=', 'waiting').executeTakeFirst()) === undefined

async function check(db: Db, yes: Acknowledged) {
  console.log(
    'Acknowledged:',
    Object.entries(yes)
      .map(([name, all]) => `${all.size} ${name}`)
      .join(', '),
  )
  await checkPeople(db, yes)
  await checkActivities(db, yes)
  await checkStories(db, yes)
  await checkConcerns(db, yes)
}

const mailsAbout = async (pattern: RegExp) =>
  (await mailsTo({ dataDir })).filter(({ subject }) => pattern.test(subject)).map(({ to }: Mail) => to)

async function checkPeople(db: Db, { said, came, confirmed }: Acknowledged) {
  const hosts = await db
    .selectFrom('hosts')
    .select('email')
    .where('email', 'like', 'host%@people.org')
    .execute()
  const guests = await db
    .selectFrom('rsvps')
    .select(['email', 'state', 'seats'])
    .where('email', 'like', 'guest%@people.org')
    .execute()
  expect(lost(said, hosts.map(emailOf))).toEqual([])
  expect(lost(came, guests.map(emailOf))).toEqual([])
  expect(twice(hosts.map(emailOf))).toEqual([])
  expect(twice(guests.map(emailOf))).toEqual([])

  const settled = guests.filter(({ state }) => state === 'going' || state === 'waiting')
  expect(lost(confirmed, settled.map(emailOf))).toEqual([])
  const given = guests.filter(({ state }) => state === 'going').reduce((sum, guest) => sum + guest.seats, 0)
  expect(given).toBe(capacity)

  const first = await mailsAbout(/^Please confirm|once more/)
  expect(lost(said, first)).toEqual([])
  expect(lost(came, first)).toEqual([])
  expect(twice(first)).toEqual([])
  expect(
    lost(confirmed, await mailsAbout(/^You are coming|^You are on the waiting list|^There is a seat/)),
  ).toEqual([])
  expect(twice(await mailsAbout(/^You are coming/))).toEqual([])
  expect(twice(await mailsAbout(/^You are on the waiting list/))).toEqual([])
}

async function checkActivities(db: Db, { published, changed, reported }: Acknowledged) {
  const rows = await db.selectFrom('activities').select(['id', 'slug', 'state', 'title']).execute()
  const listed = rows.filter(({ state }) => state === 'published').map(({ slug }) => slug)
  expect(lost(published, listed)).toEqual([])
  // Each has a host of its own, who is told once.
  const told = await mailsAbout(/^It is on the list: Waits/)
  expect(twice(told)).toEqual([])
  expect(told.length).toBeGreaterThanOrEqual(published.size)

  const changes = await db
    .selectFrom('activityChanges')
    .innerJoin('activities', 'activities.id', 'activityChanges.activity')
    .select(['activities.slug', 'diff'])
    .where('activities.title', 'like', 'Changes %')
    .execute()
  const titles = changes.flatMap(({ slug, diff }) => {
    const [, now = ''] = (diff as { title?: [string, string] }).title ?? []
    return [now.replace('Changes', slug)]
  })
  expect(lost(changed, titles)).toEqual([])
  expect(twice(titles)).toEqual([])

  const reports = await db
    .selectFrom('attendanceReports')
    .innerJoin('hosts', 'hosts.activity', 'attendanceReports.activity')
    .select(['hosts.email', 'came'])
    .execute()
  const cameTo = new Map(reports.map((row) => [row.email, row.came]))
  expect([...reported].filter(([email, number]) => cameTo.get(email) !== number)).toEqual([])
}

async function checkStories(db: Db, { told, sent }: Acknowledged) {
  const stories = await db
    .selectFrom('stories')
    .select(['email', 'state'])
    .where('email', 'like', 'teller%@people.org')
    .execute()
  expect(lost(told, stories.map(emailOf))).toEqual([])
  expect(twice(stories.map(emailOf))).toEqual([])
  expect(lost(sent, stories.filter(({ state }) => state === 'waiting').map(emailOf))).toEqual([])
  const asked = await mailsAbout(/^Is this your story/)
  expect(lost(told, asked)).toEqual([])
  expect(twice(asked)).toEqual([])
}

async function checkConcerns(db: Db, { worried }: Acknowledged) {
  const concerns = await db
    .selectFrom('concerns')
    .select('email')
    .where('email', 'like', 'worried%@people.org')
    .execute()
  expect(lost(worried, concerns.map(emailOf))).toEqual([])
  expect(twice(concerns.map(emailOf))).toEqual([])
}

const emailOf = ({ email }: { email: string | null }): string => email ?? ''
const lost = (wanted: Set<string>, there: string[]): string[] =>
  [...wanted].filter((one) => !there.includes(one))
const twice = (all: string[]): string[] => all.filter((one, at) => all.indexOf(one) !== at)
