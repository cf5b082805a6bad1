import { randomUUID } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { copyLedgers } from '#consent/server/ledger-copy.ts'
import { ledgerPosition } from '#consent/server/ledger.ts'
import { takeDown } from '#consent/server/writes/taking-down.ts'
import { anybody } from '#kernel/viewer.ts'
import { databaseName, dropBeside } from '#platform/server/backup/databases.ts'
import { makeBackup } from '#platform/server/backup/make.ts'
import { connect, urlOf } from '#platform/server/db.ts'
import { fileStore } from '#platform/server/storage-files.ts'
import {
  askIn,
  fillSite,
  filesOf,
  imageOf,
  now,
  openPlace,
  removePlaces,
  secret,
} from '../../test/backups.ts'
import { testDatabase } from '../../test/db.ts'
import { hold, little, openFolder, removeFolders } from '../../test/holder.ts'
import { bringBack, type Replay, replayInto } from './bring-back.ts'

// Whole databases are made and filled.
vi.setConfig({ testTimeout: 120_000 })
const from = await testDatabase({ leftAlone: true })
const into = await testDatabase({ leftAlone: true })
const source = openPlace()
const target = openPlace()
const file = join(source.dataDir, 'one.tar.gz')
const say = (): void => undefined
const wish = { url: into.url, store: target.store, dataDir: target.dataDir, file, now, say }

beforeAll(async () => {
  await fillSite(from, source)
  const { url } = from
  await from.updateTable('ledgerPosition').set({ n: 41, hash: 'abc' }).execute()
  await makeBackup({ url, store: source.store, secret, withSecret: false, to: file, now, say })
})
afterAll(async () => {
  const name = await databaseName(into.url)
  const server = urlOf(inject('postgres'))
  const rows = await askIn<{ name: string }>(server, 'select datname::text as name from pg_database')
  for (const one of rows) if (one.name.startsWith(`${name}_`)) await dropBeside(server, one.name)
  removePlaces()
  removeFolders()
})

const position = async () =>
  (await askIn(into.url, 'select n::int, hash, closed, why from ledger_position'))[0]

describe('what was withdrawn after a backup', () => {
  test('is closed before the restored database can be found, and the ledger is replayed from where the backup was', async () => {
    const seen: unknown[] = []
    const replay: Replay = async (db) => {
      seen.push(await db.selectFrom('ledgerPosition').select(['n', 'closed', 'why']).executeTakeFirst())
      await db.updateTable('ledgerPosition').set({ n: 44, closed: false, why: '' }).execute()
      return { replayed: 3, closed: false }
    }
    const back = await bringBack(wish, replay)
    expect(seen).toEqual([{ n: 41, closed: true, why: 'restored' }])
    expect(back).toMatchObject({ replayed: 3, closed: false, failed: null })
    expect(await position()).toEqual({ n: 44, hash: 'abc', closed: false, why: '' })
  })

  test('stays closed when the ledger is broken or cannot be read, until it can', async () => {
    const back = await bringBack(wish, () => Promise.reject(new Error('the ledger is broken at 42')))
    expect(back).toMatchObject({ closed: true, failed: 'the ledger is broken at 42' })
    expect(await position()).toEqual({ n: 41, hash: 'abc', closed: true, why: 'restored' })
    const opening: Replay = async (db) => {
      await db.updateTable('ledgerPosition').set({ closed: false, why: '' }).execute()
      return { replayed: 0, closed: false }
    }
    expect(await replayInto(into.url, now, opening)).toEqual({ replayed: 0, closed: false, failed: null })
    expect(await position()).toMatchObject({ closed: false })
  })
})

const root = join(import.meta.dirname, '../..')
async function run(dataDir: string, script: string, ...args: string[]) {
  const env = { ...little(), DATA_DIR: dataDir }
  const child = spawn(process.execPath, [join(root, 'scripts', script), ...args], { env, cwd: root })
  const [said, complained] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { said, complained, code: child.exitCode }
}

describe('the commands', () => {
  const here = openFolder()
  beforeAll(async () => {
    expect((await run(here, 'organiser.ts', 'sam@example.org')).code).toBe(0)
  })

  test('make a backup of a site that runs, refuse to restore over it, and restore it elsewhere', async () => {
    const there = openFolder()
    expect(await run(there, 'backup.ts')).toMatchObject({
      code: 1,
      complained: expect.stringContaining('never started') as string,
    })
    const held = await hold(here)
    const url = urlOf(held.said.address)
    const backup = await run(here, 'backup.ts', '--with-secret')
    expect(backup).toMatchObject({ code: 0, complained: '' })
    expect(backup.said).toContain('can open the sealed evidence')
    const wanted = await imageOf(url)
    const made = join(here, 'backups', readdirSync(join(here, 'backups'))[0] ?? '')
    const refused = await run(here, 'restore.ts', made)
    expect(refused).toMatchObject({ code: 1, said: '' })
    expect(refused.complained).toContain('Stop the site first')
    expect(await imageOf(url)).toEqual(wanted)
    await held.end()

    const restored = await run(there, 'restore.ts', made)
    expect(restored.said).toContain('The site is as it was on')
    expect(restored.said).not.toContain('is kept in the database')
    expect(existsSync(join(there, 'secret'))).toBe(true)
    const again = await hold(there)
    const image = await imageOf(urlOf(again.said.address))
    await again.end()
    delete image['"public"."ledger_position"']
    delete wanted['"public"."ledger_position"']
    expect(image).toEqual(wanted)
  })

  test('mend a damaged ledger from its copy in the store, say so, and say when there is none', async () => {
    process.env['DATA_DIR'] = here
    const held = await hold(here)
    const db = connect(urlOf(held.said.address), 2)
    for (let at = 0; at < 3; at += 1) await takeDown(db, anybody, { surface: randomUUID(), own: false }, now)
    await copyLedgers(fileStore(join(here, 'store')))(db, {}, now)
    const { ledger } = await ledgerPosition(db)
    await db.destroy()
    await held.end()
    const path = join(here, 'ledger', `${ledger}.jsonl`)
    const sound = readFileSync(path, 'utf8')
    const lines = sound.split('\n').length - 1
    writeFileSync(path, sound.replace('"n":', '"m":'))
    const mended = await run(here, 'restore.ts', '--replay')
    expect(mended).toMatchObject({ code: 0, complained: '' })
    expect(mended.said).toContain(
      `of its ${lines} entries could be read. With its copy in the store it is whole`,
    )
    expect(mended.said).toContain('What was withdrawn since is in force')
    const again = await run(here, 'restore.ts', '--replay')
    expect(again.said).not.toContain('damaged')
    writeFileSync(path, sound.replace('"n":', '"m":'))
    rmSync(join(here, 'store'), { recursive: true })
    const lost = await run(here, 'restore.ts', '--replay')
    expect(lost.code).toBe(2)
    expect(lost.said).toContain('could not be replayed')
    expect(readFileSync(path, 'utf8')).toContain('"m":')
  })

  test('say how they are meant when they are used wrongly', async () => {
    const dataDir = openFolder()
    expect((await run(dataDir, 'restore.ts')).complained).toBe('Say which backup: npm run restore -- FILE\n')
    expect((await run(dataDir, 'backup.ts', '--all')).complained).toContain('Say it like this')
  })
})

test('files come back with the tables', async () => {
  expect(await filesOf(target.store)).toEqual(await filesOf(source.store))
})
