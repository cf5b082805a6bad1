import { describe, expect, test } from 'vitest'
import { renditionFor } from '#consent/server/reads/rendition.ts'
import { leadView, runsOutSoon, waitingForSecond } from '#consent/server/reads/queue.ts'
import { peopleToChoose } from '#consent/server/reads/people.ts'
import { personPage } from '#consent/server/reads/person.ts'
import { decidedHere } from '#consent/server/reads/sighting.ts'
import { toCheck } from '#consent/server/reads/second-person.ts'
import { standingOf } from '#consent/server/reads/standing.ts'
import { noteEnds } from '#consent/server/tasks.ts'
import { requestPermission } from '#consent/server/writes/asking.ts'
import { decide } from '#consent/server/writes/deciding.ts'
import { placeVersion } from '#consent/server/writes/placing.ts'
import { lookAgain } from '#consent/server/writes/policy.ts'
import { checkWhoIsIn, sayWhoIsIn } from '#consent/server/writes/saying.ts'
import { withdraw } from '#consent/server/writes/withdrawing.ts'
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
  asking,
  deciding,
  makePicture,
  placing,
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
    expect(await decidedHere(db, vetted, one.surface, now)).toMatchObject([{ signer: 'self', name: '' }])
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

  test('counts no more once the person changed their mind: their link opens nothing, as the receipt says, and whoever posts reads it', async () => {
    const paper = async (supported: string, surface: string) =>
      (await peopleToChoose(db, { surface, organisation: school }, now)).tiles.find(({ key }) =>
        key.endsWith(supported),
      )?.paper
    const { id } = await form()
    for (const everywhere of [false, true]) {
      const supported = await makeSupported(db, school, { label: label() })
      await answer(supported, { form: id })
      const { surface, person } = await tapped(supported)
      const asked = asking({ surface, person, by: stage.by })
      const { token, permission } = await requestPermission(db, teacher, asked, now)
      await decide(db, anybody, deciding({ token, permission }), now)
      expect(await personPage(db, token, now)).not.toBeNull()
      const { gone } = await withdraw(db, anybody, { token, everywhere, formKey: '' }, now)
      expect(gone).toEqual(now)
      expect(await personPage(db, token, now)).toBeNull()
      expect(await paper(supported, surface)).toBe(everywhere ? 'changed' : 'covers')
    }
  })

  test('counts no more on the page of whoever said no beside it', async () => {
    const supported = await makeSupported(db, school, { label: label() })
    await answer(supported, { form: (await form()).id })
    const { surface, person } = await tapped(supported)
    const { token, permission } = await requestPermission(
      db,
      teacher,
      asking({ surface, person, by: stage.by }),
      now,
    )
    await decide(db, anybody, deciding({ token, permission, answer: 'no' }), now)
    expect((await personPage(db, token, now))?.asked.map(({ state }) => state)).toEqual(['declined'])
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
    expect(await seen(told, new Date('2027-11-01T23:59:59Z'))).toBe(true)
    expect(await seen(told, new Date('2027-11-02T00:00:00Z'))).toBe(false)
    const { ends } = await db
      .selectFrom('permissions')
      .select('ends')
      .where('person', '=', told.person)
      .executeTakeFirstOrThrow()
    expect(ends.toISOString()).toContain('2027-11-01')
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
