import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { pageNames } from '#site/settings.ts'
import { proseOf, withoutTitle } from '#site/prose.ts'

type Words = Record<string, string>
type Country = {
  code: string
  names: Words
  emergency: { number: string; for: Words }[]
  routes: Words[]
  note?: Words
}

const folder = new URL('pages/', import.meta.url)
const pages = readdirSync(folder).map((file) => ({
  file,
  words: readFileSync(new URL(file, folder), 'utf8'),
}))
const safety = JSON.parse(readFileSync(new URL('safety.json', import.meta.url), 'utf8')) as {
  generic: Country
  countries: Country[]
}

describe('plain pages', () => {
  test('every plain page is shipped in English', () => {
    expect(pages.map((page) => page.file).toSorted()).toEqual(
      pageNames.map((name) => `${name}.en.md`).toSorted(),
    )
  })

  test('each has one title, no HTML, no straight quotes, and only the known blanks to fill', () => {
    for (const { file, words } of pages) {
      const { title, rest } = withoutTitle(words)
      expect(title, file).toMatch(/\S/)
      expect(rest, file).not.toMatch(/^# /m)
      // A picture begins with the only "!" there may be.
      expect(words, file).not.toMatch(/<[a-z!/]|"|!(?!\[)/i)
      expect(proseOf(rest), file).not.toContain('<h1>')
      for (const blank of words.match(/\{\w*\}/g) ?? [])
        expect(['{siteName}', '{organiserName}', '{contact}'], file).toContain(blank)
    }
  })

  test('sentences stay short', () => {
    for (const { file, words } of pages) {
      const sentences = words
        .replace(/^[#-].*$/gm, '')
        .split(/[.?:]\s|\n\n/)
        .map((sentence) => sentence.trim().split(/\s+/).length)
      const mean = sentences.reduce((sum, length) => sum + length, 0) / sentences.length
      expect(mean, file).toBeLessThan(14)
    }
  })
})

describe('where to turn when worried about somebody', () => {
  test('the named countries and nations have a number and a way that is not an emergency', () => {
    const codes = safety.countries.map((country) => country.code)
    expect(new Set(codes).size).toBe(codes.length)
    const needed = 'GB-ENG GB-SCT GB-WLS GB-NIR IE AU NZ US CA DE FR DK ES IN SG ZA BR JP'
    for (const code of needed.split(' ')) expect(codes).toContain(code)
    for (const { code, names, emergency, routes } of safety.countries) {
      expect(code).toMatch(/^[A-Z]{2}(-[A-Z]{3})?$/)
      expect(names['en'], code).toMatch(/\S/)
      expect(emergency.length, code).toBeGreaterThan(0)
      for (const { number, for: what } of emergency) {
        expect(number, code).toMatch(/^\d{2,5}$/)
        expect(what['en'], code).toMatch(/\S/)
      }
      expect(routes.length, code).toBeGreaterThanOrEqual(3)
    }
  })

  test('any other country has words and no invented number', () => {
    expect(safety.generic.emergency).toEqual([])
    expect(safety.generic.routes.length).toBeGreaterThanOrEqual(3)
  })
})
