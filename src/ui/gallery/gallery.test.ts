import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { render } from 'svelte/server'
import Gallery from '#ui/gallery/Gallery.svelte'

const ui = path.resolve(import.meta.dirname, '..')
let html = ''

const withParts = (css: string) =>
  css.replaceAll(/@import '(.+?)';/g, (_, part: string) => readFileSync(path.join(ui, part), 'utf8'))

beforeAll(async () => {
  const { head, body } = await render(Gallery)
  html = body
  const fonts = path.resolve(ui, '../../node_modules/@fontsource-variable')
  const css = withParts(readFileSync(path.join(ui, 'look.css'), 'utf8')).replaceAll(
    '@fontsource-variable',
    `file://${fonts}`,
  )
  const folder = path.join(tmpdir(), 'a-bit-extra-gallery')
  mkdirSync(folder, { recursive: true })
  const start = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">`
  writeFileSync(path.join(folder, 'index.html'), `${start}${head}<style>${css}</style><body>${body}`)
})

const all = (pattern: RegExp) => [...html.matchAll(pattern)].map((match) => match[1] ?? '')

it('writes no style into an attribute, so that the content security policy can be strict', () => {
  expect(html).not.toMatch(/\sstyle=/)
})

it('gives every typed field a label of its own', () => {
  const fields = all(/<(?:input|select|textarea)\b[^>]*\sid="([^"]+)"/g)
  expect(fields).toEqual(expect.arrayContaining(['mail', 'words', 'country', 'hidden']))
  const labels = [...all(/<label for="([^"]+)"/g), ...all(/<label><input[^>]*\sid="([^"]+)"/g)]
  expect(fields.filter((field) => !labels.includes(field))).toEqual([])
})

it('describes fields only by hints and errors that are there', () => {
  const ids = new Set(all(/\sid="([^"]+)"/g))
  const named = all(/aria-describedby="([^"]+)"/g).flatMap((list) => list.split(' '))
  expect(named).toContain('mail-error')
  expect(named.filter((id) => !ids.has(id))).toEqual([])
})

it('keeps what was typed and chosen', () => {
  expect(html).toMatch(/id="mail"[^>]*value="anna"|value="anna"[^>]*id="mail"/)
  expect(html).toMatch(/<input type="radio" name="when" value="day" checked/)
  expect(html).toMatch(/<option value="DK" selected/)
})

it('uses no id twice', () => {
  const ids = all(/\sid="([^"]+)"/g)
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
})

it('has one h1 and one main', () => {
  expect(all(/<(h1)\b/g)).toHaveLength(1)
  expect(all(/<(main)\b/g)).toHaveLength(1)
})
