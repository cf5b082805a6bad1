import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ledgerPath } from '#consent/server/ledger-file.ts'
import { ledgerPosition } from '#consent/server/ledger.ts'
import { takeDown } from '#consent/server/writes/taking-down.ts'
import { anybody } from '#kernel/viewer.ts'
import { staleSeconds } from '#kernel/limits.ts'
import { urlOf, type Db } from '#platform/server/db.ts'
import { clusterOf } from '#platform/server/postgres/place.ts'
import { readPidFile } from '#platform/server/postgres/postmaster.ts'
import { type App, removeDataFolder, startApp, until } from '../app.ts'
import { keepBackup } from '../consent/backup.ts'
import { type Shown, showStory } from '../consent/shown.ts'
import { stageFor, type Stage } from '../consent/stage.ts'
import { makeActivity, makeStory } from '../make.ts'
import { databaseOf, filledDataFolder, giveRole, send, signInAs } from '../site.ts'

const dataDir = filledDataFolder()
const organiser = 'organiser@people.org'
let app: App
let other: App
let db: Db
let stage: Stage | undefined
let cookie = ''

const host = () => readPidFile(clusterOf(dataDir))?.socket ?? ''
const start = async () => {
  app = await startApp({ DATA_DIR: dataDir, TRUSTED_PROXIES: '127.0.0.1' })
  const DATABASE_URL = urlOf({ host: host(), user: 'abitextra', database: 'abitextra' })
  other = await startApp({ DATA_DIR: dataDir, DATABASE_URL, ROLE: 'web', TRUSTED_PROXIES: '127.0.0.1' })
  db = databaseOf({ dataDir })
  stage = stage ? { ...stage, db } : await stageFor(db)
}
const stop = async () => {
  await db.destroy()
  await Promise.all([other.kill(), app.kill()])
}

beforeAll(async () => {
  // What is written here is written as the site itself would.
  process.env['DATA_DIR'] = dataDir
  await start()
  await giveRole(db, organiser, 'organiser')
  cookie = await signInAs({ address: app.address, dataDir }, organiser)
})
afterAll(async () => {
  await db.destroy()
  await Promise.all([other.stop(), app.stop()])
  removeDataFolder(dataDir)
})

const shown = async (): Promise<Shown> => {
  if (!stage) throw new Error('Nothing has been started')
  return showStory({ db, dataDir, stage })
}

/** Every address at which a story, or a byte of its picture, is seen, in both web processes. */
const addressesOf = ({ slug, version, search }: Shown): string[] =>
  [app, other].flatMap(({ address }) => [
    `${address}/stories/${slug}`,
    `${address}/stories?week=2027&q=${search}`,
    `${address}/stories.atom?week=2027&q=${search}`,
    `${address}/stories.json?week=2027&q=${search}`,
    `${address}/media/${version}/640.jpg`,
  ])
async function seenAt(story: Shown, at = ''): Promise<string[]> {
  const addresses = addressesOf(story).filter((address) => address.startsWith(at))
  const found = await Promise.all(
    addresses.map(async (address) => {
      const answer = await fetch(address, { headers: { accept: '*/*' } })
      const words = await answer.text()
      const seen = answer.status === 200 && (address.includes('/media/') || words.includes(story.slug))
      return seen ? [address] : []
    }),
  )
  return found.flat()
}
/** What needs no permission: an activity and a story in words, as their pages and lists have them. */
async function plainThings() {
  const activity = await makeActivity(db, { title: 'Coffee and hums' })
  const story = await makeStory(db, { title: 'A bell in words', published: new Date() })
  const places: [path: string, words: string][] = [
    [`/activities/${activity.slug}`, 'Coffee and hums'],
    ['/activities?week=2027', activity.slug],
    ['/activities.ics?week=2027', activity.slug],
    ['/activities.json?week=2027', activity.slug],
    [`/stories/${story.slug}`, 'A bell in words'],
    ['/stories?week=2027', story.slug],
    ['/stories.json?week=2027', story.slug],
  ]
  const count = async (): Promise<number> => {
    const found = await Promise.all(places.map(async ([path, words]) => (await textOf(path)).includes(words)))
    return found.filter(Boolean).length
  }
  const are = (how: 'there' | 'away') =>
    until(
      `they are ${how}`,
      async () => (await count()) === (how === 'there' ? places.length : 0),
      staleSeconds / 2,
    )
  return { are, slug: activity.slug }
}
const textOf = async (path: string): Promise<string> => (await fetch(app.address + path)).text()
const isGone = (story: Shown) =>
  until('it is gone everywhere', async () => (await seenAt(story)).length === 0, staleSeconds / 2)
async function isThere(story: Shown): Promise<void> {
  let seen: string[] = []
  const all = async () => (seen = await seenAt(story)).length === addressesOf(story).length
  await until('it is there everywhere', all, staleSeconds / 2).catch((late: unknown) => {
    const missing = addressesOf(story).filter((one) => !seen.includes(one))
    throw new Error(`It is not at ${missing.join(', ')}`, { cause: late })
  })
}
const readiness = async () => {
  const answer = await fetch(`${app.address}/readyz`)
  return { status: answer.status, ...((await answer.json()) as object) }
}
const withdraw = ({ token }: Shown) =>
  send({ address: app.address }, `/consent/${token}?/withdraw`, { formKey: crypto.randomUUID() })

test('rules 9 and 10: a yes that is taken back at one web process is gone from every page, feed and byte of the other within a second', async () => {
  const [story, stays] = [await shown(), await shown()]
  await isThere(story)
  await isThere(stays)
  expect((await withdraw(story)).status).toBeLessThan(400)
  await until('the other has it no more', async () => (await seenAt(story, other.address)).length === 0, 1)
  await isGone(story)
  await isThere(stays)
  const picture = `${app.address}/media/${story.version}/640.jpg`
  const never = `${app.address}/media/11111111-2222-4333-8444-555555555555/640.jpg`
  for (const headers of [{}, { range: 'bytes=0-1' }, { 'if-none-match': `"${story.version}-640.jpg"` }]) {
    const [gone, nothing] = await Promise.all([fetch(picture, { headers }), fetch(never, { headers })])
    expect([gone.status, await gone.text()]).toEqual([404, await nothing.text()])
  }
})

test('rule 24: after a restore nothing is answered before what was withdrawn is in force, and it stays gone', async () => {
  const [story, stays] = [await shown(), await shown()]
  await isThere(story)
  const putBack = await keepBackup(db)
  await withdraw(story)
  await isGone(story)
  await putBack()
  await isGone(stays)
  await stop()
  await start()
  expect(await seenAt(story)).toEqual([])
  expect(await readiness()).toMatchObject({ status: 200, replayed: true, ledger: true })
  await isThere(stays)
})

test('a ledger that was damaged keeps everything hidden, also what needs no permission; an organiser sees so, and it comes back with the file', async () => {
  const story = await shown()
  await takeDown(db, anybody, { surface: (await shown()).id, own: false }, new Date())
  await isThere(story)
  const plain = await plainThings()
  await plain.are('there')
  const file = ledgerPath((await ledgerPosition(db)).ledger ?? '')
  const whole = readFileSync(file, 'utf8')
  await stop()
  writeFileSync(file, whole.replace('"own":false', '"own":true '))
  await start()
  expect(await seenAt(story)).toEqual([])
  await plain.are('away')
  for (const path of ['/', '/activities?week=2027', '/stories?week=2027', `/activities/${plain.slug}`]) {
    expect(await textOf(path)).toContain('We are checking something after a restore')
  }
  expect(await readiness()).toMatchObject({ status: 200, ledger: false })
  const desk = await fetch(`${app.address}/desk/ledger`, { headers: { cookie } })
  expect(await desk.text()).toContain('The file is damaged')
  writeFileSync(file, whole)
  const site = { address: app.address }
  expect((await send(site, '/desk/ledger?/again', {}, { cookie })).status).toBe(303)
  await isThere(story)
  await plain.are('there')
  expect(await readiness()).toMatchObject({ ledger: true })
})

test('a ledger that is lost keeps everything away until an organiser says how to go on; then each story with people waits', async () => {
  const story = await shown()
  await takeDown(db, anybody, { surface: (await shown()).id, own: false }, new Date())
  const plain = await plainThings()
  await isThere(story)
  await plain.are('there')
  rmSync(ledgerPath((await ledgerPosition(db)).ledger ?? ''))
  rmSync(join(dataDir, 'store', 'ledger'), { recursive: true, force: true })
  const site = { address: app.address }
  await send(site, '/desk/ledger?/again', {}, { cookie })
  await plain.are('away')
  await isGone(story)
  const decision = { how: 'one-by-one', reason: 'The disk broke' }
  expect((await send(site, '/desk/ledger?/open', decision, { cookie })).status).toBe(303)
  await plain.are('there')
  expect(await seenAt(story)).toEqual([])
})

test('two web processes write one ledger, line after line', async () => {
  const stories = await Promise.all([1, 2, 3, 4].map(() => shown()))
  await Promise.all(
    stories.map(({ slug }, at) =>
      send({ address: (at % 2 === 0 ? app : other).address }, '/report', {
        door: 'take-down',
        about: `/stories/${slug}`,
        formKey: crypto.randomUUID(),
      }),
    ),
  )
  for (const story of stories) await isGone(story)
  const { ledger, n, closed } = await ledgerPosition(db)
  const lines = readFileSync(join(dataDir, 'ledger', `${ledger}.jsonl`), 'utf8')
    .trimEnd()
    .split('\n')
  const numbers = lines.map((line) => (JSON.parse(line) as { n: number }).n)
  expect(numbers).toEqual(numbers.map((_, at) => (numbers[0] ?? 0) + at))
  expect([numbers.at(-1), closed]).toEqual([n, false])
})
