import { describe, expect, test } from 'vitest'
import en from '../messages/en.json' with { type: 'json' }
import {
  circles,
  fromOutside,
  long,
  lostComponents,
  owners,
  packagesOf,
  readSources,
  takenFromOutside,
  wrongImports,
  wrongWrites,
} from './house-rules.ts'

const files = readSources(process.cwd())
const everything = [
  ...files,
  ...['scripts', 'test', 'bench'].flatMap((one) => readSources(process.cwd(), one)),
]

describe('the house', () => {
  test('nobody imports what its room may not', () => {
    expect(wrongImports(files)).toEqual([])
  })

  test('a planted wrong import is found, by name, by relative path and from a component', () => {
    const planted = [
      { path: 'src/weeks/server/reads.ts', words: "import { x } from '#stories/server/reads.ts'" },
      { path: 'src/kernel/words.ts', words: "import { x } from '../platform/server/db.ts'" },
      { path: 'src/activities/may.ts', words: "import {\n  a,\n  b,\n} from '#desk/may.ts'" },
      { path: 'src/stories/StoryCard.svelte', words: "import { x } from '#stories/server/reads.ts'" },
      { path: 'src/stories/server/reads.ts', words: "import { error } from '@sveltejs/kit'" },
      { path: 'src/site/safety.ts', words: "import { seedExample } from '../../scripts/seed.ts'" },
      { path: 'src/routes/+page.server.ts', words: "import { makeWeek } from '../../test/make.ts'" },
    ]
    expect(wrongImports(planted)).toHaveLength(planted.length)
    expect(
      wrongImports([{ path: 'src/desk/may.ts', words: "import { x } from '#stories/story.ts'" }]),
    ).toEqual([])
  })

  test('every component that is imported is there', () => {
    expect(lostComponents(everything)).toEqual([])
    const planted = [
      { path: 'src/ui/Button.svelte', words: "import Symbol from '#ui/Symbol.svelte'" },
      { path: 'src/routes/+page.svelte', words: "import Button from '../ui/Button.svelte'" },
    ]
    expect(lostComponents(planted)).toEqual(['src/ui/Button.svelte → src/ui/Symbol.svelte'])
  })

  test('what the site takes from outside its folder is named, and all that is named is taken', () => {
    expect([...new Set(takenFromOutside(files).map(({ to }) => to))].toSorted()).toEqual(fromOutside)
  })

  test('a table is written only by its own room', () => {
    expect(wrongWrites(files)).toEqual([])
    const planted = [
      { path: 'src/desk/server/writes.ts', words: "db.updateTable('stories').set({})" },
      { path: 'src/desk/server/writes.ts', words: 'sql`delete from activities where true`' },
    ]
    expect(wrongWrites(planted)).toHaveLength(2)
  })

  test('every table has an owner', () => {
    const schema = files.find((file) => file.path === 'src/platform/server/schema.ts')?.words ?? ''
    const tables = [...(schema.split('export interface DB {')[1] ?? '').matchAll(/^ {2}(\w+):/gm)].map(
      (found) => found[1] ?? '',
    )
    expect(tables.length).toBeGreaterThan(30)
    expect(tables.filter((table) => table !== 'migrations' && !(table in owners))).toEqual([])
  })

  test('no code and no sentence names one week’s approach: another week changes data', () => {
    const names = /intensive interaction|\binstitute\b/i
    const catalogue = Object.entries(en).map(([path, words]) => ({ path, words }))
    const code = files.filter((file) => !file.path.endsWith('.test.ts'))
    expect([...code, ...catalogue].filter((file) => names.test(file.words)).map((file) => file.path)).toEqual(
      [],
    )
  })

  test('no circles', () => {
    expect(circles(everything)).toEqual([])
    const planted = [
      { path: 'scripts/one.ts', words: "import { b } from './two.ts'" },
      { path: 'scripts/two.ts', words: "import { a } from './one.ts'" },
    ]
    expect(circles(planted)).toHaveLength(1)
  })

  test('the worker starts without what only signing in or a mailbox needs', () => {
    const loaded = [...packagesOf(files, 'src/worker.ts')]
    expect(loaded).toContain('graphile-worker')
    expect(loaded.filter((one) => /^(better-auth|imapflow)/.test(one))).toEqual([])
  })

  test('files stay under 300 lines, but for the named ones', () => {
    const tooLong = everything.filter((file) => file.words.split('\n').length > 300).map((file) => file.path)
    expect(tooLong.filter((path) => !long.includes(path))).toEqual([])
    expect(long.filter((path) => !tooLong.includes(path))).toEqual([])
  })

  test('no page keeps its origin to itself: a browser would send its forms without one, and they are refused', () => {
    const silent = files.filter((file) => /['"]no-referrer['"]/.test(file.words))
    expect(silent.map((file) => file.path)).toEqual([])
  })

  test('pages read mails and the log through the desk, which asks who may', () => {
    const reads = /import (?!type\b)(?:\{[^}]*\}|[^\n'{]*) from '#platform\/server\/(?:outbox|audit)\.ts'/
    const pages = files.filter(
      (file) => file.path.startsWith('src/routes/') && !file.path.endsWith('.test.ts'),
    )
    expect(pages.filter((file) => reads.test(file.words)).map((file) => file.path)).toEqual([])
    expect(reads.test("import { listMails } from '#platform/server/outbox.ts'")).toBe(true)
  })

  test('nothing is cast into whatever is asked for', () => {
    const code = files.filter((file) => !file.path.endsWith('.test.ts'))
    expect(code.filter((file) => /\bas never\b[)\],;`]/.test(file.words)).map((file) => file.path)).toEqual(
      [],
    )
  })

  test('names say what a thing is', () => {
    const words = /(^|[/-])(utils?|helpers?|common|misc|manager|service|handler)([-./]|$)/i
    expect(everything.map((file) => file.path).filter((path) => words.test(path))).toEqual([])
    expect(everything.map((file) => file.path).filter((path) => /(^|\/)index\.ts$/.test(path))).toEqual([])
  })

  test('what server and kernel offer carries a promise', () => {
    const silent = files
      .filter((file) => /src\/(kernel|[a-z]+\/server)\//.test(file.path) && !file.path.endsWith('.test.ts'))
      .flatMap((file) =>
        [
          ...file.words.matchAll(
            /(?:^|\n)(\*\/)?\n?export (?:async )?(?:function (\w+)|const (\w+) =[^\n]*\(?[^\n]*=>)/g,
          ),
        ]
          .filter(
            (found) =>
              found[1] === undefined && !file.words.slice(0, (found.index ?? 0) + 1).endsWith('*/\n'),
          )
          .map((found) => `${file.path}: ${found[2] ?? found[3]}`),
      )
    expect(silent).toEqual([])
  })
})
