import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Db } from '#platform/server/db.ts'
import { clusterOf } from '#platform/server/postgres/place.ts'
import { readPidFile } from '#platform/server/postgres/postmaster.ts'
import { type App, childrenOf, commandOf, makeDataFolder, removeDataFolder, startApp, until } from '../app.ts'
import { filled, formsIn } from '../forms.ts'
import { makeActivity } from '../make.ts'
import { databaseOf, linkIn, type Mail, mailsTo, send } from '../site.ts'

const dataDir = makeDataFolder()
const capacity = 6
const seed = 20271018
let app: App
let slug = ''
let over = false

/** What the site has said yes to, which therefore must be there for ever after. */
const acknowledged = { said: new Set<string>(), came: new Set<string>(), confirmed: new Set<string>() }

beforeAll(async () => {
  app = await start()
  const db = databaseOf({ dataDir })
  slug = (await makeActivity(db, { title: 'Six chairs', capacity })).slug
  await db.destroy()
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

/** Presses the same form again and again, as a person does whose page did not come, until it is taken. */
async function pressUntilTaken(path: string, fields: Record<string, string>): Promise<boolean> {
  while (!over) {
    const answer = await send(app, path, fields, {}).catch(() => undefined)
    if (answer?.status === 303) return true
    if (answer && answer.status < 500)
      throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
    await sleep(150)
  }
  return false
}

async function sayThings() {
  for (let number = 0; !over; number++) {
    const email = `host${number}@people.org`
    const fields = { ...form, email, formKey: crypto.randomUUID(), title: `Said ${number}` }
    if (await pressUntilTaken('/activities/new', fields)) acknowledged.said.add(email)
  }
}

let form: Record<string, string> = {}
async function readForm() {
  const page = await (await fetch(`${app.address}/activities/new`)).text()
  const [found] = formsIn('/activities/new', page)
  if (!found) throw new Error('There is no form to say it')
  form = filled(found, { kind: 'taster', when: 'week', where: 'online' }) as Record<string, string>
}

async function comeAlong() {
  for (let number = 0; !over; number++) {
    const email = `guest${number}@people.org`
    const fields = { email, seats: '1', formKey: crypto.randomUUID() }
    if (await pressUntilTaken(`/activities/${slug}/come`, fields)) acknowledged.came.add(email)
    await sleep(100)
  }
}

async function confirmSeats() {
  while (!over) {
    const mails = (await mailsTo({ dataDir })).filter(
      ({ to, subject }) => to.startsWith('guest') && /once more/.test(subject),
    )
    for (const mail of mails.filter(({ to }) => !acknowledged.confirmed.has(to))) {
      const { pathname } = new URL(linkIn(mail, '/come/'))
      if (await pressUntilTaken(`${pathname}?/confirm`, {})) acknowledged.confirmed.add(mail.to)
    }
    await sleep(100)
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

test('nothing that was acknowledged is lost, however often web, worker and database are killed', async () => {
  await readForm()
  const work = Promise.all([sayThings(), comeAlong(), confirmSeats()])
  const random = seeded(seed)
  const order = (['worker', 'database', 'web', 'database', 'worker', 'web'] as const)
    .map((name) => ({ name, at: random() }))
    .toSorted((one, two) => one.at - two.at)
  for (const { name } of order) {
    await sleep(2500 + random() * 4000)
    await kills[name]()
  }
  await sleep(3000)
  over = true
  await work

  const db = databaseOf({ dataDir })
  await until('every mail that is owed has left', () => nothingWaits(db), 60)
  await check(db)
  await db.destroy()
})

const nothingWaits = async (db: Db) =>
  (await db.selectFrom('mails').select('id').where('state', '=', 'waiting').executeTakeFirst()) === undefined

async function check(db: Db) {
  const { said, came, confirmed } = acknowledged
  console.log(`Acknowledged: ${said.size} said, ${came.size} came, ${confirmed.size} confirmed.`)
  expect(Math.min(said.size, came.size)).toBeGreaterThan(10)
  expect(confirmed.size).toBeGreaterThan(capacity)

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
  expect(lost(said, hosts)).toEqual([])
  expect(lost(came, guests)).toEqual([])
  expect(twice(hosts)).toEqual([])
  expect(twice(guests)).toEqual([])

  const settled = guests.filter(({ state }) => state === 'going' || state === 'waiting')
  expect(lost(confirmed, settled)).toEqual([])
  const given = guests.filter(({ state }) => state === 'going').reduce((sum, guest) => sum + guest.seats, 0)
  expect(given).toBe(capacity)

  const mails = await mailsTo({ dataDir })
  const about = (pattern: RegExp) =>
    mails.filter(({ subject }) => pattern.test(subject)).map(({ to }: Mail) => ({ email: to }))
  const first = about(/Please confirm|once more/)
  expect(lost(said, first)).toEqual([])
  expect(lost(came, first)).toEqual([])
  expect(twice(first)).toEqual([])
  const answered = about(/^You are coming|^You are on the waiting list|^There is a seat/)
  expect(lost(confirmed, answered)).toEqual([])
  expect(twice(about(/^You are coming/))).toEqual([])
  expect(twice(about(/^You are on the waiting list/))).toEqual([])
}

type Row = { email: string | null }
const lost = (wanted: Set<string>, rows: Row[]): string[] => {
  const there = new Set(rows.map(({ email }) => email))
  return [...wanted].filter((email) => !there.has(email))
}
const twice = (rows: Row[]): (string | null)[] =>
  rows.map(({ email }) => email).filter((email, at, all) => all.indexOf(email) !== at)
