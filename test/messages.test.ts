import { readFileSync } from 'node:fs'
import { IntlMessageFormat } from 'intl-messageformat'
import { describe, expect, test } from 'vitest'
import letters from '@fontsource-variable/atkinson-hyperlegible-next/unicode.json' with { type: 'json' }
import en from '../messages/en.json' with { type: 'json' }
import { accessCodes, states, welcomeCodes } from '#activities/activity.ts'
import { editInput, signCodes } from '#activities/edit.ts'
import { signLanguages } from '#activities/filter-words.ts'
import { templateColumns } from '#activities/import-columns.ts'
import { languages, isMessageKey } from '#kernel/messages.ts'
import { whys } from '#platform/server/postbox.ts'
import { storyStates } from '#stories/story.ts'
import { listNames } from '#weeks/lists.ts'
import { clusters } from '#weeks/week.ts'
import { readSources } from './house-rules.ts'

const keys = Object.keys(en)
const files = readSources(process.cwd()).filter(({ path }) => !path.endsWith('.test.ts'))
const source = files.map(({ words }) => words).join('\n')
const literals = new Set([...source.matchAll(/['"`]([\w.-]+)['"`]/g)].map(([, name = '']) => name))

/** Names put together in code, with a star for what is put in. */
const patterns = new Set(
  [...source.matchAll(/`([a-z][\w-]*\.[^`\s]*\$\{[^`]*)`/g)].map(([, name = '']) =>
    name.replaceAll(/\$\{[^}]*\}/g, '*'),
  ),
)
const fits = (pattern: string, key: string): boolean =>
  new RegExp(`^${pattern.replaceAll('.', String.raw`\.`).replaceAll('*', String.raw`[\w-]+`)}$`).test(key)

const changed = Object.keys(editInput.pipe[0].entries).filter(
  // The first two are no answers; the others stand in the line of where.
  (name) => !['token', 'revision', 'town', 'country'].includes(name),
)
/** What the types cannot see: names put together of what the database or a list holds. */
const put: Record<string, readonly string[]> = {
  'activities.access.*': accessCodes,
  'activities.welcome.*': welcomeCodes,
  'desk.mail.*': ['waiting', 'sending', 'uncertain', 'sent', 'example', 'failed', 'dropped'],
  'desk.mail-why.*': [...whys, 'too-late', 'one-a-day'],
  'desk.state.*': [...new Set([...states, ...storyStates])],
  'edit.cluster.*': clusters,
  'edit.field.*': [...changed, 'country', 'exact'],
  'edit.sign.*': signCodes,
  'import.column.*': templateColumns,
  'sign-language.*': signLanguages,
  'stories.who.*': clusters,
}

/** Names of mails, of what retention removes and of what the log writes down come from the catalogue: whether one is used stands where it is given. */
const given: Record<string, RegExp> = {
  mail: /^mail\.([\w-]+)\.(?:subject|text)$/,
  kept: /^desk\.kept\.([\w-]+)$/,
  log: /^log\.(?!about\.|other$)([\w.-]+)$/,
}
/** What the log writes down of a list that is put in: `${list}.moved`. */
const ofLists = [...source.matchAll(/`\$\{list\}(\.[\w-]+)`/g)].flatMap(([, done = '']) =>
  listNames.map((list) => list + done),
)
const isGiven = (name: string): boolean =>
  literals.has(name) ||
  ofLists.includes(name) ||
  [...patterns].some((pattern) => fits(pattern, name)) ||
  new RegExp(`(?<![\\w.-])${name}: await`).test(source)

function isUsed(key: string): boolean {
  if (literals.has(key)) return true
  for (const pattern of Object.values(given)) {
    const name = pattern.exec(key)?.[1]
    if (name !== undefined) return isGiven(name)
  }
  const list = Object.entries(put).find(([pattern]) => fits(pattern, key))
  if (list) return list[1].some((name) => list[0].replace('*', name) === key)
  return [...patterns].some((pattern) => fits(pattern, key))
}

describe('the sentences', () => {
  test('are all said somewhere', () => {
    expect(keys.length).toBeGreaterThan(1000)
    expect(keys.filter((key) => !isUsed(key))).toEqual([])
  })

  test('are all there, for every name that code puts together', () => {
    const missing = Object.entries(put).flatMap(([pattern, names]) =>
      names.map((name) => pattern.replace('*', name)).filter((key) => !isMessageKey(key)),
    )
    expect(missing).toEqual([])
    for (const pattern of Object.keys(put)) {
      const asBuilt = pattern.replace(/^activities\.\w+/, 'activities.*')
      expect([...patterns], 'nothing is put together like this any more').toContain(asBuilt)
    }
  })

  test('are all there, for every mistake that an input can have', () => {
    const rooms = new Set(keys.map((key) => key.split('.')[0]))
    const said = files
      .filter(
        ({ path, words }) => !path.includes('/server/') && /^import \* as v from 'valibot'/m.test(words),
      )
      .flatMap(({ words }) => [...words.matchAll(/'([a-z][\w-]*(?:\.[\w-]+)+)'(?=\s*[,)])/g)])
      .map(([, name = '']) => name)
      .filter((name) => rooms.has(name.split('.')[0]))
    expect(said.length).toBeGreaterThan(50)
    expect([...new Set(said)].filter((name) => !isMessageKey(name))).toEqual([])
  })

  test('are there for every mail, as a subject and as a text', () => {
    const names = (part: string) =>
      keys.flatMap((key) => new RegExp(`^mail\\.([\\w-]+)\\.${part}$`).exec(key)?.[1] ?? [])
    expect(names('text')).toEqual(names('subject'))
  })

  test('are written in letters that the font of the pages has, on pages and in their markup', () => {
    const has = (letter: string): boolean =>
      Object.values(letters)
        .flatMap((ranges) => ranges.split(','))
        .some((range) => {
          const [from = '', to = from] = range.slice(2).split('-')
          const code = letter.codePointAt(0) ?? 0
          return code >= Number.parseInt(from, 16) && code <= Number.parseInt(to, 16)
        })
    const markup = files
      .filter(({ path }) => path.endsWith('.svelte'))
      .map(({ words }) => words.replaceAll(/<script[^]*?<\/script>|<style[^]*?<\/style>|<!--[^]*?-->/g, ''))
    const said = new Set([...Object.values(en), ...markup].join(''))
    expect([...said].filter((letter) => !has(letter))).toEqual([])
    expect(has('→')).toBe(false)
  })

  test('can be read by what fills them in, in every language, and none stands there twice', () => {
    for (const language of languages) {
      const file = readFileSync(`messages/${language}.json`, 'utf8')
      const catalogue = JSON.parse(file) as Record<string, string>
      for (const [key, words] of Object.entries(catalogue)) {
        expect(
          () => new IntlMessageFormat(words, language, undefined, { ignoreTag: true }),
          key,
        ).not.toThrow()
      }
      const twice = [...file.matchAll(/^ {2}"([^"]+)":/gm)].map(([, key = '']) => key)
      expect(twice).toHaveLength(Object.keys(catalogue).length)
    }
  })
})
