import { beforeEach, expect, test } from 'vitest'
import { anybody, theSite, type Viewer } from '#kernel/viewer.ts'
import { audiencesOf, currentWeek, kindsOf, verbsOf, weekByYear, wishByToken } from '#weeks/server/reads.ts'
import { tellOfWeek } from '#weeks/server/tasks.ts'
import { announceWeek, closeWeek, saveWeek, type SaveWeek } from '#weeks/server/writes/week.ts'
import { askToBeTold, confirmWish, forgetOldWishes, stopTelling } from '#weeks/server/writes/wishes.ts'
import verbsJson from '../../../../scripts/seed/verbs.json' with { type: 'json' }
import { testDatabase } from '../../../../test/db.ts'

const db = await testDatabase()
const now = new Date('2026-05-04T10:00Z')
const reviewer: Viewer = { ...anybody, roles: [{ role: 'reviewer', group: null, organisation: null }] }
const form = (over: Partial<SaveWeek> = {}): SaveWeek => ({
  year: 2026,
  monday: '2026-10-19',
  name: 'Intensive Interaction Week 2026',
  theme: null,
  dayThemes: [],
  hashtag: null,
  announcement: 'Seven days.',
  policy: null,
  from: null,
  formKey: '',
  fresh: true,
  ...over,
})

beforeEach(async () => {
  for (const table of ['weeks', 'announcementWishes', 'mails', 'rateCounts', 'formKeys'] as const)
    await db.deleteFrom(table).execute()
})

test('a first week begins as a draft with fifteen kinds, eighteen verbs that lead to them, and seventeen audiences', async () => {
  await saveWeek(db, theSite, form(), now)
  expect((await weekByYear(db, theSite, 2026))?.state).toBe('draft')
  expect(await currentWeek(db, now)).toBeNull()
  const kinds = await kindsOf(db, 2026)
  expect(kinds.map((kind) => kind.code).join(' ')).toBe(
    'share-media taster cafe flash-mob blog showing group-meeting letter visit training broadcast conversation display talk other',
  )
  const verbs = await verbsOf(db, 2026)
  expect(Object.fromEntries(verbs.map((verb) => [verb.code, verb.kind]))).toEqual(
    Object.fromEntries(verbsJson.map(({ verb, kind }) => [verb, kind])),
  )
  for (const verb of verbs) expect(verb.tenMinutes['en'], verb.code).toMatch(/\S/)
  const audiences = await audiencesOf(db, 2026)
  expect(audiences).toHaveLength(17)
  expect(new Set(audiences.map((audience) => audience.cluster)).size).toBe(6)
})

test('a new week brings along the lists and the policy of another, without what was retired', async () => {
  await saveWeek(db, theSite, form({ policy: 'Ask first.' }), now)
  await db.updateTable('kinds').set({ retired: true }).where('code', '=', 'broadcast').execute()
  await db
    .updateTable('kinds')
    .set({ names: JSON.stringify({ en: 'Tea' }) })
    .where('code', '=', 'cafe')
    .execute()
  await saveWeek(db, theSite, form({ year: 2027, monday: '2027-10-18', from: 2026 }), now)
  const kinds = await kindsOf(db, 2027)
  expect(kinds).toHaveLength(14)
  expect(kinds.find((kind) => kind.code === 'cafe')?.names).toEqual({ en: 'Tea' })
  expect((await verbsOf(db, 2027)).map((verb) => verb.code)).not.toContain('broadcast')
  expect((await verbsOf(db, 2027)).map((verb) => verb.code)).toContain('host')
  expect(await audiencesOf(db, 2027)).toEqual(await audiencesOf(db, 2026))
  expect((await weekByYear(db, theSite, 2027))?.policy).toEqual({ words: 'Ask first.' })
})

test('a year or a Monday that is taken is refused at its field, and a double press makes one week', async () => {
  await saveWeek(db, theSite, form({ formKey: 'once' }), now)
  expect(await saveWeek(db, theSite, form({ formKey: 'once' }), now)).toBe(2026)
  await expect(saveWeek(db, theSite, form(), now)).rejects.toMatchObject({ field: 'year' })
  await expect(saveWeek(db, theSite, form({ year: 2027 }), now)).rejects.toMatchObject({ field: 'monday' })
  await saveWeek(db, theSite, form({ fresh: false, name: 'Better' }), now)
  expect((await weekByYear(db, theSite, 2026))?.name).toBe('Better')
  await expect(
    saveWeek(db, theSite, form({ fresh: false, year: 1999, monday: '1999-10-18' }), now),
  ).rejects.toMatchObject({
    kind: 'missing',
  })
})

test('of two people who make the same week at once, one is told', async () => {
  const both = ['one', 'two'].map((formKey) =>
    saveWeek(db, theSite, form({ year: 2029, monday: '2029-10-15', formKey }), now),
  )
  const settled = await Promise.allSettled(both)
  expect(settled.map((one) => one.status).toSorted()).toEqual(['fulfilled', 'rejected'])
  const refused = settled.find((one) => one.status === 'rejected')
  expect(refused).toMatchObject({ reason: { field: 'year' } })
})

test('only organisers make, announce and close weeks', async () => {
  await saveWeek(db, theSite, form(), now)
  for (const viewer of [anybody, reviewer]) {
    await expect(saveWeek(db, viewer, form({ year: 2030 }), now)).rejects.toMatchObject({ kind: 'forbidden' })
    await expect(announceWeek(db, viewer, { year: 2026 }, now)).rejects.toMatchObject({ kind: 'forbidden' })
    await expect(closeWeek(db, viewer, { year: 2026 }, now)).rejects.toMatchObject({ kind: 'forbidden' })
  }
})

test('a week is announced once, not after it is over, and closed only after it', async () => {
  await saveWeek(db, theSite, form(), now)
  await expect(announceWeek(db, theSite, { year: 2026 }, new Date('2026-12-01'))).rejects.toMatchObject({
    key: 'weeks.announce.past',
  })
  await announceWeek(db, theSite, { year: 2026 }, now)
  await announceWeek(db, theSite, { year: 2026 }, new Date('2026-06-01'))
  expect((await currentWeek(db, now))?.announced).toEqual(now)
  await expect(closeWeek(db, theSite, { year: 2026 }, now)).rejects.toMatchObject({ kind: 'conflict' })
  await closeWeek(db, theSite, { year: 2026 }, new Date('2026-10-26T12:00Z'))
  expect((await weekByYear(db, anybody, 2026))?.state).toBe('closed')
  await expect(announceWeek(db, theSite, { year: 2026 }, now)).rejects.toMatchObject({
    key: 'weeks.announce.closed',
  })
})

const ask = (email: string, formKey = '') =>
  askToBeTold(db, anybody, { email, formKey, client: '203.0.113.1' }, now)
const lastToken = async (email: string): Promise<string> => {
  const mail = await db
    .selectFrom('mails')
    .select('params')
    .where('address', '=', email)
    .orderBy('created', 'desc')
    .executeTakeFirstOrThrow()
  return (mail.params as { stopLink: string }).stopLink.split('/').at(-1) ?? ''
}

test('everybody who confirmed is told once, nobody else is, and the mail can end it', async () => {
  await saveWeek(db, theSite, form(), now)
  for (let one = 0; one < 130; one += 1) {
    await db
      .insertInto('announcementWishes')
      .values({ email: `p${one}@people.test`, token: Buffer.from(`t${one}`), confirmed: now })
      .execute()
  }
  await ask('yes@people.test')
  await confirmWish(db, anybody, { token: await lastToken('yes@people.test') }, now)
  await ask('never@people.test')
  await announceWeek(db, theSite, { year: 2026 }, now)
  await Promise.all([1, 2].map(() => tellOfWeek(db, { year: 2026 }, now)))
  await tellOfWeek(db, { year: 2026 }, now)
  const told = await db.selectFrom('mails').select('address').where('name', '=', 'week-announced').execute()
  expect(told).toHaveLength(131)
  expect(told.map((mail) => mail.address)).not.toContain('never@people.test')
  const stop = await lastToken('p7@people.test')
  expect(await wishByToken(db, stop)).toBe('confirmed')
  await stopTelling(db, anybody, { token: stop }, now)
  await stopTelling(db, anybody, { token: stop }, now)
  expect(await wishByToken(db, stop)).toBeNull()
})

test('looking at a wish changes nothing, a forged word confirms nothing, a double press mails once', async () => {
  await Promise.all([ask('a@people.test', 'same'), ask('a@people.test', 'same')])
  expect(await db.selectFrom('mails').select('id').execute()).toHaveLength(1)
  const token = await lastToken('a@people.test')
  expect(await wishByToken(db, token)).toBe('asked')
  expect(await wishByToken(db, token)).toBe('asked')
  expect(await wishByToken(db, 'forged')).toBeNull()
  await expect(confirmWish(db, anybody, { token: 'forged' }, now)).rejects.toMatchObject({ kind: 'missing' })
  await confirmWish(db, anybody, { token }, now)
  await confirmWish(db, anybody, { token }, now)
  expect(await wishByToken(db, token)).toBe('confirmed')
})

test('wishes nobody confirmed are forgotten after a week, answered ones two months after the announcement', async () => {
  await ask('old@people.test')
  await saveWeek(db, theSite, form(), now)
  await ask('kept@people.test')
  await confirmWish(db, anybody, { token: await lastToken('kept@people.test') }, now)
  expect(await forgetOldWishes(db, new Date('2026-05-10T10:00Z'))).toBe(0)
  expect(await forgetOldWishes(db, new Date('2026-05-12T10:00Z'))).toBe(1)
  await announceWeek(db, theSite, { year: 2026 }, now)
  await tellOfWeek(db, { year: 2026 }, now)
  expect(await forgetOldWishes(db, new Date('2026-06-12'))).toBe(0)
  expect(await forgetOldWishes(db, new Date('2026-07-12'))).toBe(1)
})
