import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { barrierOf } from '#consent/conversation.ts'
import { conversationOf } from '#consent/server/reads/asking.ts'
import { renditionFor } from '#consent/server/reads/rendition.ts'
import { leadView, runsOutSoon, waitingForSecond } from '#consent/server/reads/queue.ts'
import { toCheck } from '#consent/server/reads/second-person.ts'
import { standingOf } from '#consent/server/reads/standing.ts'
import { noteEnds } from '#consent/server/tasks.ts'
import { askForCircle, placeVersion } from '#consent/server/writes/placing.ts'
import { changePolicy, lookAgain } from '#consent/server/writes/policy.ts'
import { checkWhoIsIn, sayWhoIsIn } from '#consent/server/writes/saying.ts'
import { restore } from '#consent/server/writes/taking-down.ts'
import type { Circle, Mode, Purpose } from '#kernel/permission-words.ts'
import { Refusal } from '#kernel/refusal.ts'
import { recordHolders } from '#consent/server/writes/records.ts'
import { anybody } from '#kernel/viewer.ts'
import type { PaperRoute, Signer } from '#organisations/paper.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeMember, makeOrganisation, makeSupported } from '../../../../test/organisations.ts'
import { makeWeek } from '../../../../test/make.ts'
import {
  adult,
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
const { lead, vetted, teacher, school } = stage

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

describe('a form on paper', () => {
  const form = (over: { circle?: Circle; namesThisSite?: boolean } = {}) =>
    db
      .insertInto('paperForms')
      .values({
        organisation: school,
        title: 'Pictures 2027',
        says: 'We may show pictures of my child on the site of the week.',
        dated: '2027-09-01',
        circle: over.circle ?? 5,
        purposes: ['celebrate'] satisfies Purpose[],
        modes: ['face', 'body'] satisfies Mode[],
        namesThisSite: over.namesThisSite ?? true,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
  const answer = async (
    supported: string,
    over: { form: string; answer?: 'yes' | 'no'; route?: PaperRoute; byWhom?: Signer },
  ) =>
    db
      .insertInto('paperAnswers')
      .values({
        supported,
        form: over.form,
        answer: over.answer ?? 'yes',
        route: over.answer === 'no' ? null : (over.route ?? 'own'),
        byWhom: over.byWhom ?? 'self',
        signed: '2027-09-02',
        enteredBy: lead.account,
      })
      .onConflict((on) =>
        on.columns(['form', 'supported']).doUpdateSet({
          answer: over.answer ?? 'yes',
          route: over.answer === 'no' ? null : (over.route ?? 'own'),
        }),
      )
      .execute()
  const tapped = (supported: string, at = now) =>
    tellAndCheck(stage, at, { people: [adult({ who: { supported } })] })
  const label = (): string => `L${Math.random().toString(36).slice(2, 8)}`

  test('entered once and tapped in a picture shows it, without asking anybody again', async () => {
    const supported = await makeSupported(db, school, { label: label() })
    await answer(supported, { form: (await form()).id })
    const [one, two] = [await tapped(supported), await tapped(supported)]
    expect([await seen(one, now), await seen(two, now)]).toEqual([true, true])
    expect(one.person).toBe(two.person)
  })

  test('that does not name this site goes no further than the organisation', async () => {
    const supported = await makeSupported(db, school, { label: label() })
    await answer(supported, { form: (await form({ namesThisSite: false })).id })
    const told = await tapped(supported)
    expect(await seen(told, now)).toBe(false)
    expect((await standingOf(db, told.surface, now)).placements[0]?.people[0]?.missing).toEqual([
      { key: 'consent.why.wider', params: {} },
    ])
  })

  test('signed by a parent needs the child’s yes seen in the picture', async () => {
    const child = () => ({ label: label(), ageBand: '13-15' as const, nextChange: '2029-01-01' })
    const [one, two] = [await makeSupported(db, school, child()), await makeSupported(db, school, child())]
    const { id } = await form()
    await answer(one, { form: id, route: 'parents', byWhom: 'parent' })
    await answer(two, { form: id, route: 'parents', byWhom: 'all-parents' })
    const without = await tellAndCheck(stage, now, {
      people: [adult({ who: { supported: one }, seen: null })],
    })
    expect(await seen(without, now)).toBe(false)
    const [first, second] = [await tapped(one), await tapped(two)]
    expect([await seen(first, now), await seen(second, now)]).toEqual([false, true])
    const holders = [{ label: 'parent', as: 'parent' as const }]
    await recordHolders(db, stage.lead, { person: first.person, holders }, now)
    expect(await seen(first, now)).toBe(true)
  })

  test('taken back, or changed to a no, hides everything that rested on it in the same transaction', async () => {
    const supported = await makeSupported(db, school, { label: label() })
    const { id } = await form()
    await answer(supported, { form: id })
    const told = await tapped(supported)
    expect(await seen(told, now)).toBe(true)
    await answer(supported, { form: id, answer: 'no' })
    const touched = { organisation: school, slug: '', people: [supported] }
    await db.transaction().execute((trx) => lookAgain(trx, lead, touched, later(1)))
    expect(await seen(told, later(1))).toBe(false)
    expect(await seen(await tapped(supported, later(1)), later(1))).toBe(false)
    await answer(supported, { form: id })
    await db.transaction().execute((trx) => lookAgain(trx, lead, touched, later(2)))
    expect(await seen(await tapped(supported, later(2)), later(2))).toBe(true)
  })

  test('ends with its own last day', async () => {
    const supported = await makeSupported(db, school, { label: label() })
    await answer(supported, { form: (await form()).id })
    await db
      .updateTable('paperAnswers')
      .set({ ends: '2027-11-01' })
      .where('supported', '=', supported)
      .execute()
    const told = await tapped(supported)
    expect(await seen(told, new Date('2027-10-31T23:59:59Z'))).toBe(true)
    expect(await seen(told, new Date('2027-11-01T00:00:00Z'))).toBe(false)
  })

  test('who is not supported there any more is asked anew', async () => {
    const supported = await makeSupported(db, school, { label: label() })
    await answer(supported, { form: (await form()).id })
    const told = await tapped(supported)
    await db
      .updateTable('supportedPeople')
      .set({ parted: later(1) })
      .where('id', '=', supported)
      .execute()
    const touched = { organisation: school, slug: '', people: [supported] }
    await db.transaction().execute((trx) => lookAgain(trx, lead, touched, later(1)))
    expect(await seen(told, later(1))).toBe(false)
  })

  test('people of another organisation cannot be tapped', async () => {
    const other = await makeOrganisation(db)
    const supported = await makeSupported(db, other.id)
    await expect(tapped(supported)).rejects.toThrow(Refusal)
  })
})

describe('who sees what waits', () => {
  test('a saying waits for a second person: not for who said it, nor for who posted it, nor for another school', async () => {
    const { version, surface } = await makePicture(db)
    await placeVersion(db, teacher, placing(stage, { surface, version }), now)
    const saying = { surface, version, people: [adult()], nobody: false, by: stage.by }
    const { said } = await sayWhoIsIn(db, teacher, saying, now)
    const elsewhere = await makeMember(db, (await makeOrganisation(db)).id, {
      name: 'elsewhere',
      vetted: true,
    })
    const waits = async (viewer: typeof lead): Promise<boolean> =>
      (await waitingForSecond(db, viewer)).some((one) => one.said === said)
    expect([await waits(vetted), await waits(lead), await waits(stage.reviewer)]).toEqual([true, true, true])
    expect([await waits(teacher), await waits(elsewhere), await waits(anybody)]).toEqual([
      false,
      false,
      false,
    ])
    expect(await toCheck(db, vetted, said)).toMatchObject({ said, surface, nobody: false, by: stage.by })
    for (const viewer of [teacher, elsewhere, anybody]) {
      await expect(toCheck(db, viewer, said)).rejects.toThrow(Refusal)
      await expect(checkWhoIsIn(db, viewer, { said, wrong: [], covered: [] }, now)).rejects.toThrow(Refusal)
    }
  })

  test('a lead sees what is shown and what runs out, and nobody else does', async () => {
    const told = await tellAndAgree(stage, now)
    const view = await leadView(db, lead, school, now)
    expect(view.shown).toBeGreaterThan(0)
    const [row] = (await db
      .selectFrom('permissions')
      .select('ends')
      .where('id', '=', told.permission)
      .execute()) as [{ ends: Date }]
    const near = new Date(row.ends.getTime() - 10 * 86_400_000)
    const soon = await runsOutSoon(db, lead, { organisation: school, days: 30 }, near)
    expect(soon.map(({ permission }) => permission)).toContain(told.permission)
    for (const viewer of [teacher, vetted, stage.reviewer, anybody]) {
      await expect(leadView(db, viewer, school, now)).rejects.toThrow(Refusal)
    }
    await noteEnds(db, {}, new Date(row.ends.getTime() + 1))
    await noteEnds(db, {}, new Date(row.ends.getTime() + 2))
    const after = await db
      .selectFrom('permissions')
      .select('state')
      .where('id', '=', told.permission)
      .execute()
    expect(after).toEqual([{ state: 'expired' }])
  })
})
