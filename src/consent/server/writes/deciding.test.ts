import { describe, expect, test } from 'vitest'
import { requirementsOf } from '#consent/conversation.ts'
import { formOf } from '#consent/server/forms.ts'
import { conversationOf } from '#consent/server/reads/asking.ts'
import { personPage } from '#consent/server/reads/person.ts'
import { personRecords } from '#consent/server/reads/records.ts'
import { renditionFor } from '#consent/server/reads/rendition.ts'
import { standingOf } from '#consent/server/reads/standing.ts'
import { linkForSupporter, requestPermission } from '#consent/server/writes/asking.ts'
import { decide } from '#consent/server/writes/deciding.ts'
import { askForCircle, placeVersion } from '#consent/server/writes/placing.ts'
import { recordHolders } from '#consent/server/writes/records.ts'
import { checkWhoIsIn, sayWhoIsIn } from '#consent/server/writes/saying.ts'
import { objectObserved, withdraw } from '#consent/server/writes/withdrawing.ts'
import { staleSeconds } from '#kernel/limits.ts'
import { anybody, type Viewer } from '#kernel/viewer.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeWeek } from '../../../../test/make.ts'
import {
  adult,
  asking,
  deciding,
  makePicture,
  placing,
  stageFor,
  tellAndAgree,
  tellAndCheck,
  theForm,
} from '../../../../test/consent/stage.ts'
import { refused } from '../../../../test/refused.ts'

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-20T12:00:00Z')
const later = (minutes: number): Date => new Date(now.getTime() + minutes * 60_000)
const stage = await stageFor(db)
const { teacher, vetted, by } = stage

const seenBy = async (told: { version: string }, at = now, viewer: Viewer = anybody): Promise<boolean> =>
  (await renditionFor(db, viewer, { version: told.version, width: 640, format: 'jpg' }, at)) !== null
const child = { label: 'C', ageBand: '13-15' as const, nextChange: '2029-01-01' }
const missingKeys = async (surface: string): Promise<string[]> =>
  (await standingOf(db, surface, now)).placements.flatMap(({ missing, people }) =>
    [...missing, ...people.flatMap((person) => person.missing)].map(({ key }) => key),
  )

describe('a picture of somebody', () => {
  test('is seen by everybody once they said yes, and by nobody before', async () => {
    const told = await tellAndCheck(stage, now)
    expect(await seenBy(told)).toBe(false)
    expect(await missingKeys(told.surface)).toEqual(['consent.why.not-asked'])
    const agreed = await tellAndAgree(stage, now)
    expect(await seenBy(agreed)).toBe(true)
    expect((await standingOf(db, agreed.surface, now)).light).toBe('green')
  })

  test('goes no further than they said', async () => {
    const told = await tellAndCheck(stage, now)
    const { token, permission } = await requestPermission(db, teacher, asking({ ...told, by }), now)
    await decide(db, anybody, { ...deciding({ token, permission }), circle: 2 }, now)
    expect(await seenBy(told)).toBe(false)
    expect(await missingKeys(told.surface)).toEqual(['consent.why.wider'])
  })

  test('cannot be made to go wider than what was asked', async () => {
    const told = await tellAndCheck(stage, now)
    const { token, permission } = await requestPermission(
      db,
      teacher,
      asking({ ...told, by, circle: 2 }),
      now,
    )
    const press = decide(db, anybody, { ...deciding({ token, permission }), circle: 5 }, now)
    expect((await refused(press)).key).toBe('consent.refusal.wider')
  })

  test('ends by itself, to the moment', async () => {
    const told = await tellAndAgree(stage, now)
    const page = await personPage(db, told.token, now)
    const ends = page?.placements[0]?.until ?? new Date(0)
    expect(await seenBy(told, new Date(ends.getTime() - 1))).toBe(true)
    expect(await seenBy(told, ends)).toBe(false)
  })
})

describe('a no', () => {
  test('hides the whole story at once and stays, also when somebody else asks again', async () => {
    const told = await tellAndCheck(stage, now)
    const { token, permission } = await requestPermission(db, teacher, asking({ ...told, by }), now)
    await decide(db, anybody, deciding({ token, permission, answer: 'no' }), now)
    expect(await seenBy(told)).toBe(false)
    const press = decide(db, anybody, deciding({ token, permission }), now)
    expect((await refused(press)).key).toBe('consent.refusal.not-asked')
    expect((await standingOf(db, told.surface, now)).light).toBe('red')
    const again = await requestPermission(db, teacher, asking({ ...told, by }), now)
    expect(again.permission).not.toBe(permission)
    await decide(db, anybody, deciding(again), later(1))
    expect(await seenBy(told, later(2))).toBe(true)
  })

  test('not sure is a no for now, and the same question can be answered later', async () => {
    const told = await tellAndCheck(stage, now)
    const asked = await requestPermission(db, teacher, asking({ ...told, by }), now)
    await decide(db, anybody, deciding({ ...asked, answer: 'not-sure' }), now)
    expect(await seenBy(told)).toBe(false)
    await decide(db, anybody, deciding(asked), later(1))
    expect(await seenBy(told, later(1))).toBe(true)
  })

  test('rule 20: one parent’s no wins over the other’s yes', async () => {
    const told = await tellAndCheck(stage, now, { people: [adult({ who: child })] })
    const ask = { ...asking({ ...told, by }), route: 'parents' as const }
    const mother = await requestPermission(db, teacher, { ...ask, holder: 'mother' }, now)
    const father = await requestPermission(db, teacher, { ...ask, holder: 'father' }, now)
    expect(father.permission).toBe(mother.permission)
    await decide(db, anybody, deciding(mother), now)
    expect(await seenBy(told)).toBe(false)
    const holders = ['mother', 'father'].map((label) => ({ label, as: 'parent' as const }))
    await recordHolders(db, stage.lead, { person: told.person, holders }, now)
    await decide(db, anybody, deciding(father), later(1))
    expect(await seenBy(told, later(1))).toBe(true)
    await withdraw(db, anybody, { token: father.token, everywhere: false, formKey: '' }, later(2))
    expect(await seenBy(told, later(2))).toBe(false)
    expect(await seenBy(told, later(1))).toBe(false)
  })

  test('rule 20: one parent’s no is said, not that an answer is missing, also when they are taken off the list', async () => {
    const told = await tellAndCheck(stage, now, { people: [adult({ who: child })] })
    const ask = { ...asking({ ...told, by }), route: 'parents' as const }
    const mother = await requestPermission(db, teacher, { ...ask, holder: 'mother' }, now)
    const father = await requestPermission(db, teacher, { ...ask, holder: 'father' }, now)
    await decide(db, anybody, deciding(mother), now)
    expect(await missingKeys(told.surface)).toContain('consent.why.no-answer')
    await decide(db, anybody, deciding({ ...father, answer: 'no' }), now)
    const holders = [{ label: 'mother', as: 'parent' as const }]
    const here = { organisation: stage.school, person: told.person }
    for (const step of [
      null,
      () => recordHolders(db, stage.lead, { person: told.person, holders }, later(1)),
    ]) {
      await step?.()
      const standing = await standingOf(db, told.surface, later(2))
      expect(standing.light).toBe('red')
      expect(standing.placements[0]?.people[0]?.missing.map(({ key }) => key)).toEqual(['consent.why.one-no'])
      const one = await conversationOf(db, told, later(2))
      expect(one && requirementsOf(one, 'parents').map(({ there }) => there)).toEqual([false, step !== null])
      const { permissions } = await personRecords(db, stage.lead, here)
      expect(permissions.map(({ state, refused }) => ({ state, refused }))).toEqual([
        { state: 'requested', refused: true },
      ])
    }
  })

  test('rule 20: what a supporter saw and tapped hides at once, whatever was signed', async () => {
    const told = await tellAndAgree(stage, now)
    const { surface, person } = told
    const supporter = await linkForSupporter(db, teacher, { surface, person, by }, now)
    const tap = { person: null, surface: null, version: null, seen: 'turned away', formKey: '' }
    await objectObserved(db, anybody, { token: supporter.token, ...tap }, later(1))
    expect(await seenBy(told, later(1))).toBe(false)
    const kept = await db.selectFrom('objections').selectAll().where('person', '=', person).execute()
    expect(kept).toMatchObject([{ whose: 'observed', seen: 'turned away', surface }])
  })

  test('seen by whoever decides with them counts before their yes', async () => {
    const told = await tellAndCheck(stage, now, { people: [adult({ who: child, seen: null })] })
    const ask = { ...asking({ ...told, by }), route: 'parents' as const }
    const mother = await requestPermission(db, teacher, { ...ask, holder: 'mother' }, now)
    await decide(db, anybody, { ...deciding(mother), seen: 'no' }, now)
    expect(await seenBy(told)).toBe(false)
  })
})

describe('changing one’s mind', () => {
  test('rules 11 and 23: is final, hides in the same transaction, mails nobody, and says honestly what it did', async () => {
    const told = await tellAndAgree(stage, now)
    const mails = await db.selectFrom('mails').select('id').execute()
    const press = { token: told.token, everywhere: false, formKey: 'once' }
    const receipt = await withdraw(db, anybody, press, later(3))
    expect(receipt).toEqual({
      gone: later(3),
      surfaces: [told.surface],
      within: staleSeconds,
      asked: [],
      unreachable: ['consent.receipt.copies', 'consent.receipt.search', 'consent.receipt.readers'],
    })
    expect(await seenBy(told, later(3))).toBe(false)
    expect(await withdraw(db, anybody, press, later(9))).toEqual(receipt)
    expect(await withdraw(db, anybody, { ...press, formKey: 'twice' }, later(9))).toEqual(receipt)
    expect(await db.selectFrom('mails').select('id').execute()).toEqual(mails)
    const state = await db
      .selectFrom('permissions')
      .select('state')
      .where('id', '=', told.permission)
      .execute()
    expect(state).toEqual([{ state: 'withdrawn' }])
  })

  test('says honestly that it may be on other sites, once that was said yes to', async () => {
    const told = await tellAndAgree(stage, now, { circle: 6 })
    for (const formKey of ['first', 'again']) {
      const press = { token: told.token, everywhere: false, formKey }
      const { unreachable } = await withdraw(db, anybody, press, later(3))
      expect(unreachable).toContain('consent.receipt.elsewhere')
    }
  })

  test('everywhere takes every story of theirs down', async () => {
    const person = (await tellAndCheck(stage, now)).person
    const one = await tellAndAgree(stage, now, { people: [adult({ who: { person } })] })
    const two = await tellAndAgree(stage, now, { people: [adult({ who: { person } })] })
    expect([await seenBy(one), await seenBy(two)]).toEqual([true, true])
    await withdraw(db, anybody, { token: one.token, everywhere: true, formKey: '' }, later(1))
    expect([await seenBy(one, later(1)), await seenBy(two, later(1))]).toEqual([false, false])
  })
})

describe('rule 34', () => {
  test('the form that is kept with an answer is the very form that was shown', async () => {
    const told = await tellAndAgree(stage, now)
    const row = await db
      .selectFrom('permissions')
      .select('form')
      .where('id', '=', told.permission)
      .executeTakeFirstOrThrow()
    expect(await formOf(db, row.form ?? '')).toEqual(theForm)
  })

  test('another form than the one on the page is refused', async () => {
    const told = await tellAndCheck(stage, now)
    const asked = await requestPermission(db, teacher, asking({ ...told, by }), now)
    const press = decide(db, anybody, { ...deciding(asked), formHash: 'an-older-one' }, now)
    expect((await refused(press)).key).toBe('consent.refusal.changed-form')
  })
})

describe('rule 35', () => {
  test('withdrawn, expired, refused and never there look the same: nothing', async () => {
    const withdrawn = await tellAndAgree(stage, now)
    await withdraw(db, anybody, { token: withdrawn.token, everywhere: false, formKey: '' }, now)
    const waiting = await tellAndCheck(stage, now)
    const wishes = [
      withdrawn.version,
      waiting.version,
      '00000000-0000-4000-8000-000000000000',
      'nonsense',
      '',
    ]
    for (const version of wishes) {
      for (const viewer of [anybody, teacher, vetted, stage.lead, stage.reviewer]) {
        expect(await renditionFor(db, viewer, { version, width: 640, format: 'jpg' }, now)).toBeNull()
      }
    }
    for (const token of ['forged', 'x'.repeat(32), '']) expect(await personPage(db, token, now)).toBeNull()
    const late = new Date(now.getTime() + 900 * 86_400_000)
    expect(await personPage(db, withdrawn.token, late)).toBeNull()
  })
})

test('asked for a circle beside a wider one, what is there already is taken, and the wider one taken off', async () => {
  const { surface, version } = await makePicture(db)
  for (const circle of [6, 5] as const) {
    await placeVersion(db, stage.teacher, placing(stage, { surface, version, circle }), now)
  }
  await askForCircle(db, stage.teacher, { surface, circle: 5, by: stage.by }, now)
  const rows = await db
    .selectFrom('placements')
    .select(['circle', 'state'])
    .where('version', '=', version)
    .orderBy('circle')
    .execute()
  expect(rows).toMatchObject([{ circle: 5 }, { circle: 6, state: 'purged' }])
  expect(rows[0]?.state).not.toBe('purged')
})

test('what somebody showed, said later, takes the place of what was said before once somebody has checked', async () => {
  const { surface, version } = await makePicture(db)
  await placeVersion(db, stage.teacher, placing(stage, { surface, version }), now)
  const saying = { surface, version, nobody: false, by: stage.by }
  const first = await sayWhoIsIn(db, stage.teacher, { ...saying, people: [adult({ seen: null })] }, now)
  const again = [adult({ who: { person: first.people[0] ?? '' }, seen: 'yes' })]
  const { said } = await sayWhoIsIn(db, stage.teacher, { ...saying, people: again }, now)
  const open = () =>
    db
      .selectFrom('appearances')
      .select('assent')
      .where('version', '=', version)
      .where('person', 'is not', null)
      .where('ended', 'is', null)
      .execute()
  expect(await open()).toHaveLength(2)
  await checkWhoIsIn(db, stage.vetted, { said, wrong: [], covered: [] }, now)
  expect(await open()).toEqual([{ assent: 'yes' }])
})
