import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Db } from '#platform/server/db.ts'
import { type App, removeDataFolder, startApp, until } from '../app.ts'
import { stageFor } from '../consent/stage.ts'
import { type Shown, showStory } from '../consent/shown.ts'
import { makeActivity, makeStory } from '../make.ts'
import { databaseOf, filledDataFolder, send } from '../site.ts'

const dataDir = filledDataFolder()
const root = join(import.meta.dirname, '../..')
let app: App
let db: Db
let kept: Shown
let withdrawn: Shown
let words: { slug: string }
let gone: { slug: string }
let on: { slug: string }
let file: string

const start = async (): Promise<void> => {
  app = await startApp({ DATA_DIR: dataDir, TRUSTED_PROXIES: '127.0.0.1' })
  db = databaseOf({ dataDir })
}
const stop = async (): Promise<void> => {
  await db.destroy()
  await app.stop()
}

function command(name: string, ...args: string[]) {
  const env = { ...process.env, DATA_DIR: dataDir }
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'scripts', name), ...args], {
    cwd: root,
    env,
    encoding: 'utf8',
  })
  return { status, said: stdout + stderr }
}

const statusOf = async (path: string): Promise<number> => (await fetch(app.address + path)).status
/** What anybody gets of a story and of its picture. */
const seen = async ({ slug, version }: Shown): Promise<number[]> => [
  await statusOf(`/stories/${slug}`),
  await statusOf(`/media/${version}/640.jpg`),
]

beforeAll(async () => {
  await start()
  process.env['DATA_DIR'] = dataDir
  const stage = await stageFor(db)
  kept = await showStory({ db, dataDir, stage })
  withdrawn = await showStory({ db, dataDir, stage })
  words = await makeStory(db, { published: new Date() })
  gone = await makeActivity(db)
  on = await makeActivity(db)
  expect(await seen(kept)).toEqual([200, 200])
  expect(await seen(withdrawn)).toEqual([200, 200])
  expect(command('backup.ts')).toMatchObject({ status: 0 })
  file = join(dataDir, 'backups', readdirSync(join(dataDir, 'backups'))[0] ?? '')
  const answer = await send(app, `/consent/${withdrawn.token}?/withdraw`, {
    permission: withdrawn.permission,
    formKey: randomUUID(),
  })
  expect(answer.status).toBeLessThan(400)
  expect(await statusOf(`/activities/${gone.slug}`)).toBe(200)
  const report = await send(app, '/report', {
    door: 'take-down',
    about: `/activities/${gone.slug}`,
    formKey: randomUUID(),
  })
  expect(report.status).toBeLessThan(400)
  // What is kept of a page is let go a moment after.
  const away = async () =>
    [...(await seen(withdrawn)), await statusOf(`/activities/${gone.slug}`)].every((status) => status === 404)
  await until('what was withdrawn or taken down is gone', away, 5)
  await stop()
}, 240_000)
afterAll(() => {
  delete process.env['DATA_DIR']
  removeDataFolder(dataDir)
})

test('rule 24: what was withdrawn after a backup stays gone after its restore; the rest comes back', async () => {
  const restored = command('restore.ts', file)
  expect(restored).toMatchObject({ status: 0 })
  expect(restored.said).toMatch(/What was withdrawn since is in force: [1-9]/)
  await start()
  expect(await seen(withdrawn)).toEqual([404, 404])
  expect(await seen(kept)).toEqual([200, 200])
  expect(await statusOf(`/stories/${words.slug}`)).toBe(200)
  expect(await statusOf(`/activities/${gone.slug}`)).toBe(404)
  expect(await (await fetch(`${app.address}/activities`)).text()).not.toContain(gone.slug)
  expect(await statusOf(`/activities/${on.slug}`)).toBe(200)
  await stop()
}, 180_000)

test('rule 24: beside a ledger that was changed everything that was restored stays held', async () => {
  const folder = join(dataDir, 'ledger')
  const ledger = join(folder, readdirSync(folder).find((name) => name.endsWith('.jsonl')) ?? '')
  const whole = readFileSync(ledger, 'utf8')
  writeFileSync(ledger, whole.replace(withdrawn.id, randomUUID()))
  expect(command('restore.ts', file)).toMatchObject({ status: 2 })
  await start()
  expect(await seen(withdrawn)).toEqual([404, 404])
  expect(await seen(kept)).toEqual([404, 404])
  expect(await statusOf(`/stories/${words.slug}`)).toBe(404)
  expect(await statusOf(`/activities/${on.slug}`)).toBe(404)
  expect(await (await fetch(`${app.address}/readyz`)).json()).toMatchObject({ replayed: true, ledger: false })
  await stop()

  writeFileSync(ledger, whole)
  expect(command('restore.ts', '--replay').status).toBe(0)
  await start()
  expect(await seen(withdrawn)).toEqual([404, 404])
  expect(await seen(kept)).toEqual([200, 200])
  expect(await statusOf(`/stories/${words.slug}`)).toBe(200)
  expect(await statusOf(`/activities/${on.slug}`)).toBe(200)
  expect(await statusOf(`/activities/${gone.slug}`)).toBe(404)
  await stop()
}, 240_000)
