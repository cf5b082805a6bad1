import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { changePolicy } from '#consent/server/writes/policy.ts'
import type { Db } from '#platform/server/db.ts'
import { urlOf } from '#platform/server/db.ts'
import { clusterOf } from '#platform/server/postgres/place.ts'
import { day } from '#kernel/limits.ts'
import { readPidFile } from '#platform/server/postgres/postmaster.ts'
import { type App, removeDataFolder, startApp, until } from '../app.ts'
import { type Stage, schoolPolicy, stageFor } from '../consent/stage.ts'
import { type Shown, shownFiles, showStory } from '../consent/shown.ts'
import { askAgain, follow, leftOf, type Trace } from '../gone/trail.ts'
import { makeStory, makeStoryLink } from '../make.ts'
import { databaseOf, filledDataFolder, send, type Site } from '../site.ts'

const dataDir = filledDataFolder()
let apps: App[] = []
let webs: Site[] = []
let db: Db
let stage: Stage

beforeAll(async () => {
  const first = await startApp({ DATA_DIR: dataDir, TRUSTED_PROXIES: '127.0.0.1' })
  const file = readPidFile(clusterOf(dataDir))
  if (!file) throw new Error('There is no database in the data folder')
  const url = urlOf({ host: file.socket, user: 'abitextra', database: 'abitextra' })
  const second = await startApp({
    DATA_DIR: dataDir,
    DATABASE_URL: url,
    ROLE: 'web',
    TRUSTED_PROXIES: '127.0.0.1',
  })
  apps = [first, second]
  webs = apps.map(({ address }) => ({ address, dataDir }))
  db = databaseOf({ dataDir })
  // What is written from here goes into the ledger of that site.
  process.env['DATA_DIR'] = dataDir
  stage = await stageFor(db)
  // Nothing but what is shown here stands on the walls.
  await db.deleteFrom('stories').where('example', '=', true).execute()
}, 240_000)
afterAll(async () => {
  await db.destroy()
  for (const app of apps.toReversed()) await app.stop()
  delete process.env['DATA_DIR']
  removeDataFolder(dataDir)
})

const show = (now?: Date): Promise<Shown> => showStory({ db, dataDir, stage }, now)

const starts = ({ search, slug, version }: Shown): string[] => [
  '/',
  '/stories',
  '/stories?week=2027',
  `/stories?q=${search}`,
  '/stories.json',
  `/stories.json?q=${search}`,
  '/stories.atom',
  '/stories/screen',
  '/weeks/2027',
  `/stories/${slug}`,
  ...shownFiles.map((file) => `/media/${version}/${file}`),
]

async function walkBoth(shown: Shown): Promise<Trace[][]> {
  const all = await Promise.all(webs.map((web) => follow(web, starts(shown), shown.marks)))
  // Once more, so that both have it in their caches.
  await Promise.all(webs.map((web, at) => askAgain(web, all[at] ?? [])))
  for (const traces of all) {
    const paths = traces.map(({ path }) => path)
    expect(paths).toEqual(
      expect.arrayContaining(['/stories', '/stories.json', '/stories.atom', `/stories/${shown.slug}`]),
    )
    expect(paths.filter((path) => path.startsWith('/media/')).length).toBe(6)
  }
  for (const web of webs) {
    const feed = await fetch(`${web.address}/stories.atom`)
    expect(await feed.text()).toContain(`/media/${shown.version}/`)
  }
  return all
}

async function nothingLeft(shown: Shown, traces: Trace[][]): Promise<void> {
  let left: string[] = []
  await until('nothing is left', async () => {
    const found = webs.map((web, at) => leftOf(web, traces[at] ?? [], shown.marks))
    left = (await Promise.all(found)).flat()
    return left.length === 0
  }).catch((error: unknown) => {
    throw new Error(`Still there:\n${left.join('\n')}`, { cause: error })
  })
}

const press = async (path: string, fields: Record<string, string>): Promise<void> => {
  const [web] = webs
  if (!web) throw new Error('No web')
  const { status } = await send(web, path, { formKey: randomUUID(), ...fields })
  expect(status, path).toBeLessThan(400)
}

const endings: [string, (shown: Shown) => Promise<void>][] = [
  [
    'a no on the page of the person shown',
    ({ token, permission }) => press(`/consent/${token}?/decide`, { permission, answer: 'no' }),
  ],
  ['a change of mind', ({ token, permission }) => press(`/consent/${token}?/withdraw`, { permission })],
  ['a sign of no that somebody saw', ({ token }) => press(`/consent/${token}?/sign`, { sign: 'no' })],
  [
    '“I am in this”, from anybody',
    ({ slug }) => press('/report', { door: 'take-down', about: `/stories/${slug}` }),
  ],
  [
    '“I am worried about somebody”',
    async ({ id, slug }) => {
      await press('/report', { door: 'worried', about: `/stories/${slug}`, words: 'Please look.' })
      const own = `/stories/edit/${await makeStoryLink(db, id)}/pictures`
      const answer = await fetch(`${webs[0]?.address}${own}`)
      const words = await answer.text()
      expect([answer.status, /<h1[^>]*>([^<]*)/.exec(words)?.[1]]).toEqual([
        409,
        'A person is looking at this',
      ])
      expect(words).not.toContain('did not work')
    },
  ],
  [
    'the teller taking it back',
    async ({ id }) => {
      await press(`/stories/edit/${await makeStoryLink(db, id)}?/withdraw`, {})
    },
  ],
  [
    'a tightened policy',
    async () => {
      const now = new Date()
      const tighten = changePolicy(async (trx) => {
        const rules = JSON.stringify({ ...schoolPolicy, widest: { ...schoolPolicy.widest, own: 2 } })
        await trx
          .insertInto('policies')
          .values({ organisation: stage.school, version: 2, rules, created: now })
          .execute()
        return { organisation: stage.school, slug: '', people: 'all' as const }
      })
      await tighten(db, stage.lead, {}, now)
      stage = await stageFor(db)
    },
  ],
]

test.each(endings)(
  'rules 9, 10 and 11: after %s no address that ever told of it tells of it',
  async (_, end) => {
    const shown = await show()
    const traces = await walkBoth(shown)
    await end(shown)
    await nothingLeft(shown, traces)
  },
  120_000,
)

test('rule 6: after the last moment of a permission nothing tells of it, with nobody doing anything', async () => {
  // A permission lasts from the end of its week; without one it lasts so many days from now.
  const days = { 'best-interests': 1, other: 1 }
  const rules = JSON.stringify({ ...schoolPolicy, days })
  await db
    .insertInto('policies')
    .values({ organisation: stage.school, version: 2, rules, created: '2026-01-01T00:00:00Z' })
    .execute()
  await db.updateTable('weeks').set({ state: 'draft' }).where('year', '=', 2027).execute()
  const end = Date.now() + 12_000
  const shown = await show(new Date(end - day))
  await db.updateTable('weeks').set({ state: 'announced' }).where('year', '=', 2027).execute()
  const traces = await walkBoth(shown)
  await sleep(end - Date.now())
  await nothingLeft(shown, traces)
}, 120_000)

test('rule 35: gone, waiting and never there are the same answer, byte for byte', async () => {
  const shown = await show()
  const [web] = webs
  if (!web) throw new Error('No web')
  await press(`/consent/${shown.token}?/withdraw`, { permission: shown.permission })
  const waiting = await makeStory(db, { state: 'waiting' })
  const ask = async (path: string) => {
    const answer = await fetch(web.address + path)
    const words = await answer.text()
    return { status: answer.status, words: words.replaceAll(path.split('/')[2] ?? '', '…') }
  }
  const never = await ask('/stories/never-was')
  expect(never.status).toBe(404)
  await until('it is gone', async () => (await ask(`/stories/${shown.slug}`)).status === 404)
  expect(await ask(`/stories/${shown.slug}`)).toEqual(never)
  expect(await ask(`/stories/${waiting.slug}`)).toEqual(never)
  const noPicture = await ask(`/media/${randomUUID()}/640.jpg`)
  expect(noPicture.status).toBe(404)
  expect(await ask(`/media/${shown.version}/640.jpg`)).toEqual(noPicture)
  expect(await ask('/media/nothing/640.jpg')).toEqual(noPicture)
}, 60_000)
