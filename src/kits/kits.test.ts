import { afterAll, beforeAll, expect, test } from 'vitest'
import sharp from 'sharp'
import { altOf, kitItem, kitItems, kitShapes, titleScale, type KitItem } from '#kits/kit.ts'
import { makeKit } from '#kits/server/make.ts'
import { kitOf } from '#kits/server/reads.ts'
import { signatureOf } from '#kits/signature.ts'
import { wordsOf } from '#kits/words.ts'
import { textIn } from '#kernel/messages.ts'
import { openTypesetter } from '#platform/server/typeset.ts'
import { testDatabase } from '../../test/db.ts'
import { makeActivity } from '../../test/make.ts'
import { linesOf, pagesOf, readPdf, tagsOf } from '../../test/pdf.ts'
import { makeVillage } from '../../test/village.ts'

const db = await testDatabase()
const now = new Date('2027-10-01T12:00:00Z')
const typesetter = openTypesetter({ atOnce: 2, seconds: 60, rest: 5 })
beforeAll(() => makeVillage(db))
afterAll(() => typesetter.stop())

const kit = (slug: string) => kitOf(db, { slug, site: 'https://week.example', language: 'en' }, now)
const printed = async (slug: string, item: KitItem) =>
  readPdf(await makeKit(typesetter, await kit(slug), item))
const wordsIn = async (slug: string, item: KitItem) =>
  (await linesOf(await printed(slug, item), 1)).map((line) => line.words).join(' ')

test('a poster says what, when, where and how to get there, on one tagged page', async () => {
  const pdf = await printed('cafe-leeds', 'poster-a4')
  const { title, when } = await kit('cafe-leeds')
  expect(pagesOf(pdf)).toBe(1)
  expect(pdf.title).toBe(title)
  const tags = await tagsOf(pdf, 1)
  expect(tags.filter((tag) => tag.type === 'H1').map((tag) => tag.words)).toEqual([title])
  expect(tags.filter((tag) => tag.type === 'Figure').every((tag) => tag.alt)).toBe(true)
  const said = tags.map((tag) => tag.words).join(' ')
  expect(said).toContain(when)
  expect(said).toContain('week.example/activities/cafe-leeds')
})

test('everything fits one page, however long the title', async () => {
  const { slug } = await makeActivity(db, {
    title:
      'An afternoon of humming, drumming and sitting together for everybody who has ever wondered what it is about'.slice(
        0,
        120,
      ),
    summary: 'w '.repeat(150).trim(),
    access: [
      'step-free',
      'accessible-toilet',
      'quiet-space',
      'relaxed',
      'parking',
      'captions',
      'hearing-loop',
    ],
  })
  for (const item of kitItems) {
    if (kitShapes[item].as === 'pdf') {
      const pdf = await printed(slug, item)
      expect([item, pagesOf(pdf)]).toEqual([item, 1])
      const lines = await linesOf(pdf, 1)
      const address = lines.find((line) => line.words.startsWith('week.example'))
      const facts = lines.slice(0, lines.indexOf(address ?? lines[0]!))
      expect(facts.length).toBeGreaterThan(8)
      // The code beside the address is five times as high as its line.
      const top = (address?.bottom ?? 0) - 4 * ((address?.bottom ?? 0) - (address?.top ?? 0))
      expect(facts.filter((line) => line.bottom > (address?.top ?? 0) || line.bottom > top + 20)).toEqual([])
    } else {
      const { width, height } = await sharp(await makeKit(typesetter, await kit(slug), item)).metadata()
      expect([item, width, height]).toEqual([item, kitShapes[item].width, kitShapes[item].height])
    }
  }
})

test('it is made from what the page says now: a change and a cancellation are in the next one', async () => {
  const { id, slug } = await makeActivity(db, { title: 'Tea and talk', startLocal: '2027-10-19T10:00' })
  expect(await wordsIn(slug, 'flyer-a5')).toContain('10:00')
  await db
    .updateTable('activities')
    .set({ title: 'Tea and drums', state: 'cancelled', startLocal: '2027-10-19T11:30' })
    .where('id', '=', id)
    .execute()
  const words = await wordsIn(slug, 'flyer-a5')
  expect(words).toContain('Tea and drums')
  expect(words).toContain('11:30')
  expect(words).not.toContain('10:00')
  expect(words).toContain('Cancelled')
})

test('a private place is its town only, and how to join online is nowhere', async () => {
  const { slug } = await makeActivity(db, {
    mode: 'hybrid',
    privatePlace: true,
    placeName: 'Fernhollow House',
    joinUrl: 'https://meet.example/secret',
  })
  const words = JSON.stringify(wordsOf(await kit(slug), textIn('en'))) + (await wordsIn(slug, 'poster-a4'))
  expect(words).not.toMatch(/Fernhollow|secret/)
  expect(words).toContain('Leeds')
})

test('what may not be read has no kit, the same as what never was', async () => {
  for (const slug of [
    'not-declined',
    'not-withdrawn',
    'never-was',
    'week-1999',
    'group-never',
    '',
    '\0',
    'a/b',
  ]) {
    await expect(kit(slug)).rejects.toMatchObject({ kind: 'missing' })
  }
})

test('a week and a group have one as well', async () => {
  expect(await wordsIn('week-2027', 'slide')).toContain('2027')
  expect(await wordsIn('group-leeds', 'poster-a4')).toContain('Leeds')
})

test('other scripts are set in faces of their own, Arabic from the right', async () => {
  for (const title of [
    'مقهى للآباء',
    'מפגש קפה',
    '家長咖啡時間',
    'お茶の時間',
    '차 모임',
    'चाय और बातें',
    'தேநீர்',
  ]) {
    const { slug } = await makeActivity(db, { title })
    expect(pagesOf(await printed(slug, 'poster-a4'))).toBe(1)
  }
})

test('a character that no typeface of ours has is refused and named', async () => {
  const { slug } = await makeActivity(db, { title: 'Tea \u{1F600}' })
  await expect(printed(slug, 'poster-a4')).rejects.toMatchObject({
    key: 'kit.unprintable',
    params: { character: '\u{1F600}' },
  })
})

test('the words for a picture are the words in it, and an address means one thing only', async () => {
  const { title, when, where, week } = await kit('cafe-leeds')
  expect(altOf(await kit('cafe-leeds'))).toBe([title, when, where, week].join('. '))
  const named = { ...(await kit('cafe-leeds')), title: 'Tea with Sam B.', where: '', host: 'Sam B.' }
  expect(altOf(named)).toBe(`Tea with Sam B. ${when}. ${week}`)
  expect(Object.values(wordsOf(named, textIn('en'))).join('\n')).not.toMatch(/\.\s?\.|: \./)
  expect(kitItem('poster-a4.pdf')).toBe('poster-a4')
  for (const file of ['poster-a4.png', 'card-wide.pdf', 'poster-a4', '../poster-a4.pdf', 'qr.svg'])
    expect(kitItem(file)).toBeNull()
  expect(titleScale('Tea')).toBe(1)
})

test('a note for the press is a page of text with every fact under its name', async () => {
  const { slug } = await makeActivity(db, {
    title: 'Humming in the hall',
    summary: 'Sit, hum and have tea.',
    access: ['step-free', 'quiet-space'],
    hostName: 'Sam of the hall',
  })
  const pdf = await printed(slug, 'press-note')
  expect(pagesOf(pdf)).toBe(1)
  const tags = await tagsOf(pdf, 1)
  expect(tags.filter((tag) => tag.type === 'H1').map((tag) => tag.words)).toEqual(['Humming in the hall'])
  expect(tags.filter((tag) => tag.type === 'Figure').every((tag) => tag.alt)).toBe(true)
  const said = tags.map((tag) => tag.words).join(' ')
  for (const words of ['For the local paper', 'When', 'Step-free', 'Sam of the hall', 'As its page said on'])
    expect(said).toContain(words)
})

test('what hangs somewhere says of which day it is', async () => {
  expect(await wordsIn('cafe-leeds', 'poster-a4')).toContain('As its page said on Friday 1 October 2027')
})

test('the end of an e-mail says everything in words, also for whoever sees no picture', async () => {
  const { slug } = await makeActivity(db, { title: 'Tea & "talk" <b>' })
  const one = await kit(slug)
  const html = signatureOf(one, 'https://week.example', 'Cancelled')
  expect(html).toContain('Tea &amp; &quot;talk&quot; &lt;b&gt;')
  expect(html).not.toContain('<b>')
  expect(html).toMatch(/<img src="https:\/\/week\.example\/kit\/[a-z0-9-]+\/signature\.png"[^>]* alt="Tea/)
  expect(html).not.toContain('Cancelled')
  expect(signatureOf({ ...one, cancelled: true }, '', 'Cancelled')).toContain('Cancelled')
  const { width, height } = await sharp(await makeKit(typesetter, one, 'signature')).metadata()
  expect([width, height]).toEqual([320, 200])
})
