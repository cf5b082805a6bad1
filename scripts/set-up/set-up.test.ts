import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { readSources, takenFromOutside } from '../../test/house-rules.ts'
import { changedSources, forgetStamp, isBuilt, keepStamp } from './build-stamp.mjs'
import { onlyOne } from './only-one.mjs'
import { beginAfresh, missingParts, partsAreWhole } from './parts.mjs'
import { causeOf } from './plain-errors.mjs'

const top = mkdtempSync(join(tmpdir(), 'abe-set-up-'))
let root = top
let number = 0
beforeEach(() => (root = join(top, String((number += 1)))))
afterAll(() => rmSync(top, { recursive: true }))

function write(path: string, words: string) {
  mkdirSync(join(root, path, '..'), { recursive: true })
  writeFileSync(join(root, path), words)
}

const lock = (packages: Record<string, object>) => JSON.stringify({ packages: { '': {}, ...packages } })

describe('what is missing', () => {
  const parts = {
    'node_modules/plain': { version: '1.0.0' },
    'node_modules/ours': { version: '2.0.0', optional: true, os: [process.platform], cpu: [process.arch] },
    'node_modules/foreign': { version: '2.0.0', optional: true, os: ['haiku'], cpu: [process.arch] },
    'node_modules/perhaps': { version: '1.0.0', optional: true },
  }

  test('is everything for this machine in a fresh clone', () => {
    write('package-lock.json', lock(parts))
    expect([...missingParts(root)]).toEqual(['plain', 'ours'])
  })

  test('is nothing when npm has finished and all folders are there', () => {
    write('package-lock.json', lock(parts))
    write('node_modules/.package-lock.json', lock(parts))
    for (const name of ['plain', 'ours']) write(`node_modules/${name}/package.json`, '{}')
    expect(missingParts(root)).toHaveLength(0)
  })

  test('is what another version, a lost folder or a killed npm left out', () => {
    write('package-lock.json', lock(parts))
    write('node_modules/.package-lock.json', lock({ ...parts, 'node_modules/plain': { version: '0.9.0' } }))
    write('node_modules/plain/package.json', '{}')
    expect([...missingParts(root)]).toEqual(['plain', 'ours'])
    write('node_modules/.package-lock.json', '{"packages": {"node_mod')
    expect([...missingParts(root)]).toEqual(['plain', 'ours'])
  })
})

describe('fetching', () => {
  const parts = { 'node_modules/plain': { version: '1.0.0' } }
  const isThere = () => existsSync(join(root, 'node_modules/plain/package.json'))

  test('keeps what a finished npm left, and counts nothing as there until this one has finished', () => {
    write('package-lock.json', lock(parts))
    write('node_modules/.package-lock.json', lock(parts))
    write('node_modules/plain/package.json', '{}')
    beginAfresh(root)
    expect(isThere()).toBe(true)
    expect(missingParts(root)).toHaveLength(1)
    partsAreWhole(root)
    expect(missingParts(root)).toHaveLength(0)
  })

  test('throws away what a killed npm left, half-written packages included', () => {
    write('package-lock.json', lock(parts))
    write('node_modules/plain/package.json', '{}')
    beginAfresh(root)
    expect(isThere()).toBe(false)
    write('node_modules/.package-lock.json', lock(parts))
    write('node_modules/plain/package.json', '{}')
    beginAfresh(root)
    expect(isThere()).toBe(false)
  })
})

describe('the build', () => {
  test('is done once for the same sources, and again when one changes or it was broken off', () => {
    write('src/web.ts', 'one')
    write('build/site/handler.js', '')
    const first = changedSources(root)
    expect(first).toBeDefined()
    keepStamp(root, first ?? '')
    expect(changedSources(root)).toBeUndefined()
    write('src/web.test.ts', 'a test')
    expect(changedSources(root)).toBeUndefined()
    for (const path of [
      'messages/en.json',
      'scripts/seed/safety.json',
      'static/icon.svg',
      'vite.config.ts',
    ]) {
      write(path, '{}')
      expect(changedSources(root), path).toBeDefined()
      keepStamp(root, changedSources(root) ?? '')
    }
    forgetStamp(root)
    expect(changedSources(root)).toBeDefined()
  })
})

test('everything that the site takes from outside its folder makes it build again', () => {
  const taken = takenFromOutside(readSources(join(import.meta.dirname, '../..')))
  expect(taken.length).toBeGreaterThan(3)
  expect(taken.filter(({ to }) => !isBuilt(to))).toEqual([])
})

describe('two set-ups in one folder', () => {
  test('wait for each other, and a killed one holds nobody up', async () => {
    mkdirSync(root)
    cpSync(join(import.meta.dirname, 'only-one.mjs'), join(root, 'only-one.mjs'))
    const words = `import { onlyOne } from './only-one.mjs'
      await onlyOne(${JSON.stringify(root)})
      console.log('mine')
      setInterval(() => undefined, 1000)`
    writeFileSync(join(root, 'hold.mjs'), words)
    const other = spawn(process.execPath, [join(root, 'hold.mjs')])
    await once(other.stdout, 'data')
    let release: (() => void) | undefined
    const waiting = onlyOne(root).then((done) => (release = done))
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(release).toBeUndefined()
    other.kill('SIGKILL')
    await waiting
    release?.()
  })
})

test('errors of the machine are said in plain words', () => {
  expect(causeOf('npm error code ENOSPC')).toContain('disk is full')
  expect(causeOf('npm error code EAI_AGAIN')).toContain('online')
  expect(causeOf('npm error code EACCES')).toContain('account')
  expect(causeOf('something else')).toBeUndefined()
})
