import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { ownConsentData } from '#consent/server/reads/own-data.ts'
import { personPage } from '#consent/server/reads/person.ts'
import { familiesToAsk, familyAsked } from '#consent/server/reads/families.ts'
import { waitingForSecond } from '#consent/server/reads/queue.ts'
import { toRestore } from '#consent/server/reads/second-person.ts'
import { stewardPage, stewardsFor } from '#consent/server/reads/stewards.ts'
import { replayLedger } from '#consent/server/replay.ts'
import { remindOfStewards, stewardDays } from '#consent/server/tasks-stewards.ts'
import { requestPermission } from '#consent/server/writes/asking.ts'
import { decide } from '#consent/server/writes/deciding.ts'
import { noteDeath } from '#consent/server/writes/people.ts'
import { answerAsSteward, nameSteward } from '#consent/server/writes/stewards.ts'
import { restore } from '#consent/server/writes/taking-down.ts'
import { objectObserved, withdraw } from '#consent/server/writes/withdrawing.ts'
import type { StewardAnswer } from '#consent/events.ts'
import { anybody, type Viewer } from '#kernel/viewer.ts'
import { alone, keepBackup } from '../../../../test/consent/backup.ts'
import { mourning, no } from '../../../../test/consent/mourned.ts'
import { asking, deciding, stageFor, tellAndAgree, tellAndCheck } from '../../../../test/consent/stage.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeWeek } from '../../../../test/make.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'abe-ledger-'))
process.env['DATA_DIR'] = dataDir
afterAll(() => rmSync(dataDir, { recursive: true }))

const db = await testDatabase()
await makeWeek(db)
const day = 86_400_000
const now = new Date('2027-10-20T12:00:00Z')
const later = (minutes: number): Date => new Date(now.getTime() + minutes * 60_000)
const stage = await stageFor(db)
const { lead, vetted, teacher, reviewer, by } = stage

type Told = { version: string; surface: string; person: string }
const { mourned, seen } = mourning(db, stage, now)
const name = (person: string, viewer: Viewer = lead, called = 'sister', formKey = '') =>
  nameSteward(db, viewer, { person, called, formKey }, later(2))
const linkFor = async (told: Told): Promise<string> => (await name(told.person)).link.slice(-32)
const say = (token: string, answer: StewardAnswer, viewer: Viewer = anybody, at = later(3)) =>
  answerAsSteward(db, viewer, { token, answer, formKey: '' }, at)
const bringBack = (told: Told, viewer: Viewer, at = later(4)) =>
  restore(db, viewer, { surface: told.surface, reason: 'The family would like it.' }, at)

describe('once it is written down that somebody has died', () => {
  test('nothing of them is seen, and nothing new is asked or given; a no still is', async () => {
    const told = await mourned()
    const { surface, person, token, permission } = told
    expect(await seen(told, later(1))).toBe(false)
    const died = 'conflict consent.refusal.died'
    expect(await no(requestPermission(db, teacher, asking({ surface, person, by }), later(2)))).toBe(died)
    expect(await no(decide(db, anybody, deciding({ token, permission }), later(2)))).toBe(died)
    expect(await personPage(db, token, later(2))).toMatchObject({
      died: 'rests',
      asked: [{ state: 'suspended' }],
    })
    await withdraw(db, anybody, { token, everywhere: false, formKey: '' }, later(3))
    expect(await personPage(db, token, later(3))).toBeNull()
  })

  test('a question that was open is never answered with a yes any more', async () => {
    const told = await tellAndCheck(stage, now)
    const open = await requestPermission(db, teacher, asking({ ...told, by }), now)
    await noteDeath(db, lead, { person: told.person }, later(1))
    expect(await no(decide(db, anybody, deciding(open), later(2)))).toBe('conflict consent.refusal.died')
    await say(await linkFor(told), 'as-allowed')
    expect(await seen(told, later(5))).toBe(false)
  })
})

describe('that a family could be asked', () => {
  const toAsk = async (viewer: Viewer, at = later(2)) =>
    (await familiesToAsk(db, viewer, at)).map(({ person }) => person)

  test('stands where those look who may ask, until somebody has a link, and again once it has ended unanswered', async () => {
    const { person } = await mourned()
    const alive = await tellAndAgree(stage, now)
    for (const viewer of [lead, reviewer]) expect(await toAsk(viewer)).toContain(person)
    expect(await toAsk(lead)).not.toContain(alive.person)
    for (const viewer of [vetted, teacher, anybody, (await stageFor(db)).lead])
      expect(await toAsk(viewer)).not.toContain(person)
    const token = (await name(person)).link.slice(-32)
    expect([await toAsk(lead), await familyAsked(db, person, later(2))]).toEqual([
      expect.not.arrayContaining([person]),
      true,
    ])
    const ended = new Date(now.getTime() + 801 * day)
    expect(await toAsk(lead, ended)).toContain(person)
    await say(token, 'not-now')
    expect(await toAsk(lead, ended)).not.toContain(person)
  })

  test('does not stand where nothing of them was shown', async () => {
    const { person } = await tellAndCheck(stage, now)
    await noteDeath(db, lead, { person }, later(1))
    expect(await toAsk(lead)).not.toContain(person)
  })
})

describe('somebody of the family', () => {
  test('is named by a lead or a reviewer, once they have died, and nobody is mailed', async () => {
    const { person } = await mourned()
    const before = await db.selectFrom('mails').select('key').execute()
    const first = await name(person, lead, 'sister', 'a key')
    expect(await name(person, lead, 'sister', 'a key')).toEqual(first)
    await name(person, reviewer, 'oldest friend')
    for (const viewer of [vetted, teacher, anybody, (await stageFor(db)).lead]) {
      expect(await no(name(person, viewer))).toBe('missing refusal.missing')
      expect(await no(stewardsFor(db, viewer, person))).toBe('missing refusal.missing')
    }
    expect((await stewardsFor(db, lead, person)).stewards.map(({ called }) => called)).toEqual([
      'sister',
      'oldest friend',
    ])
    expect(await db.selectFrom('mails').select('key').execute()).toEqual(before)
    expect((await ownConsentData(db, reviewer)).families).toMatchObject([{ called: 'oldest friend' }])
    const alive = await tellAndAgree(stage, now)
    expect(await no(name(alive.person))).toBe('missing refusal.missing')
  })

  test('sees what was shown, and nothing that was not; their pictures are the real ones, for them alone', async () => {
    const told = await mourned()
    const token = await linkFor(told)
    const held = await tellAndCheck(stage, now)
    expect(await stewardPage(db, token, later(3))).toMatchObject({
      label: 'S.K.',
      answer: null,
      places: [{ surface: told.surface, circle: 5, versions: [told.version] }],
    })
    expect(JSON.stringify(await stewardPage(db, token, later(3)))).not.toContain(held.surface)
    expect([await seen(told, later(3), 'asked'), await seen(told, later(3))]).toEqual([true, false])
    expect(await stewardPage(db, 'x'.repeat(32), later(3))).toBeNull()
  })

  test('sees nothing that somebody took down, or said no to, for another reason', async () => {
    const told = await mourned()
    const token = await linkFor(told)
    const tap = { token: '', person: told.person, surface: null, version: null, seen: '', formKey: '' }
    await objectObserved(db, vetted, tap, later(3))
    expect((await stewardPage(db, token, later(3)))?.places).toEqual([])
  })

  test('may say that it is shown again: as it was allowed, once somebody else has looked, and no longer', async () => {
    const told = await mourned()
    await say(await linkFor(told), 'as-allowed')
    expect(await seen(told, later(4))).toBe(false)
    expect((await waitingForSecond(db, vetted)).map(({ surface }) => surface)).toContain(told.surface)
    expect(await toRestore(db, vetted, told.surface, later(4))).toMatchObject({ family: true, missing: [] })
    expect(await no(bringBack(told, teacher))).toBe('missing refusal.missing')
    await bringBack(told, vetted)
    expect(await seen(told, later(5))).toBe(true)
    expect(await personPage(db, told.token, later(5))).toMatchObject({
      died: 'again',
      asked: [{ state: 'given' }],
    })
    expect(await seen(told, new Date(now.getTime() + 400 * day))).toBe(false)
  })

  test('is brought back by nobody before they have answered', async () => {
    const told = await mourned()
    await linkFor(told)
    await bringBack(told, vetted)
    expect(await seen(told, later(5))).toBe(false)
    expect((await waitingForSecond(db, vetted)).map(({ surface }) => surface)).not.toContain(told.surface)
  })

  test('is not whoever made the link, whose no counts all the same', async () => {
    const told = await mourned()
    const token = await linkFor(told)
    expect(await no(say(token, 'as-allowed', lead))).toBe('forbidden consent.refusal.own-steward')
    expect(await say(token, 'keep-down', lead)).toBe('keep-down')
  })

  test('rule 20: has no word against a no of the person, whenever it comes', async () => {
    const told = await mourned()
    await say(await linkFor(told), 'as-allowed')
    await bringBack(told, vetted)
    await withdraw(db, anybody, { token: told.token, everywhere: false, formKey: '' }, later(6))
    expect(await seen(told, later(6))).toBe(false)
    await bringBack(told, vetted, later(7)).catch(() => null)
    expect(await seen(told, later(8))).toBe(false)
  })

  test('rule 5: may say that it stays taken down, which is final, for everybody, also after they or another said otherwise', async () => {
    const told = await mourned()
    const [token, other, third] = [await linkFor(told), await linkFor(told), await linkFor(told)]
    await say(other, 'as-allowed')
    await bringBack(told, vetted)
    expect(await seen(told, later(5))).toBe(true)
    for (let pressed = 0; pressed < 2; pressed += 1) await say(token, 'keep-down', anybody, later(6))
    for (const as of [undefined, 'poster', 'checker', 'asked'] as const)
      expect(await seen(told, later(6), as)).toBe(false)
    const kept = 'conflict consent.refusal.kept-down'
    expect(await say(token, 'as-allowed', anybody, later(7))).toBe('keep-down')
    expect(await no(say(third, 'as-allowed', anybody, later(7)))).toBe(kept)
    expect(await no(name(told.person))).toBe(kept)
    await bringBack(told, vetted, later(8))
    expect(await seen(told, later(9))).toBe(false)
    expect(await stewardPage(db, other, later(9))).toMatchObject({ kept: true, places: [] })
    const said = await db
      .selectFrom('consentEvents')
      .select('n')
      .where('person', '=', told.person)
      .where('kind', '=', 'steward-said')
      .execute()
    expect(said).toHaveLength(2)
  })

  test('may say “not now”: nothing changes, and whoever made the link hears of it once, the family never', async () => {
    const told = await mourned()
    const token = await linkFor(told)
    await say(token, 'not-now')
    expect(await seen(told, later(4))).toBe(false)
    const again = await mourned()
    await say(await linkFor(again), 'as-allowed')
    for (const days of [1, stewardDays - 1, stewardDays, stewardDays, stewardDays + 1, 300])
      await remindOfStewards(db, {}, new Date(later(4).getTime() + days * day))
    const mails = await db
      .selectFrom('mails')
      .select(['key', 'address'])
      .where('key', 'like', 'consent-steward:%')
      .where('key', 'in', [`consent-steward:${told.person}`, `consent-steward:${again.person}`])
      .execute()
    expect(mails).toEqual([{ key: `consent-steward:${told.person}`, address: lead.email }])
    await say(token, 'as-allowed', anybody, later(5))
    await bringBack(told, vetted, later(6))
    expect(await seen(told, later(7))).toBe(true)
  })
})

test('rule 24: what a family kept down after a backup stays down after it was put back, also where their link is not known', async () => {
  const told = await mourned()
  const putBack = await keepBackup(db)
  await say(await linkFor(told), 'keep-down')
  await putBack()
  await replayLedger(db, later(5), alone)
  expect((await stewardsFor(db, lead, told.person)).kept).toBe(true)
  expect(await no(name(told.person))).toBe('conflict consent.refusal.kept-down')
  await bringBack(told, vetted, later(6))
  expect([await seen(told, later(7)), await seen(told, later(7), 'poster')]).toEqual([false, false])
})
