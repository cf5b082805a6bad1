import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { packSource } from './source-archive.mjs'

const top = mkdtempSync(join(tmpdir(), 'abe-source-'))
afterAll(() => rmSync(top, { recursive: true }))
let number = 0
function project(files: Record<string, string>): string {
  const root = join(top, String((number += 1)))
  for (const [path, words] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), words)
  }
  return root
}

/** Reads an archive by the letter of the format, not with the code that wrote it. */
function unpack(root: string): Map<string, { words: string; mode: number }> {
  const bytes = gunzipSync(readFileSync(join(root, 'build/source.tar.gz')))
  const found = new Map<string, { words: string; mode: number }>()
  const word = (at: number, length: number): string =>
    bytes
      .subarray(at, at + length)
      .toString('latin1')
      .replace(/\0.*$/s, '')
  let long: string | null = null
  for (let at = 0; bytes[at] !== 0;) {
    const size = parseInt(word(at + 124, 12), 8)
    const body = bytes.subarray(at + 512, at + 512 + size).toString()
    const head = Buffer.from(bytes.subarray(at, at + 512)).fill(' ', 148, 156)
    expect(parseInt(word(at + 148, 8), 8)).toBe(head.reduce((sum, byte) => sum + byte, 0))
    if (word(at + 156, 1) === 'x') {
      const [, length, path] = /^(\d+) path=(.*)\n$/s.exec(body) ?? []
      expect(Number(length)).toBe(size)
      long = path ?? null
    } else {
      found.set(long ?? word(at, 100), { words: body, mode: parseInt(word(at + 100, 8), 8) })
      long = null
    }
    at += 512 + Math.ceil(size / 512) * 512
  }
  return found
}

test('the source is packed whole, with what may be run, and names of any length and script', () => {
  const long = `src/${'deep/'.repeat(30)}é-${'x'.repeat(80)}.ts`
  const root = project({ LICENSE: 'AGPL', 'src/a.ts': 'a'.repeat(1024), '.ci/run': '#!', [long]: 'far' })
  chmodSync(join(root, '.ci/run'), 0o700)
  packSource(root)
  const found = unpack(root)
  expect([...found.keys()].toSorted()).toEqual(
    ['.ci/run', 'LICENSE', 'src/a.ts', long].map((path) => `a-bit-extra/${path}`).toSorted(),
  )
  expect(found.get(`a-bit-extra/${long}`)?.words).toBe('far')
  expect(found.get('a-bit-extra/src/a.ts')).toEqual({ words: 'a'.repeat(1024), mode: 0o644 })
  expect(found.get('a-bit-extra/.ci/run')?.mode).toBe(0o755)
})

test('no data, key, part or note beside the source gets in, nor what a link points at', () => {
  const root = project({
    LICENSE: 'AGPL',
    'src/a.ts': 'a',
    'src/.env': 'SECRET',
    '.env': 'SECRET',
    'data/secret': 'SECRET',
    'notes.md': 'SECRET',
    'node_modules/x/index.js': 'x',
    'build/stamp': 'x',
  })
  symlinkSync(join(root, 'data'), join(root, 'src/data'))
  symlinkSync(join(root, '.env'), join(root, 'src/env.ts'))
  packSource(root)
  expect([...unpack(root).keys()]).toEqual(['a-bit-extra/LICENSE', 'a-bit-extra/src/a.ts'])
})

test('it is packed again when a file changed, and only then', () => {
  const root = project({ LICENSE: 'AGPL', 'src/a.ts': 'a' })
  const made = () => statSync(join(root, 'build/source.tar.gz'), { bigint: true }).ino
  packSource(root)
  const first = made()
  packSource(root)
  expect(made()).toBe(first)
  writeFileSync(join(root, 'src/a.ts'), 'b')
  packSource(root)
  expect(unpack(root).get('a-bit-extra/src/a.ts')?.words).toBe('b')
})

test('this project’s own source is whole: everything it is built, tested and run from', () => {
  const root = join(import.meta.dirname, '../..')
  packSource(root)
  const found = unpack(root)
  const { scripts } = JSON.parse(found.get('a-bit-extra/package.json')?.words ?? '{}') as {
    scripts: Record<string, string>
  }
  const run = Object.values(scripts).flatMap((line) => line.match(/(?:scripts|bench)\/\S+/g) ?? [])
  expect(run.length).toBeGreaterThan(5)
  const read = 'LICENSE README.md package-lock.json vite.config.ts db/schema.sql messages/en.json test/db.ts'
  for (const path of [...run, ...read.split(' '), 'src/web.ts', 'scripts/seed/kinds.json'])
    expect(found.get(`a-bit-extra/${path}`)?.words, path).toBe(readFileSync(join(root, path), 'utf8'))
})
