import sharp from 'sharp'
import { afterAll, expect, test } from 'vitest'
import { languageCodes } from '#activities/edit.ts'
import { blockOf } from '#letters/address.ts'
import { envelopes, geometries, type Envelope } from '#letters/envelope.ts'
import { openTypesetter } from '#platform/server/typeset.ts'
import { linesOf, pagesOf, pictureOf, readPdf, tagsOf } from '../../../../test/pdf.ts'
import { sheet, tooLong } from '../../../../test/sheets.ts'
import { sentences } from '../../../../test/sentences.ts'
import { setLetters, type Sheet } from './paper.ts'

const typesetter = openTypesetter({ atOnce: 1, seconds: 60, rest: 5 })
afterAll(() => typesetter.stop())

const choices = { envelope: 'dl', largePrint: false, language: 'en', list: false } as const
const set = async (sheets: readonly Sheet[], more: Partial<Parameters<typeof setLetters>[2]> = {}) =>
  readPdf(await setLetters(typesetter, sheets, { ...choices, ...more }))

test.each(envelopes.flatMap((envelope) => ['en', 'ar'].map((language) => [envelope, language] as const)))(
  'the address stands inside the window of %s, of a letter in "%s"',
  async (envelope: Envelope, language) => {
    const pdf = await set([{ ...sheet, language }], { envelope })
    const window = geometries[envelope]
    const shown = (await linesOf(pdf, 1)).filter((line) => sheet.address.includes(line.words))
    expect(shown.map((line) => line.words)).toEqual(sheet.address)
    for (const line of shown) {
      expect(line.left).toBeGreaterThanOrEqual(window.left)
      expect(line.right).toBeLessThanOrEqual(window.right)
      expect(line.top).toBeGreaterThanOrEqual(window.top)
      expect(line.bottom).toBeLessThanOrEqual(window.bottom)
    }
    const others = (await linesOf(pdf, 1)).filter((line) => !sheet.address.includes(line.words))
    const seen = others.filter(
      (line) => line.bottom > window.top && line.top < window.bottom && line.left < window.right,
    )
    expect(seen).toEqual([])
  },
)

test('what has no place to break stays on the sheet', async () => {
  const long = `https://week.example/${'a1b2c3d4'.repeat(40)}`
  const pdf = await set([{ ...sheet, title: 'Hum'.repeat(60), words: `See ${long} and come.` }])
  const lines = await linesOf(pdf, 1)
  expect(Math.max(...lines.map((line) => line.right))).toBeLessThan(195)
  const words = lines
    .map((line) => line.words)
    .join('')
    .replaceAll(/[\u200b\s]/g, '')
  expect(words).toContain(long)
  for (const largePrint of [false, true])
    for (const wide of ['W'.repeat(60), 'W'.repeat(24), 'W'.repeat(21)]) {
      const sender = { name: wide, lines: [wide] }
      const all = { sender, title: wide, greeting: wide, words: wide, closing: wide, signatures: [wide] }
      const pages = await set([{ ...sheet, ...all, address: [...tooLong, wide] }], { largePrint })
      for (let page = 1; page <= pagesOf(pages); page += 1)
        expect(Math.max(...(await linesOf(pages, page)).map((line) => line.right))).toBeLessThan(190.5)
    }
})

test('lines stay lines, and an empty one begins a paragraph', async () => {
  const pdf = await set([{ ...sheet, words: 'First line\nSecond line\n- item\n \nNext.' }])
  const said = (await linesOf(pdf, 1)).map((line) => line.words)
  const at = said.indexOf('First line')
  expect(said.slice(at, at + 4)).toEqual(['First line', 'Second line', '- item', 'Next.'])
  const parts = (await tagsOf(pdf, 1)).filter((tag) => tag.type === 'P').map((tag) => tag.words)
  expect(parts).toEqual(expect.arrayContaining(['First line Second line - item', 'Next.']))
})

test('the QR code is at least 20 mm wide without its quiet zone', async () => {
  const pdf = await set([sheet])
  const page = await pdf.document.getPage(1)
  const { data, info } = await sharp(await pictureOf(pdf, 1))
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true })
  const perMm = info.width / (((page.view[2] ?? 0) * 25.4) / 72)
  const text = (await linesOf(pdf, 1)).find((line) => line.words === sheet.replyAddress)
  const [row, end] = [Math.round((text?.top ?? 0) * perMm), Math.round((text?.left ?? 0) * perMm) - 4]
  const dark: number[] = []
  for (let y = row - 40; y < row + 40; y += 1)
    for (let x = Math.round(24 * perMm); x < end; x += 1)
      if ((data[y * info.width + x] ?? 255) < 128) dark.push(x)
  const wide = (Math.max(...dark) - Math.min(...dark)) / perMm
  expect(wide).toBeGreaterThanOrEqual(20)
  expect(wide).toBeLessThan(21.5)
})

test('it is tagged: each line of the address a paragraph, in the order in which it is read', async () => {
  const pdf = await set([sheet])
  expect(pdf.title).toBe(sheet.title)
  expect(pdf.language).toBe('en')
  const tags = await tagsOf(pdf, 1)
  expect(tags.filter((tag) => tag.type === 'H1')).toEqual([{ type: 'H1', words: sheet.title, alt: null }])
  const said = tags.filter((tag) => tag.type === 'P').map((tag) => tag.words)
  expect(said.filter((words) => sheet.address.includes(words))).toEqual(sheet.address)
  expect(said.indexOf('Dear Councillor Khan,')).toBeGreaterThan(said.indexOf('Leeds LS1 1UR'))
  expect(tags.find((tag) => tag.type === 'Figure')?.alt).toContain('https://week.example/reply/K7QD-4MTX')
})

test('an address that four lines do not take gets a sheet in front, with all of it', async () => {
  const pdf = await set([{ ...sheet, address: tooLong }])
  expect(pagesOf(pdf)).toBe(2)
  expect((await linesOf(pdf, 1)).map((line) => line.words)).toEqual(expect.arrayContaining(tooLong))
  expect((await linesOf(pdf, 2)).map((line) => line.words)).toContain(sheet.greeting)
  const wide = ['Ann', 'W'.repeat(40), 'Leeds']
  expect(pagesOf(await set([{ ...sheet, address: wide }]))).toBe(2)
})

test.each([
  [
    'Sam Lee|Chair|Leeds Learning Trust|Town Hall|High Street|Anytown|AB1 2CD',
    'Sam Lee|Chair, Leeds Learning Trust|Town Hall, High Street|Anytown AB1 2CD',
  ],
  [
    'Leeds City Council|Town Hall|High Street|Anytown|AB1 2CD',
    'Leeds City Council|Town Hall|High Street|Anytown AB1 2CD',
  ],
  ['Ann|1 Road|Leeds|LS1 1UR', 'Ann|1 Road|Leeds|LS1 1UR'],
  [
    'Department of Education, Children’s Services and Lifelong Learning|Hall|York',
    'Department of Education|Children’s Services and Lifelong Learning|Hall|York',
  ],
  ['A|B|C|D|E|F|G|H|1234 AB', 'A|B, C, D, E|F, G|H 1234 AB'],
])('an address of "%s" stands in the window, all of it', async (given, shown) => {
  const address = given.split('|')
  const lines = shown.split('|')
  const block = blockOf(address) ?? []
  const all = (of: readonly string[]) => of.join(' ').replaceAll(/[\s,]+/g, ' ')
  expect(all(block)).toBe(all(address))
  expect(block).toEqual(lines)
  const pdf = await set([{ ...sheet, address }], { envelope: 'us10' })
  expect(pagesOf(pdf)).toBe(1)
  const words = (await linesOf(pdf, 1)).filter((line) => lines.includes(line.words))
  expect(words.map((line) => line.words)).toEqual(lines)
  expect(Math.max(...words.map((line) => line.right))).toBeLessThanOrEqual(geometries.us10.right)
  expect(Math.max(...words.map((line) => line.bottom))).toBeLessThanOrEqual(geometries.us10.bottom)
})

test.each(['aWQ&', 'ŵØ0é', 'ЖщΩש', 'ЮФΜω', '中あ한ज', 'আயఅක'])(
  'the widest lines of %s that go into the window stay in it',
  async (letters) => {
    const address = Array.from(letters, (letter) => {
      let words = letter
      while (blockOf([words + letter]) !== null) words += letter
      return words
    })
    const pdf = await set([{ ...sheet, address }])
    expect(pagesOf(pdf)).toBe(1)
    const shown = (await linesOf(pdf, 1)).filter((line) => address.includes(line.words))
    expect(shown.map((line) => line.words)).toEqual(address)
    expect(Math.max(...shown.map((line) => line.right))).toBeLessThanOrEqual(geometries.dl.right)
  },
)

test('what somebody wrote is never code', async () => {
  const words = '#import "x": y [ ] $x^2$ \\ *bold* _it_ @ref <label> // no comment /* nor this'
  const pdf = await set([{ ...sheet, words }])
  expect((await linesOf(pdf, 1)).map((line) => line.words).join(' ')).toContain(words)
})

test('each language that can be chosen, and others, is set with its own script and its own date', async () => {
  const all = [...new Set([...languageCodes, ...Object.keys(sentences)])]
  const letterIn = (language: string): Sheet => {
    const words = sentences[language] ?? sheet.words
    return { ...sheet, language, title: words, words, replyAddress: null, signatures: [words] }
  }
  const pdf = await set(all.map(letterIn))
  expect(pagesOf(pdf)).toBe(all.length)
  for (const [at, language] of all.entries()) {
    const right = Math.max(...(await linesOf(pdf, at + 1)).map((line) => line.right))
    expect([language, right < 190.5 || right]).toEqual([language, true])
  }
})

test('a long word that fits its line is not broken', async () => {
  const title = 'அவன் மகிழ்ச்சியாக இருக்கும்போது முணுமுணுக்கிறான்.'
  const words = 'Donaudampfschifffahrtsgesellschaft '.repeat(3).trim()
  const lines = await linesOf(await set([{ ...sheet, language: 'ta', title, words }]), 1)
  expect(lines.filter(({ size }) => size > 15).map((line) => line.words.split(' ').length)).toEqual([3, 1])
  expect(lines.filter((line) => line.words.startsWith('Donau')).map((line) => line.words.length)).toEqual([
    69, 34,
  ])
})

test('Cyrillic and Greek are as wide as their letters are, not as Chinese ones', async () => {
  const address = ['Министерство образования', 'Υπουργείο Παιδείας και Αθλητισμού', 'Sofia']
  const shown = (await linesOf(await set([{ ...sheet, address }]), 1)).filter(({ words }) =>
    address.includes(words),
  )
  expect(shown).toHaveLength(3)
  const em = 3.53
  for (const { words, left, right } of shown) expect((right - left) / em / words.length).toBeLessThan(0.66)
})

test.each([
  [
    'yue',
    '請來看看',
    '親愛的主席：',
    '他開心的時候會哼歌。臺灣、澳門與香港的學校、醫院、議會，請於這個星期到訪半小時。',
  ],
  ['zh', '请来看看', '親愛的主席：', '他开心的时候会哼歌。龜、鬱、衛、關、聽、體、讓、鐵、臺、灣。'],
  ['bo', 'ཤོག་ལ་གཟིགས།', 'གཙོ་འཛིན་ལགས།', 'ཁོང་དགའ་པོ་ཡོད་དུས་གླུ་ལེན་གྱི་ཡོད། སློབ་གྲྭ་དང་སྨན་ཁང་ལ་ཕེབས་རོགས་གནང་།'],
])('every character of a letter in %s is set, from a typeface that ships', async (...of) => {
  const [language, title, greeting, words] = of
  const pdf = await set([{ ...sheet, language, title, greeting, words }])
  const read = (await linesOf(pdf, 1)).map((line) => line.words).join('')
  const only = (one: string): string => one.replaceAll(/[\s\u200b]/g, '')
  // Whoever reads a cluster of Tibetan out of a PDF gets its vowels twice: each of its signs stands for all of it.
  if (language === 'bo') for (const one of only(title + greeting + words)) expect(read).toContain(one)
  else for (const part of [title, greeting, words]) expect(only(read)).toContain(only(part))
  expect(read).not.toMatch(/[\ufffd\0]/)
})

test('large print is large on every page, and a long sender stays beside the window', async () => {
  const name = 'Ann of the rather long and double-barrelled name of Example'
  const sender = { name, lines: Array.from({ length: 5 }, () => `Flat 12, ${'Longhouse'.repeat(4)}, Leeds`) }
  const long = { ...sheet, sender, words: `${sheet.words}\n\n`.repeat(20) }
  const pdf = await set([long], { largePrint: true, envelope: 'din-a' })
  const { left, right, top, bottom } = geometries['din-a']
  const within = (await linesOf(pdf, 1)).filter(
    (line) => line.bottom > top && line.top < bottom && line.left < right,
  )
  expect(within.map((line) => line.words)).toEqual(sheet.address)
  expect(within.every((line) => line.left >= left)).toBe(true)
  expect(pagesOf(pdf)).toBeGreaterThan(2)
  for (let page = 2; page <= pagesOf(pdf); page += 1)
    for (const line of await linesOf(pdf, page)) expect(line.size).toBeGreaterThanOrEqual(18)
})

test('large print is large, and the address still fits the window', async () => {
  const pdf = await set([sheet], { largePrint: true })
  const greeting = (await linesOf(pdf, 1)).find((line) => line.words === sheet.greeting)
  expect(greeting?.size).toBe(18)
  const last = (await linesOf(pdf, 1)).find((line) => line.words === sheet.address[3])
  expect(last?.bottom).toBeLessThanOrEqual(geometries.dl.bottom)
})

test('a letter of several pages says which each is, and its name stays with its end', async () => {
  for (let at = 20; at < 26; at += 1) {
    const pdf = await set([{ ...sheet, words: 'He hums.\n\n'.repeat(at) }], { largePrint: true })
    const pages = await Promise.all(Array.from({ length: pagesOf(pdf) }, (_, page) => linesOf(pdf, page + 1)))
    const feet = Array.from(pages, (_, page) => `Reference K7QD-4MTX · ${page + 1} / ${pages.length}`)
    expect(pages.map((lines) => lines.at(-1)?.words)).toEqual(feet)
    expect(pages[1]?.at(-1)?.size, 'in large print as well').toBe(18)
    const end = pages.find((lines) => lines.some(({ words }) => words === sheet.closing))
    expect(end?.map(({ words }) => words)).toContain(sheet.sender.name)
  }
})

test('many come in one file, in order, behind a list for posting', async () => {
  const many = Array.from({ length: 30 }, (_, at) => ({ ...sheet, code: `AAAA-${1000 + at}` }))
  many[2] = { ...sheet, code: 'WNWW-UBEG' }
  many[3] = { ...sheet, code: 'WWWW-WWWW' }
  many[1] = { ...sheet, code: 'AAAA-1001', address: tooLong }
  const pdf = await set(many, { list: true })
  const pages = pagesOf(pdf)
  expect(pages).toBeGreaterThan(30)
  expect((await tagsOf(pdf, 1)).filter((tag) => tag.type === 'TH').map((tag) => tag.words)).toEqual([
    'Done',
    'Number',
    'To',
    'Reference',
  ])
  expect((await linesOf(pdf, 1)).map((line) => line.words).join(' ')).toContain(
    '(address on a sheet of its own)',
  )
  for (const largePrint of [false, true]) {
    const listed = await linesOf(await set(many.slice(2, 4), { list: true, largePrint }), 1)
    const said = listed.map((line) => line.words).join(' ')
    for (const { code } of many.slice(2, 4)) expect(said).toContain(code)
  }
  const last = (await linesOf(pdf, pages)).map((line) => line.words)
  expect(last).toContain('Reference AAAA-1029')
})

test('a character that no typeface of ours has is refused with its sentence', async () => {
  const words = 'All is well. He smiled \u{1F600} at me. Then we went home.'
  await expect(setLetters(typesetter, [{ ...sheet, words }], choices)).rejects.toMatchObject({
    kind: 'invalid',
    key: 'paper.unprintable',
    params: { character: '\u{1F600}', sentence: 'He smiled \u{1F600} at me.' },
  })
})

test('no letter at all, or more than a thousand, is refused', async () => {
  await expect(setLetters(typesetter, [], choices)).rejects.toMatchObject({ key: 'paper.how-many' })
})
