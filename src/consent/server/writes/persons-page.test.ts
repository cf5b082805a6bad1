import type { Insertable } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'
import { askedForm } from '#consent/asking.ts'
import type { SignInput } from '#consent/permission.ts'
import { conversationOf } from '#consent/server/reads/asking.ts'
import { keptForm, personPage } from '#consent/server/reads/person.ts'
import { peopleToChoose, saidOn } from '#consent/server/reads/people.ts'
import { recorderOf } from '#consent/server/reads/recorder.ts'
import { standingOf } from '#consent/server/reads/standing.ts'
import { correctAge } from '#consent/server/writes/ages.ts'
import { linkForSupporter, requestPermission } from '#consent/server/writes/asking.ts'
import { decide } from '#consent/server/writes/deciding.ts'
import { forgetPerson } from '#consent/server/writes/forgetting.ts'
import { writeCapacity, writeDecision, writeReview } from '#consent/server/writes/recording.ts'
import { noteSign } from '#consent/server/writes/signs.ts'
import { withdraw } from '#consent/server/writes/withdrawing.ts'
import { Refusal } from '#kernel/refusal.ts'
import { anybody } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'
import type { PaperForms } from '#platform/server/schema.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeWeek } from '../../../../test/make.ts'
import { makeSupported } from '../../../../test/organisations.ts'
import {
  adult,
  asking,
  deciding,
  stageFor,
  tellAndAgree,
  tellAndCheck,
  type Stage,
} from '../../../../test/consent/stage.ts'

const now = new Date('2027-10-20T12:00:00Z')
let db: Db
let stage: Stage
beforeAll(async () => {
  db = await testDatabase()
  await makeWeek(db)
  stage = await stageFor(db)
})

const shown = async (surface: string) =>
  (await db.selectFrom('placements').select('state').where('surface', '=', surface).executeTakeFirst())?.state
const sign = (token: string, word: SignInput['sign']): SignInput => ({ token, sign: word, formKey: '' })
const refusal = (doing: Promise<unknown>) =>
  doing.then(
    () => null,
    (error: unknown) => (error instanceof Refusal ? error.key : error),
  )

describe('what somebody shows', () => {
  test('a yes that was tapped is kept and opens nothing; a no hides at once', async () => {
    const told = await tellAndAgree(stage, now)
    const { token } = await linkForSupporter(db, stage.teacher, { ...told, by: stage.by }, now)
    await noteSign(db, anybody, sign(token, 'yes'), now)
    expect(await shown(told.surface)).toBe('live')
    await noteSign(db, anybody, sign(token, 'no'), now)
    expect(await shown(told.surface)).toBe('hidden')
    const rows = await db.selectFrom('signs').select('sign').where('person', '=', told.person).execute()
    expect(rows.map((row) => row.sign).toSorted()).toEqual(['no', 'yes'])
    expect((await recorderOf(db, stage.teacher, token, now))?.signs).toEqual([])
    expect((await recorderOf(db, stage.vetted, token, now))?.signs).toHaveLength(2)
  })

  test('is forgotten with them', async () => {
    const told = await tellAndAgree(stage, now)
    await noteSign(db, anybody, sign(told.token, 'yes'), now)
    await forgetPerson(db, anybody, { token: told.token }, now)
    const rows = await db.selectFrom('signs').select('id').where('person', '=', told.person).execute()
    expect(rows).toEqual([])
  })
})

describe('the person’s page', () => {
  test('opens nothing any more once the yes was withdrawn, and not for supporters either', async () => {
    const told = await tellAndAgree(stage, now)
    const { token: reads } = await linkForSupporter(db, stage.teacher, { ...told, by: stage.by }, now)
    expect(await personPage(db, reads, now)).not.toBeNull()
    await withdraw(db, anybody, { token: told.token, everywhere: false, formKey: '' }, now)
    expect(await personPage(db, told.token, now)).toBeNull()
    expect(await personPage(db, reads, now)).toBeNull()
    const { token } = await requestPermission(db, stage.teacher, asking({ ...told, by: stage.by }), now)
    expect((await personPage(db, token, now))?.asked.at(-1)?.state).toBe('requested')
  })

  test('gives back the very words that were answered (rule 34)', async () => {
    const told = await tellAndCheck(stage, now)
    const { token, permission } = await requestPermission(
      db,
      stage.teacher,
      asking({ ...told, by: stage.by }),
      now,
    )
    const form = askedForm({ voice: 'you', circle: 5, beyond: null, label: 'S.K.', until: 'a day' }, 'en')
    expect(await keptForm(db, { token, permission }, now)).toBeNull()
    await decide(db, anybody, { ...deciding({ token, permission, answer: 'not-sure' }), form }, now)
    expect(await keptForm(db, { token, permission }, now)).toEqual(form)
  })
})

describe('how old somebody is', () => {
  test('is put right by whoever told it, and what follows is made anew', async () => {
    const told = await tellAndAgree(stage, now)
    const { surface, person } = told
    const input = { surface, person, ageBand: '13-15' as const, nextChange: '2029-01-01', by: stage.by }
    await correctAge(db, stage.teacher, input, now)
    expect(await shown(surface)).toBe('hidden')
    expect(await conversationOf(db, { surface, person }, now)).toMatchObject({
      ageBand: '13-15',
      nextChange: '2029-01-01',
    })
  })

  test('has a month that can be the next change, or it is refused at the month', async () => {
    const { surface, person } = await tellAndAgree(stage, now)
    for (const [ageBand, nextChange, key] of [
      ['16-17', '2027-09-01', 'organisations.people.month-wrong'],
      ['16-17', '2031-01-01', 'organisations.people.month-wrong'],
      ['13-15', null, 'consent.refusal.age-month'],
    ] as const)
      await expect(
        correctAge(db, stage.teacher, { surface, person, ageBand, nextChange, by: stage.by }, now),
      ).rejects.toMatchObject({ key, field: 'nextChange' })
    expect(await shown(surface)).toBe('live')
  })

  test('is not theirs to say of somebody an organisation has entered', async () => {
    const supported = await makeSupported(db, stage.school)
    const { surface, person } = await tellAndCheck(stage, now, { people: [adult({ who: { supported } })] })
    const input = { surface, person, ageBand: '13-15' as const, nextChange: '2029-01-01', by: stage.by }
    expect(await refusal(correctAge(db, stage.teacher, input, now))).toBe('consent.refusal.age-kept')
  })
})

test('an adult is shown by a decision of somebody who did not post it, once it is all written down by its link', async () => {
  const told = await tellAndCheck(stage, now, { people: [adult({ seen: 'no-sign' })] })
  const { token } = await linkForSupporter(db, stage.teacher, { ...told, by: stage.by }, now)
  expect((await recorderOf(db, stage.teacher, token, now))?.may).toMatchObject({
    record: false,
    decide: false,
  })
  expect((await recorderOf(db, stage.vetted, token, now))?.may).toMatchObject({ record: true, decide: true })
  const words = 'They were asked.'
  const capacity = { token, surface: told.surface, outcome: 'lacks', review: '2028-01-01', words } as const
  expect(await refusal(writeCapacity(db, stage.teacher, capacity, now))).toBe('refusal.missing')
  await writeCapacity(db, stage.vetted, capacity, now)
  const { version } = told
  const decided = {
    token,
    surface: told.surface,
    circle: 5,
    consulted: 2,
    seen: 'no-sign',
    review: '2028-01-01',
    words,
    looked: [version],
  } as const
  await writeDecision(db, stage.lead, { ...decided, looked: [...decided.looked] }, now)
  expect(await shown(told.surface)).toBe('held')
  expect(await refusal(writeReview(db, stage.lead, { token, agrees: true }, now))).toBe(
    'consent.refusal.reviewer',
  )
  await writeReview(db, stage.vetted, { token, agrees: true }, now)
  expect(await shown(told.surface)).toBe('live')
})

test('a page says the sooner end: the month in which somebody is asked again at 18', async () => {
  const nearly = { label: 'Y', ageBand: '16-17' as const, nextChange: '2028-06-01' }
  const told = await tellAndCheck(stage, now, { people: [adult({ who: nearly })] })
  const ask = { ...asking({ ...told, by: stage.by }), route: 'young-person' as const }
  const { token } = await requestPermission(db, stage.teacher, ask, now)
  const ends = async () => (await personPage(db, token, now))?.asked[0]?.ends.toISOString().slice(0, 10)
  expect(await ends()).toBe('2028-06-01')
  const grown = await tellAndAgree(stage, now)
  expect((await personPage(db, grown.token, now))?.asked[0]?.ends.getTime()).toBeGreaterThan(
    Date.parse('2028-06-02'),
  )
})

describe('whom a poster can tap', () => {
  test('is told with what paper forms say; of a no on paper, the picture says so', async () => {
    const supported = await makeSupported(db, stage.school, { label: 'Blue star', colour: 'blue' })
    const form: Insertable<PaperForms> = {
      organisation: stage.school,
      title: 'Form',
      says: 'Pictures.',
      dated: '2026-01-01',
      circle: 5,
      purposes: ['celebrate'],
      modes: ['face', 'body'],
      namesThisSite: true,
    }
    const { id } = await db.insertInto('paperForms').values(form).returning('id').executeTakeFirstOrThrow()
    await db
      .insertInto('paperAnswers')
      .values({ form: id, supported, answer: 'no', byWhom: 'self', signed: '2026-02-01' })
      .execute()
    const { surface } = await tellAndCheck(stage, now, { people: [adult({ who: { supported } })] })
    const { tiles } = await peopleToChoose(db, { surface, organisation: stage.school }, now)
    expect(tiles.find(({ key }) => key === `supported:${supported}`)).toMatchObject({
      label: 'Blue star',
      paper: 'no',
    })
    const [placed] = (await standingOf(db, surface, now)).placements
    expect(placed?.people[0]).toMatchObject({ light: 'red', missing: [{ key: 'consent.why.objection' }] })
    expect((await saidOn(db, surface))[0]).toMatchObject({ said: true, people: [{ label: 'Blue star' }] })
  })

  test('is nobody an organisation supports, for whoever does not belong to it', async () => {
    const { surface, person } = await tellAndCheck(stage, now)
    const { tiles } = await peopleToChoose(db, { surface, organisation: null }, now)
    expect(tiles.map(({ key }) => key)).toEqual([`person:${person}`])
  })
})
