import { expect, test } from 'vitest'
import { isAlike, rememberWithdrawn } from '#consent/server/likeness.ts'
import { renditionFor } from '#consent/server/reads/rendition.ts'
import { runsOutSoon } from '#consent/server/reads/queue.ts'
import { forgetConsentRows, noteEnds, remindOfEnds, remindOfReviews } from '#consent/server/tasks.ts'
import { recordBestInterests } from '#consent/server/writes/best-interests.ts'
import { recordCapacity } from '#consent/server/writes/records.ts'
import { remindMe } from '#consent/server/writes/reminding.ts'
import { takeVersion } from '#consent/server/writes/made.ts'
import { anybody } from '#kernel/viewer.ts'
import { testDatabase } from '../../../test/db.ts'
import { makeWeek } from '../../../test/make.ts'
import { makePicture, stageFor, tellAndAgree, tellAndCheck } from '../../../test/consent/stage.ts'

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-20T12:00:00Z')
const day = 86_400_000
const stage = await stageFor(db)
const { lead, vetted } = stage
const endOf = async (permission: string): Promise<Date> =>
  (await db.selectFrom('permissions').select('ends').where('id', '=', permission).executeTakeFirstOrThrow())
    .ends
const byName = (one: string | null, other: string | null): number => (one ?? '').localeCompare(other ?? '')
const mails = async (name: string): Promise<string[]> =>
  (await db.selectFrom('mails').select('address').where('name', '=', name).orderBy('address').execute()).map(
    ({ address }) => address,
  )
const events = async (): Promise<number> =>
  (await db.selectFrom('consentEvents').select('n').execute()).length

test('rule 6: an end is written down once, however often the clock comes, and hides nothing that was not hidden', async () => {
  const { version, permission } = await tellAndAgree(stage, now)
  const ends = await endOf(permission)
  const before = new Date(ends.getTime() - 1)
  const seen = (at: Date) => renditionFor(db, anybody, { version, width: 640, format: 'jpg' }, at)
  await noteEnds(db, {}, before)
  expect([await seen(before), await seen(ends)]).toMatchObject([{ type: 'image/jpeg' }, null])
  await noteEnds(db, {}, ends)
  const written = await events()
  await noteEnds(db, {}, new Date(ends.getTime() + 1))
  expect(await events()).toBe(written)
  const { state } = await db
    .selectFrom('permissions')
    .select('state')
    .where('id', '=', permission)
    .executeTakeFirstOrThrow()
  expect(state).toBe('expired')
})

test('whoever typed an address on a person’s page is reminded 30 and 7 days ahead, each once; nobody else is', async () => {
  const { token, permission } = await tellAndAgree(stage, now)
  await remindMe(db, anybody, { token, email: 'sister@people.test', formKey: '' }, now)
  const ends = await endOf(permission)
  for (const days of [40, 30, 29.5, 20, 7, 6.5, 3]) {
    const at = new Date(ends.getTime() - days * day)
    await remindOfEnds(db, {}, at)
    await remindOfEnds(db, {}, at)
  }
  expect((await mails('consent-ends')).filter((one) => one === 'sister@people.test')).toHaveLength(2)
})

test('a decision in somebody’s best interests is due again: the lead and who wrote it down hear 30 and 7 days ahead, each once', async () => {
  const told = await tellAndCheck(stage, now)
  const { person, surface, version } = told
  const words = 'We used pictures and his own phone.'
  await recordCapacity(
    db,
    lead,
    { person, surface: null, outcome: 'lacks', review: '2029-01-01', words },
    now,
  )
  const weighed = {
    consulted: 2,
    circle: 3,
    purposes: ['celebrate' as const],
    modifiers: [],
    review: '2028-03-01',
  }
  const looked = { versions: [version], modes: ['face' as const], seen: 'no-sign' as const, words }
  await recordBestInterests(db, vetted, { person, surface, ...weighed, ...looked }, now)
  const review = Date.UTC(2028, 2, 1)
  expect(
    await runsOutSoon(db, lead, { organisation: stage.school, days: 30 }, new Date(review - 20 * day)),
  ).toContainEqual(expect.objectContaining({ person, surface, why: 'review', ends: new Date(review) }))
  for (const days of [40, 30, 29, 15, 7, 6]) {
    await remindOfReviews(db, {}, new Date(review - days * day))
    await remindOfReviews(db, {}, new Date(review - days * day))
  }
  const to = [lead, lead, vetted, vetted].map((one) => one.email)
  expect((await mails('consent-review')).toSorted(byName)).toEqual(to.toSorted(byName))
})

test('rule 25: withdrawn pictures and links whose time is over are forgotten, once', async () => {
  const sha256 = Buffer.alloc(32, 7)
  const { version } = await makePicture(db, { sha256 })
  await db.transaction().execute((trx) => rememberWithdrawn(trx, [version], now))
  expect(await isAlike(db, version, now)).toBe(true)
  const muchLater = new Date(now.getTime() + 900 * day)
  const first = await forgetConsentRows(db, muchLater)
  expect(first['withdrawn-hashes']).toBeGreaterThan(0)
  expect(first['consent-links']).toBeGreaterThan(0)
  expect(await forgetConsentRows(db, muchLater)).toEqual({ 'consent-links': 0, 'withdrawn-hashes': 0 })
  expect(await isAlike(db, version, now)).toBe(false)
})

test('a version that is told of twice is placed once', async () => {
  const { version: source, surface } = await tellAndAgree(stage, now)
  const { version } = await makePicture(db, { surface, source, coveredBy: stage.by })
  const made = {
    version,
    surface,
    source,
    maker: stage.by,
    organisation: stage.school,
    sha256: null,
    likeness: null,
  }
  const take = () => db.transaction().execute((trx) => takeVersion(trx, made, now))
  await take()
  await take()
  const placed = await db
    .selectFrom('placements')
    .select('state')
    .where('version', 'in', [source, version])
    .orderBy('state')
    .execute()
  expect(placed).toEqual([{ state: 'held' }, { state: 'purged' }])
})
