import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { barrierOf } from '#consent/conversation.ts'
import { conversationOf } from '#consent/server/reads/asking.ts'
import { personPage } from '#consent/server/reads/person.ts'
import { renditionFor } from '#consent/server/reads/rendition.ts'
import { standingOf } from '#consent/server/reads/standing.ts'
import { requestPermission } from '#consent/server/writes/asking.ts'
import { decide } from '#consent/server/writes/deciding.ts'
import { askForCircle, placeVersion } from '#consent/server/writes/placing.ts'
import { changePolicy } from '#consent/server/writes/policy.ts'
import { checkWhoIsIn, sayWhoIsIn } from '#consent/server/writes/saying.ts'
import { restore } from '#consent/server/writes/taking-down.ts'
import { Refusal } from '#kernel/refusal.ts'
import { anybody } from '#kernel/viewer.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeWeek } from '../../../../test/make.ts'
import {
  adult,
  asking,
  deciding,
  makePicture,
  placing,
  schoolPolicy,
  stageFor,
  tellAndAgree,
  tellAndCheck,
} from '../../../../test/consent/stage.ts'

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-20T12:00:00Z')
const later = (days: number): Date => new Date(now.getTime() + days * 86_400_000)
const stage = await stageFor(db)
const { teacher } = stage

const seen = async (told: { version: string }, at: Date, viewer = anybody): Promise<boolean> =>
  (await renditionFor(db, viewer, { version: told.version, width: 640, format: 'jpg' }, at)) !== null
/** A school whose policy moves. */
const strict = await stageFor(db)
const writePolicy = (over: Partial<typeof schoolPolicy>, at: Date) =>
  changePolicy(async (trx) => {
    await sql`insert into policies (organisation, version, rules, created)
      select ${strict.school}, max(version) + 1, ${JSON.stringify({ ...schoolPolicy, ...over })}::jsonb, ${at}
      from policies where organisation = ${strict.school}`.execute(trx)
    return { organisation: strict.school, slug: '', people: 'all' as const }
  })(db, strict.lead, {}, at)

describe('rule 19', () => {
  test('a tighter policy hides in the same transaction; a looser one publishes nothing; a person brings it back', async () => {
    const told = await tellAndAgree(strict, now)
    await writePolicy({ widest: { ...schoolPolicy.widest, own: 2 } }, later(1))
    expect(await seen(told, later(1))).toBe(false)
    await writePolicy({}, later(2))
    expect(await seen(told, later(2))).toBe(false)
    await restore(db, strict.vetted, { surface: told.surface, reason: 'allowed again' }, later(3))
    expect(await seen(told, later(3))).toBe(true)
  })

  test('what was held by a tight policy and never seen is not published by a looser one either', async () => {
    await writePolicy({ widest: { ...schoolPolicy.widest, own: 2 } }, later(10))
    const told = await tellAndAgree(strict, later(10))
    expect(await seen(told, later(10))).toBe(false)
    await writePolicy({}, later(11))
    expect(await seen(told, later(11))).toBe(false)
    await restore(db, strict.vetted, { surface: told.surface, reason: 'allowed now' }, later(12))
    expect(await seen(told, later(12))).toBe(true)
  })

  test('before anybody has asked for it to be shown, the policy in force now is what the question goes by', async () => {
    await writePolicy({ widest: { ...schoolPolicy.widest, 'best-interests': 3 } }, later(11))
    const { version, surface } = await makePicture(db)
    await placeVersion(db, strict.teacher, placing(strict, { surface, version }), later(11))
    const saying = { surface, version, people: [adult()], nobody: false, by: strict.by }
    await sayWhoIsIn(db, strict.teacher, saying, later(11))
    const { person } = await db
      .selectFrom('appearances')
      .select('person')
      .where('surface', '=', surface)
      .where('person', 'is not', null)
      .executeTakeFirstOrThrow()
    const barrier = async () => {
      const one = await conversationOf(db, { surface, person: person ?? '' }, later(12))
      return one ? barrierOf(one, 'best-interests') : 'nobody'
    }
    expect(await barrier()).toBe('narrow')
    await writePolicy({}, later(12))
    expect(await barrier()).toBeNull()
  })

  test('what is told of rules is told of the policy in force now: asked for under an older one it is asked for again, by a person, once', async () => {
    const told = await tellAndCheck(strict, later(11))
    const { surface, version, person } = told
    const wish = asking({ surface, person, by: strict.by })
    const { token, permission } = await requestPermission(db, strict.teacher, wish, later(11))
    await writePolicy({ widest: { ...schoolPolicy.widest, own: 2 } }, later(11))
    await decide(db, anybody, deciding({ token, permission }), later(11))
    const says = async (at: Date) => {
      const { light, placements } = await standingOf(db, surface, at)
      const all = placements.flatMap(({ missing, people }) => [
        ...missing,
        ...people.flatMap((one) => one.missing),
      ])
      const { reasons } = await db
        .selectFrom('placements')
        .select('reasons')
        .where('surface', '=', surface)
        .where('state', '<>', 'purged')
        .executeTakeFirstOrThrow()
      expect(reasons.map((why) => `consent.why.${why}`)).toEqual(all.map(({ key }) => key))
      return [light, ...reasons]
    }
    expect(await says(later(11))).toEqual(['red', 'route-policy'])
    await writePolicy({}, later(12))
    expect(await says(later(12))).toEqual(['amber', 'asked-before'])
    expect(await seen(told, later(12))).toBe(false)
    const ask = () => askForCircle(db, strict.teacher, { surface, circle: 5, by: strict.by }, later(12))
    await ask()
    expect(await says(later(12))).toEqual(['green'])
    expect(await seen({ version }, later(12))).toBe(true)
    const placements = () => db.selectFrom('placements').select('id').where('surface', '=', surface).execute()
    const once = await placements()
    await ask()
    expect(await placements()).toEqual(once)
  })

  test('the page of whoever is asked says until when by the policies it is under now, not by the one it was asked under', async () => {
    const told = await tellAndAgree(strict, later(12))
    const until = async () => (await personPage(db, told.token, later(13)))?.asked[0]?.ends
    const before = await until()
    await writePolicy({ days: { ...schoolPolicy.days, other: 30 } }, later(13))
    const after = await until()
    expect(after?.getTime()).toBeLessThan(before?.getTime() ?? 0)
    expect(await seen(told, new Date((after?.getTime() ?? 0) - 1))).toBe(true)
    expect(await seen(told, after ?? now)).toBe(false)
    await writePolicy({}, later(13))
  })

  test('undone with the transaction that wrote it', async () => {
    const told = await tellAndAgree(strict, later(12))
    const press = changePolicy(async (trx) => {
      await sql`insert into policies (organisation, version, rules, created)
        select ${strict.school}, max(version) + 1, ${JSON.stringify({ ...schoolPolicy, widest: {} })}::jsonb, ${later(12)}
        from policies where organisation = ${strict.school}`.execute(trx)
      throw new Refusal('conflict', 'refusal.stale')
    })(db, strict.lead, {}, later(12))
    await expect(press).rejects.toThrow(Refusal)
    expect(await seen(told, later(12))).toBe(true)
  })

  test('somebody without an organisation has the strictest policy: only what people decide about themselves', async () => {
    const { version, surface } = await makePicture(db)
    const by = teacher.account ?? ''
    await placeVersion(
      db,
      teacher,
      placing(stage, { surface, version, organisation: null, purpose: 'promote' }),
      now,
    )
    const { said } = await sayWhoIsIn(db, teacher, { surface, version, people: [], nobody: true, by }, now)
    await checkWhoIsIn(db, stage.reviewer, { said, wrong: [], covered: [] }, now)
    await askForCircle(db, teacher, { surface, circle: 5, by }, now)
    expect((await standingOf(db, surface, now)).placements[0]?.missing).toEqual([
      { key: 'consent.why.policy', params: {} },
    ])
  })
})
