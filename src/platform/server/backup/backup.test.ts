import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import {
  askIn,
  fillSite,
  filesOf,
  imageOf,
  killedAt,
  now,
  openPlace,
  removePlaces,
  secret,
} from '../../../../test/backups.ts'
import { testDatabase } from '../../../../test/db.ts'
import { urlOf } from '../db.ts'
import { checkBackup } from './check.ts'
import { databaseName, dropBeside, dropKept, urlBeside } from './databases.ts'
import { makeBackup, placeOfBackup } from './make.ts'
import { manifestName, type Manifest } from './manifest.ts'
import { fitsSecret, restoreBackup, type RestoreWish } from './restore.ts'
import { pack, type Entry } from './tar.ts'
import { entryOf } from './tables.ts'

const from = await testDatabase({ leftAlone: true })
const into = await testDatabase({ leftAlone: true })
const server = urlOf(inject('postgres'))
const source = openPlace()
const target = openPlace()
const file = join(source.dataDir, 'backups', 'one.tar.gz')
// A whole database is made and filled many times over.
vi.setConfig({ testTimeout: 120_000 })
const quiet = (): void => undefined

const databases = async (): Promise<string[]> => {
  const name = await databaseName(into.url)
  const rows = await askIn<{ name: string }>(
    server,
    'select datname::text as name from pg_database order by 1',
  )
  return rows.map((row) => row.name).filter((one) => one.startsWith(name))
}
const wish = (over: Partial<RestoreWish> = {}): RestoreWish => ({
  url: into.url,
  store: target.store,
  dataDir: target.dataDir,
  file,
  now,
  say: quiet,
  before: async () => undefined,
  ...over,
})

beforeAll(async () => {
  await fillSite(from, source)
  const { url } = from
  await makeBackup({ url, store: source.store, secret, withSecret: true, to: file, now, say: quiet })
})
afterAll(async () => {
  const name = await databaseName(into.url)
  for (const one of await databases()) if (one !== name) await dropBeside(server, one)
  removePlaces()
})

describe('a backup', () => {
  test('is one file that only its owner can read, made while the site runs', async () => {
    expect(readdirSync(join(source.dataDir, 'backups'))).toEqual(['one.tar.gz'])
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const manifest = await checkBackup(file)
    expect(manifest.tables.find((table) => table.name === 'redirects')?.rows).toBe(3500)
    expect(manifest.parts['tables/public.redirects']?.files).toBeGreaterThan(1)
    expect(manifest.parts['store/renditions']).toMatchObject({ files: 2, bytes: 700 })
    expect([fitsSecret(manifest, secret), fitsSecret(manifest, 'another')]).toEqual([true, false])
  })

  test('holds the secret only when asked', async () => {
    const to = join(source.dataDir, 'backups', 'without.tar.gz')
    await makeBackup({ url: from.url, store: source.store, secret, withSecret: false, to, now, say: quiet })
    const has = (path: string): boolean => gunzipSync(readFileSync(path)).includes(secret)
    expect([has(file), has(to)]).toEqual([true, false])
  })

  test('never replaces a file that is there', async () => {
    const before = readFileSync(file)
    const again = { url: from.url, store: source.store, secret, withSecret: false, to: file, now, say: quiet }
    await expect(makeBackup(again)).rejects.toThrow(/EEXIST/)
    expect(readFileSync(file).equals(before)).toBe(true)
    await expect(placeOfBackup(source.dataDir, file, now)).rejects.toThrow('There is already a file')
    expect(await placeOfBackup(source.dataDir, undefined, now)).toBe(
      join(source.dataDir, 'backups', 'a-bit-extra-2027-10-20-120000.tar.gz'),
    )
  })

  test('that is killed leaves nothing under its name', async () => {
    const half = openPlace()
    const to = join(half.dataDir, 'killed.tar.gz')
    expect(await killedAt('make', { line: 'Tables: all', url: from.url, file: to, place: half })).toBe(
      'SIGKILL',
    )
    expect(existsSync(to)).toBe(false)
  })
})

describe('a restore that is killed', () => {
  test.each(['Tables: 0', 'Changing over'])(
    'at “%s” leaves the site as it was, and the next one is not disturbed',
    async (line) => {
      const before = await imageOf(into.url)
      expect(await killedAt('restore', { line, url: into.url, file, place: target })).toBe('SIGKILL')
      expect(await imageOf(into.url)).toEqual(before)
      expect((await databases()).filter((name) => name.includes('_before_'))).toEqual([])
      expect(existsSync(join(target.dataDir, 'secret'))).toBe(false)
    },
  )
})

async function* repacked(change: (name: string, bytes: Buffer) => Buffer | null): AsyncGenerator<Entry> {
  const { readBackup, wordsOf } = await import('./check.ts')
  for await (const entry of readBackup(file)) {
    const bytes = change(entry.name, await wordsOf(entry))
    if (bytes) yield entryOf(entry.name, bytes)
  }
}
const repack = async (change: (name: string, bytes: Buffer) => Buffer | null): Promise<Buffer> => {
  const chunks: Buffer[] = []
  for await (const chunk of pack(repacked(change))) chunks.push(chunk)
  return gzipSync(Buffer.concat(chunks), { level: 1 })
}
const withManifest = (change: (manifest: Manifest) => void) =>
  repack((name, bytes) => {
    if (name !== manifestName) return bytes
    const manifest = JSON.parse(bytes.toString('utf8')) as Manifest
    change(manifest)
    return Buffer.from(JSON.stringify(manifest))
  })

describe('a restore changes nothing', () => {
  const flipped = (bytes: Buffer, at: number): Buffer => {
    const copy = Buffer.from(bytes)
    copy[at] = (copy[at] ?? 0) ^ 1
    return copy
  }
  const wrong: [string, () => Buffer | Promise<Buffer>, RegExp][] = [
    ['is cut in the middle', () => readFileSync(file).subarray(0, 200_000), /is cut off/],
    ['lacks its last byte', () => readFileSync(file).subarray(0, -1), /is cut off/],
    [
      'was packed without its end',
      () => repack((name, bytes) => (name === manifestName ? null : bytes)),
      /is cut off/,
    ],
    ['has one other bit', () => flipped(readFileSync(file), 200_000), /is damaged/],
    [
      'has another row',
      () => repack((name, bytes) => (name.includes('redirects') ? flipped(bytes, 10) : bytes)),
      /is damaged/,
    ],
    [
      'lacks a picture',
      () => repack((name, bytes) => (name.includes('originals') ? null : bytes)),
      /is damaged/,
    ],
    ['is a letter', () => Buffer.from('Dear all'), /is not a backup/],
    ['is somebody else’s archive', () => gzipSync(Buffer.alloc(4096, 'x')), /is not a backup/],
    ['is empty', () => Buffer.alloc(0), /is cut off|is not a backup/],
    [
      'was made by a newer version',
      () => withManifest((manifest) => manifest.migrations.push('9999_later.sql')),
      /newer version.*9999_later/,
    ],
    [
      'has a newer queue',
      () => withManifest((manifest) => manifest.queue.push(9999)),
      /newer version.*queue/,
    ],
    [
      'knows a table that we do not',
      () =>
        withManifest((manifest) =>
          manifest.tables.push({ schema: 'public', name: 'gone', columns: ['a'], rows: 0 }),
        ),
      /do not agree about tables\/public\.gone/,
    ],
  ]

  let before: Awaited<ReturnType<typeof imageOf>>
  beforeAll(async () => {
    before = await imageOf(into.url)
  })

  test.each(wrong)('when the file %s', async (_, made, sentence) => {
    const path = join(target.dataDir, 'wrong.tar.gz')
    writeFileSync(path, await made())
    const names = await databases()
    await expect(restoreBackup(wish({ file: path }))).rejects.toThrow(sentence)
    expect(await imageOf(into.url)).toEqual(before)
    expect((await databases()).filter((name) => !name.endsWith('_restoring'))).toEqual(
      names.filter((name) => !name.endsWith('_restoring')),
    )
  })

  test('when the file is not there', async () => {
    await expect(restoreBackup(wish({ file: '/tmp/nowhere.tar.gz' }))).rejects.toThrow('There is no file')
  })

  test('while anybody is connected to the database', async () => {
    await into.selectFrom('weeks').select('year').execute()
    await expect(restoreBackup(wish())).rejects.toThrow('Stop the site first')
    await into.destroy()
  })

  test('when what must be so before the change cannot be done', async () => {
    const failing = wish({ before: () => Promise.reject(new Error('not closed')) })
    await expect(restoreBackup(failing)).rejects.toThrow('not closed')
    expect(await imageOf(into.url)).toEqual(before)
    expect((await databases()).filter((name) => name.endsWith('_restoring'))).toEqual([])
  })
})

describe('a restore', () => {
  test('brings everything back, byte for byte, and keeps what was there', async () => {
    writeFileSync(join(target.dataDir, 'secret'), 'the secret that was here before')
    const [wanted, before] = [await imageOf(from.url), await imageOf(into.url)]
    const restored = await restoreBackup(wish())
    expect(await imageOf(into.url)).toEqual(wanted)
    expect(await filesOf(target.store)).toEqual(await filesOf(source.store))
    expect(readFileSync(join(target.dataDir, 'secret'), 'utf8')).toBe(secret)
    expect(readFileSync(join(target.dataDir, 'secret-before-2027-10-20T120000'), 'utf8')).toContain('before')
    expect(restored.kept).toBe(`${await databaseName(into.url)}_before_2027_10_20`)
    expect(await imageOf(urlBeside(into.url, restored.kept ?? ''))).toEqual(before)
  })

  test('lets numbers go on, jobs wait and rules hold', async () => {
    const [added] = await askIn<{ id: string }>(
      into.url,
      `insert into withdrawn_hashes (ends) values ('2030-01-01') returning id::text`,
    )
    expect(added?.id).toBe('3')
    const jobs = await askIn(
      into.url,
      'select task_identifier, queue_name, key, run_at::text from graphile_worker.jobs order by id',
    )
    expect(jobs).toEqual([
      { task_identifier: 'remember', queue_name: null, key: null, run_at: '2031-01-01 00:00:00+00' },
      { task_identifier: 'remember', queue_name: 'one', key: 'k', run_at: expect.any(String) as string },
    ])
    const rules = (url: string) =>
      askIn(
        url,
        `select conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated from pg_constraint order by 1, 2`,
      )
    expect(await rules(into.url)).toEqual(await rules(from.url))
    const triggers = (url: string) =>
      askIn(
        url,
        `select tgrelid::regclass::text, tgname, tgenabled from pg_trigger where not tgisinternal order by 1, 2`,
      )
    expect(await triggers(into.url)).toEqual(await triggers(from.url))
  })

  test('of the same file again does the same, and what was kept can be dropped', async () => {
    const restored = await restoreBackup(wish())
    expect(await imageOf(into.url)).toEqual(await imageOf(from.url))
    expect(restored.kept).toMatch(/_before_2027_10_20_2$/)
    await dropKept(into.url, restored.kept ?? '')
    expect(await databases()).not.toContain(restored.kept)
    const own = await databaseName(into.url)
    await expect(dropKept(into.url, own)).rejects.toThrow('is not a database that a restore kept')
    expect(await databases()).toContain(own)
  })
})
