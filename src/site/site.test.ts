import { beforeEach, describe, expect, test } from 'vitest'
import { anybody, theSite, type Viewer } from '#kernel/viewer.ts'
import { asWords, proseOf, withAnchors, withoutTitle } from '#site/prose.ts'
import { safetyCountries, safetyRoutes } from '#site/safety.ts'
import * as v from 'valibot'
import { homeInput, homeWords, pageNames, plainSettings, questionLines } from '#site/settings.ts'
import {
  listRedirects,
  ownTexts,
  pageText,
  plainPage,
  redirectFor,
  shippedText,
  siteSettings,
} from '#site/server/reads.ts'
import { removeRedirect, saveHomeWords, saveRedirect, saveSettings, saveText } from '#site/server/writes.ts'
import { testDatabase } from '../../test/db.ts'

const db = await testDatabase()
const now = new Date('2027-03-01T09:00Z')
const reviewer: Viewer = { ...anybody, roles: [{ role: 'reviewer', group: null, organisation: null }] }

beforeEach(async () => {
  for (const table of ['settings', 'texts', 'redirects', 'auditLog'] as const)
    await db.deleteFrom(table).execute()
})

describe('prose', () => {
  test('no HTML and no script address gets through', () => {
    const html = proseOf(
      'Hello <script>alert(1)</script> <img src=x onerror=alert(1)>\n\n[a](javascript:alert(1)) [b](data:text/html,x) [c](/report)',
    )
    expect(html).not.toMatch(/<script|<img|javascript:|data:/)
    expect(html).toContain('&lt;script&gt;')
    expect(html).toContain('<a href="/report">c</a>')
  })

  test('the first heading becomes the title, and no other is of the first level', () => {
    const { title, rest } = withoutTitle('# About us #\n\n## Who\n\n# Again')
    expect(title).toBe('About us')
    expect(proseOf(rest)).toBe('<h2>Who</h2>\n<h2>Again</h2>')
    expect(withoutTitle('No heading')).toEqual({ title: null, rest: 'No heading' })
  })

  test('every heading can be linked to, by one name each', () => {
    expect(
      withAnchors(proseOf('## What about *touch*?\n\n## Main\n\n### Übung & co\n\n## 触れる\n\n## Main')),
    ).toBe(
      '<h2 id="what-about-touch">What about <em>touch</em>?</h2>\n<h2>Main</h2>\n' +
        '<h3 id="ubung-co">Übung &amp; co</h3>\n<h2>触れる</h2>\n<h2>Main</h2>',
    )
  })

  test('words with marks in them are shown as they are', () => {
    for (const words of ['The *Institute*', '[x](javascript:1)', '1. <b>', '# a & b', 'a_b_c', '{contact}'])
      expect(proseOf(asWords(words)).replace(/<\/?p>/g, '')).toBe(
        words.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;'),
      )
  })
})

describe('settings', () => {
  test('what nobody has set is as it was shipped, and what is kept comes back', async () => {
    expect(await siteSettings(db)).toEqual(plainSettings)
    await saveSettings(db, theSite, { name: 'Our Week', example: true }, now)
    await saveSettings(db, theSite, { organiser: 'The Institute' }, now)
    expect(await siteSettings(db)).toEqual({
      ...plainSettings,
      name: 'Our Week',
      example: true,
      organiser: 'The Institute',
    })
  })

  test('a setting of the wrong sort never breaks a page', async () => {
    await db
      .insertInto('settings')
      .values([
        { name: 'name', value: JSON.stringify(7) },
        { name: 'organiser', value: JSON.stringify('Kept') },
      ])
      .execute()
    expect(await siteSettings(db)).toEqual({ ...plainSettings, organiser: 'Kept' })
  })

  test('only organisers change settings, texts and redirects, and see which there are', async () => {
    for (const viewer of [anybody, reviewer]) {
      const no = { kind: 'forbidden' }
      await expect(saveSettings(db, viewer, { name: 'x' }, now)).rejects.toMatchObject(no)
      await expect(
        saveText(db, viewer, { name: 'about', body: 'x', language: 'en' }, now),
      ).rejects.toMatchObject(no)
      await expect(saveRedirect(db, viewer, { path: '/a', target: '/b' }, now)).rejects.toMatchObject(no)
      await expect(removeRedirect(db, viewer, { path: '/a' }, now)).rejects.toMatchObject(no)
      await expect(ownTexts(db, viewer, 'en')).rejects.toMatchObject({ kind: 'missing' })
      await expect(listRedirects(db, viewer)).rejects.toMatchObject({ kind: 'missing' })
    }
  })
})

describe('the words of the home page', () => {
  const words = { lead: 'Quiet is a gift.', questions: [{ label: 'Why quiet?', href: '/new-to-this#why' }] }

  test('come with the software, lead to headings that are there, and can be the site’s own until they are reset', async () => {
    const shipped = homeWords(await siteSettings(db), 'en')
    expect(shipped.lead).toMatch(/\S/)
    const page = await plainPage(db, 'new-to-this', 'en')
    expect(shipped.questions.length).toBeGreaterThan(0)
    for (const { href } of shipped.questions)
      expect(page?.html).toContain(`id="${href.replace('/new-to-this#', '')}"`)
    await saveHomeWords(db, theSite, { language: 'cy', words: { lead: 'Cymraeg', questions: [] } }, now)
    await saveHomeWords(db, theSite, { language: 'en', words }, now)
    expect(homeWords(await siteSettings(db), 'en')).toEqual(words)
    expect(homeWords(await siteSettings(db), 'cy').lead).toBe('Cymraeg')
    await saveHomeWords(db, theSite, { language: 'en', words: null }, now)
    expect(homeWords(await siteSettings(db), 'en')).toEqual(shipped)
    expect(homeWords(await siteSettings(db), 'cy').lead).toBe('Cymraeg')
  })

  test('are written one question a line, and a line that leads nowhere good is refused', () => {
    const read = (questions: string) => v.safeParse(homeInput, { lead: 'x', questions })
    expect(read(questionLines(words.questions)).output).toMatchObject({ questions: words.questions })
    expect(read('').output).toMatchObject({ questions: [] })
    for (const line of ['Why?', '[Why?](why)', '[Why?](//evil.test)', '[Why?](javascript:x)', '[a](/a) b'])
      expect(read(line).success, line).toBe(false)
    expect(read('[a](/a)\n'.repeat(6)).success).toBe(false)
  })

  test('are changed by organisers only', async () => {
    for (const viewer of [anybody, reviewer])
      await expect(saveHomeWords(db, viewer, { language: 'en', words }, now)).rejects.toMatchObject({
        kind: 'forbidden',
      })
  })
})

describe('plain pages', () => {
  test('every one is shipped in English, with a title and nothing left to fill in', async () => {
    await saveSettings(db, theSite, { organiser: 'The *Institute*', contact: 'us@people.test' }, now)
    for (const name of pageNames) {
      const page = await plainPage(db, name, 'en')
      expect(page?.title, name).toMatch(/\S/)
      expect(page?.html, name).not.toMatch(/\{\w+\}|<h1/)
    }
    const about = await plainPage(db, 'about', 'en')
    expect(about?.html).toContain('The *Institute*')
    expect(about?.html).toContain('href="mailto:us@people.test"')
  })

  test('an own text replaces the shipped one until it is emptied', async () => {
    const shipped = await pageText(db, 'about', 'en')
    await saveText(db, theSite, { name: 'about', body: '# Ours', language: 'en' }, now)
    expect(await plainPage(db, 'about', 'en')).toEqual({ title: 'Ours', html: '' })
    expect((await ownTexts(db, theSite, 'en')).map((text) => text.name)).toEqual(['about'])
    await saveText(db, theSite, { name: 'about', body: '', language: 'en' }, now)
    expect(await pageText(db, 'about', 'en')).toBe(shipped)
    expect(shippedText('about', 'xx')).toBeNull()
  })
})

test('an address that is gone leads elsewhere, and never to itself', async () => {
  await saveRedirect(db, theSite, { path: '/old/', target: '/new-to-this' }, now)
  await saveRedirect(db, theSite, { path: '/old', target: '/about' }, now)
  expect(await redirectFor(db, '/old')).toBe('/about')
  expect(await redirectFor(db, '/older')).toBeNull()
  expect(await listRedirects(db, theSite)).toEqual([{ path: '/old', target: '/about' }])
  await expect(saveRedirect(db, theSite, { path: '/x', target: '/x' }, now)).rejects.toMatchObject({
    field: 'target',
  })
  await removeRedirect(db, theSite, { path: '/old' }, now)
  expect(await redirectFor(db, '/old')).toBeNull()
})

test('every country says where to turn, and an unknown one gets what holds in most', () => {
  expect(safetyCountries('en').length).toBeGreaterThan(20)
  for (const { code } of safetyCountries('en')) {
    const { emergency, routes } = safetyRoutes(code, 'en')
    expect(emergency.length, code).toBeGreaterThan(0)
    expect(routes.length, code).toBeGreaterThan(0)
  }
  for (const code of ['', null, 'ZZ', '<script>'])
    expect(safetyRoutes(code, 'en').routes.length).toBeGreaterThan(2)
})
