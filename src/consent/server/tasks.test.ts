import { expect, test } from 'vitest'
import { isAlike, rememberWithdrawn } from '#consent/server/likeness.ts'
import { renditionFor } from '#consent/server/reads/rendition.ts'
import { personPage } from '#consent/server/reads/person.ts'
import { runsOutSoon } from '#consent/server/reads/queue.ts'
import { forgetConsentRows, noteEnds, remindOfEnds, remindOfReviews } from '#consent/server/tasks.ts'
import { recordHolders } from '#consent/server/writes/records.ts'
import { linkForSupporter, requestPermission } from '#consent/server/writes/asking.ts'
import { decide } from '#consent/server/writes/deciding.ts'
import { recordBestInterests } from '#consent/server/writes/best-interests.ts'
import { recordCapacity } from '#consent/server/writes/records.ts'
import { remindMe } from '#consent/server/writes/reminding.ts'
import { takeVersion } from '#consent/server/writes/made.ts'
import { defaultPolicy } from '#organisations/policy.ts'
import { anybody } from '#kernel/viewer.ts'
import { testDatabase } from '../../../test/db.ts'
import { makeWeek } from '../../../test/make.ts'
import {
  asking,
  deciding,
  makePicture,
  schoolPolicy,
  stageFor,
  tellAndAgree,
  tellAndCheck,
} from '../../../test/consent/stage.ts'
import { makeSupported } from '../../../test/organisations.ts'

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

test('rule 21: what parents say for a child in Scotland ends at 12, in England at 13; the page, the lead and whoever asked hear of it ahead', async () => {
  const label = { label: 'Wee R.', ageBand: 'under-13' as const, nextChange: '2029-06-01' }
  const people = [{ who: label, modes: ['face' as const], names: [], seen: 'yes' as const }]
  const turnsTwelve = new Date('2028-06-01T00:00:00Z')
  for (const nation of ['scotland', 'england'] as const) {
    const own = await stageFor(db)
    const { basis, condition } = schoolPolicy
    const rules = JSON.stringify({ ...schoolPolicy, ...defaultPolicy(nation), basis, condition })
    await db.updateTable('organisations').set({ nation }).where('id', '=', own.school).execute()
    await db.updateTable('policies').set({ rules }).where('organisation', '=', own.school).execute()
    const supported = await makeSupported(db, own.school, { ...label, label: `Wee ${nation}` })
    const told = await tellAndCheck(own, now, {
      people: people.map((one) => ({ ...one, who: { supported } })),
    })
    const ask = { ...asking({ ...told, by: own.by, route: 'parents' }), holder: 'mother' }
    const { token, permission } = await requestPermission(db, own.teacher, ask, now)
    await decide(db, anybody, { ...deciding({ token, permission }), seen: 'yes' }, now)
    const holders = [{ label: 'mother', as: 'parent' as const }]
    await recordHolders(db, own.lead, { person: told.person, holders }, now)
    const seen = (at: Date) =>
      renditionFor(db, anybody, { version: told.version, width: 640, format: 'jpg' }, at)
    const isScotland = nation === 'scotland'
    expect(await seen(new Date(turnsTwelve.getTime() - 1))).not.toBeNull()
    expect((await seen(turnsTwelve)) === null).toBe(isScotland)
    const asked = (await personPage(db, token, now))?.asked[0]
    expect(asked?.ends).toEqual(isScotland ? turnsTwelve : await endOf(permission))
    const ahead = (days: number) => new Date(turnsTwelve.getTime() - days * day)
    const runsOut = await runsOutSoon(db, own.lead, { organisation: own.school, days: 30 }, ahead(20))
    expect(runsOut.map(({ why, ends }) => [why, ends])).toEqual(isScotland ? [['age', turnsTwelve]] : [])
    for (const days of [40, 30, 29.5, 20, 7, 6.5]) await remindOfEnds(db, {}, ahead(days))
    const heard = (await mails('consent-ends')).filter((one) => one === own.teacher.email)
    expect(heard).toHaveLength(isScotland ? 2 : 0)
  }
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
  // Their own page says that day, not the later one of the term; who typed an address there hears of it as well.
  const { token } = await linkForSupporter(db, stage.teacher, { person, surface, by: stage.by }, now)
  expect((await personPage(db, token, now))?.asked[0]?.ends).toEqual(new Date(review))
  await remindMe(db, anybody, { token, email: 'brother@people.test', formKey: '' }, now)
  for (const days of [40, 30, 29, 15, 7, 6]) {
    const at = new Date(review - days * day)
    for (const remind of [remindOfReviews, remindOfReviews, remindOfEnds, remindOfEnds])
      await remind(db, {}, at)
  }
  const brother = 'brother@people.test'
  expect((await mails('consent-ends')).filter((one) => one === brother)).toEqual([brother, brother])
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
