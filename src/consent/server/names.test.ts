import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bitsApart, looksAlike, nearBits } from '#consent/likeness.ts'
import { nameHashesOf, namesIn, sealsIn } from '#consent/server/names.ts'
import { isAlike, keepFingerprint } from '#consent/server/likeness.ts'
import { renditionFor } from '#consent/server/reads/rendition.ts'
import { toRestore } from '#consent/server/reads/second-person.ts'
import { standingOf } from '#consent/server/reads/standing.ts'
import { forgetConsentRows } from '#consent/server/tasks.ts'
import { takeVersion } from '#consent/server/writes/made.ts'
import { noticeNames } from '#consent/server/writes/naming.ts'
import { placeVersion } from '#consent/server/writes/placing.ts'
import { checkWhoIsIn, sayWhoIsIn } from '#consent/server/writes/saying.ts'
import { withdraw } from '#consent/server/writes/withdrawing.ts'
import { requestPermission } from '#consent/server/writes/asking.ts'
import { decide } from '#consent/server/writes/deciding.ts'
import { anybody } from '#kernel/viewer.ts'
import { testDatabase } from '../../../test/db.ts'
import { makeWeek } from '../../../test/make.ts'
import {
  adult,
  asking,
  deciding,
  makePicture,
  placing,
  stageFor,
  tellAndAgree,
} from '../../../test/consent/stage.ts'

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-20T12:00:00Z')
const later = (days: number): Date => new Date(now.getTime() + days * 86_400_000)
const stage = await stageFor(db)
const seen = async (version: string, at: Date): Promise<boolean> =>
  (await renditionFor(db, anybody, { version, width: 640, format: 'jpg' }, at)) !== null

describe('rule 14', () => {
  const found = (words: string, ...names: string[]): number =>
    namesIn(sealsIn(words), nameHashesOf(names)).length

  test.each([
    'Zoë rang the bell',
    'ZOË',
    'zoe',
    'we sat with zoë’s drum',
    "Zoe's day",
    'Zoes day',
    'Zo\u00ADe\u0308',
    'IMG_zoe2.jpg',
    'zoe-and-the-drum-a1b2c',
    '#ZoeAtPlay',
    'ｚｏｅ',
    'Zozo laughs',
    'mary-jane',
    'with Mary\nJane',
    'Jane waved',
    'MARYJANE',
  ])('finds a name or a nickname in "%s"', (words) => {
    expect(found(words, 'Zoë', 'Zozo', 'Mary Jane')).toBeGreaterThan(0)
  })

  test.each([
    ['We met ZOLTÁN by the river', 'Zoltan Nagy'],
    ['Zoltáns drum', 'Zoltan Nagy'],
    ["Zoltan's drum", 'Zoltan Nagy'],
    ['Nagy rang it', 'Zoltan Nagy'],
    ['zoltannagy.jpg', 'Zoltan Nagy'],
    ['Lena sang', 'Anna-Lena'],
    ['ANNALENA', 'Anna-Lena'],
    ['Anna Lenas song', 'Anna-Lena'],
    ['Mr OBrien', 'Pat O’Brien'],
    ['cruz ran', 'Maria de la Cruz'],
    ['Al sat by the river', 'Al'],
  ])('finds "%s" of somebody called "%s"', (words, name) => {
    expect(found(words, name)).toBeGreaterThan(0)
  })

  test.each([
    ['the river of the town', 'Maria de la Cruz of the Hill'],
    ['e de van y al bin', 'Jan van de Velde y Al bin Said'],
    ['o how nice', 'Pat O’Brien'],
    ['s k', 'S Kay'],
    ['zoology', 'Zoë'],
    ['ozoe', 'Zoë'],
    ['', 'Zoë'],
  ])('finds none in "%s" of somebody called "%s"', (words, name) => {
    expect(found(words, name)).toBe(0)
  })

  test('rule 14: every word of a name is found by itself, wherever it stands and however it is written', () => {
    const words = fc.array(fc.stringMatching(/^Q[a-z]{2,9}$/), { minLength: 1, maxLength: 5 })
    const ways: ((word: string) => string)[] = [
      (word) => word,
      (word) => word.toUpperCase(),
      (word) => word.replace(/[aeo]/g, '$&\u0301'),
      (word) => `${word}'s`,
      (word) => `${word}s`,
      (word) => `IMG_${word.toLowerCase()}2.jpg`,
      (word) => `with-${word.toLowerCase()}-by-the-river`,
    ]
    fc.assert(
      fc.property(words, fc.nat(4), fc.constantFrom(...ways), fc.boolean(), (name, at, way, hyphens) => {
        const one = name[at % name.length] ?? ''
        const called = name.join(hyphens ? '-' : ' ')
        expect(found(`We met ${way(one)} again`, called)).toBeGreaterThan(0)
        expect(found('We met nobody again', called)).toBe(0)
      }),
    )
  })

  test('keeps no name, only what this site can compare', () => {
    const hashes = nameHashesOf(['Zoë', 'Zozo', 'Mary Jane'])
    expect(new Set(hashes.map((hash) => hash.length))).toEqual(new Set([32]))
    expect(Buffer.concat(hashes).toString('latin1').toLowerCase()).not.toContain('zo')
  })

  test('a child’s name in the words hides the picture that shows their face, and is told in plain words', async () => {
    const who = { label: 'Z', ageBand: '13-15' as const, nextChange: '2029-01-01' }
    const { version, surface } = await makePicture(db)
    const { teacher, vetted, by } = stage
    await placeVersion(db, teacher, placing(stage, { surface, version }), now)
    const people = [adult({ who, names: ['Zoë'] })]
    const { said, people: ids } = await sayWhoIsIn(
      db,
      teacher,
      { surface, version, people, nobody: false, by },
      now,
    )
    await checkWhoIsIn(db, vetted, { said, wrong: [], covered: [] }, now)
    const person = ids[0] ?? ''
    const title = (words: string) => [{ place: 'title' as const, version: null, number: null, words }]
    const notice = (words: string) => noticeNames(db, teacher, { surface, texts: title(words), by }, now)
    expect(await notice('A drum, zoology')).toEqual([])
    const first = await notice('A drum. ZOE rang it')
    expect(first).toMatchObject([{ person, where: [{ place: 'title' }] }])
    expect(await notice('A drum. ZOE rang it')).toEqual(first)
    const ask = { ...asking({ surface, person, by, route: 'parents' }), holder: 'mother' }
    await decide(db, anybody, deciding(await requestPermission(db, teacher, ask, now)), now)
    const [placement] = (await standingOf(db, surface, now)).placements
    expect(placement?.people[0]?.missing).toContainEqual({ key: 'consent.why.name-and-face', params: {} })
  })
})

describe('rule 25', () => {
  const likeness = '01'.repeat(32)
  const flipped = (count: number): string =>
    Array.from(likeness, (bit, at) => (at < count ? (bit === '0' ? '1' : '0') : bit)).join('')

  test('bits are counted, and only near ones are taken for the same picture', () => {
    expect([bitsApart(likeness, likeness), bitsApart(likeness, flipped(9))]).toEqual([0, 9])
    expect(looksAlike(likeness, flipped(nearBits))).toBe(true)
    expect(looksAlike(likeness, flipped(nearBits + 1))).toBe(false)
    expect(looksAlike(likeness, '')).toBe(false)
  })

  test('the same bytes, or nearly the same picture, wait for a second person after a withdrawal; others do not', async () => {
    const told = await tellAndAgree(stage, now)
    const sha256 = Buffer.alloc(32, 7)
    await db.transaction().execute((trx) => keepFingerprint(trx, { version: told.version, sha256, likeness }))
    await withdraw(db, anybody, { token: told.token, everywhere: false, formKey: '' }, now)
    const again = async (over: { sha256?: Buffer; likeness?: string }) => {
      const picture = await makePicture(db, over.sha256 ? { sha256: over.sha256 } : {})
      const { version, surface } = picture
      const made = { version, surface, source: null, maker: stage.by, organisation: stage.school }
      const hashes = { sha256: over.sha256 ?? null, likeness: over.likeness ?? null }
      await db.transaction().execute((trx) => takeVersion(trx, { ...made, ...hashes }, later(1)))
      await placeVersion(db, stage.teacher, placing(stage, { surface, version }), later(1))
      return (await toRestore(db, stage.vetted, surface, later(1))).stops
    }
    const stopped = 'alike'
    expect(await again({ sha256 })).toContain(stopped)
    expect(await again({ likeness: flipped(3) })).toContain(stopped)
    expect(await again({ likeness: flipped(20), sha256: Buffer.alloc(32, 9) })).not.toContain(stopped)
  })

  test('is forgotten after a year', async () => {
    const { version } = await makePicture(db, { sha256: Buffer.alloc(32, 7) })
    expect(await isAlike(db, version, later(364))).toBe(true)
    expect(await isAlike(db, version, later(366))).toBe(false)
    expect(await forgetConsentRows(db, later(366))).toMatchObject({ 'withdrawn-hashes': 1 })
    expect(await isAlike(db, version, later(1))).toBe(false)
  })
})

describe('rule 8', () => {
  test('an edit takes the place of its source, unseen until somebody who did not make it has looked; whoever is covered still can say no', async () => {
    const { teacher, vetted, by } = stage
    const told = await tellAndAgree(stage, now, {
      people: [adult(), adult({ who: { label: 'B', ageBand: 'adult', nextChange: null } })],
    })
    const { surface } = told
    expect(await seen(told.version, now)).toBe(false)
    const edit = await makePicture(db, { surface, source: told.version, coveredBy: by })
    const made = {
      version: edit.version,
      surface,
      source: told.version,
      maker: by,
      organisation: stage.school,
    }
    await db.transaction().execute((trx) => takeVersion(trx, { ...made, sha256: null, likeness: null }, now))
    expect(await seen(told.version, now)).toBe(false)
    const rows = await db
      .selectFrom('appearances')
      .select(['id', 'person'])
      .where('version', '=', told.version)
      .where('person', 'is not', null)
      .execute()
    const covered = rows.filter(({ person }) => person !== told.person).map(({ id }) => id)
    const again = { who: { person: told.person }, modes: ['face' as const], names: [], seen: 'yes' as const }
    const { said } = await sayWhoIsIn(
      db,
      teacher,
      { surface, version: edit.version, people: [again], nobody: false, by },
      now,
    )
    expect(await seen(edit.version, now)).toBe(false)
    await checkWhoIsIn(db, vetted, { said, wrong: [], covered }, now)
    expect(await seen(edit.version, now)).toBe(true)
    const other = rows.find(({ person }) => person !== told.person)?.person ?? ''
    const { objectObserved } = await import('#consent/server/writes/withdrawing.ts')
    await objectObserved(
      db,
      stage.lead,
      { token: '', person: other, surface, version: null, seen: null, formKey: '' },
      later(1),
    )
    expect(await seen(edit.version, later(1))).toBe(false)
  })
})
