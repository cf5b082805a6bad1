import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { anybody, type Viewer } from '#kernel/viewer.ts'
import { answersForm, paperForm } from '#organisations/paper-form.ts'
import { peopleForm } from '#organisations/people-form.ts'
import { ownOrganisationData } from '#organisations/server/reads/own-data.ts'
import { paperFormOf, paperFormsOf } from '#organisations/server/reads/paper.ts'
import { runningOut, supportedPeople } from '#organisations/server/reads/people.ts'
import { forgetOrganisationRows } from '#organisations/server/tasks.ts'
import { savePaperAnswers } from '#organisations/server/writes/answers.ts'
import { endPaperForm, savePaperForm } from '#organisations/server/writes/paper.ts'
import { partPerson, savePeople } from '#organisations/server/writes/people.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeAccount, makeMember, makeOrganisation, makeSupported } from '../../../../test/organisations.ts'

const db = await testDatabase()
const now = new Date('2027-09-10T10:00:00Z')
const { id, slug } = await makeOrganisation(db, { slug: 'hill-school' })
const lead = await makeMember(db, id, { name: 'lead', lead: true })
const teacher = await makeMember(db, id, { name: 'teacher', vetted: true })
const member = await makeMember(db, id, { name: 'member' })
const organiser = await makeAccount(db, 'organiser', { role: 'organiser' })
const stranger = await makeAccount(db, 'stranger')
const missing = { kind: 'missing' }

const enter = (viewer: Viewer, typed: Record<string, string>) =>
  db.transaction().execute((trx) => savePeople(trx, viewer, v.parse(peopleForm, { slug, ...typed }), now))
const labels = async (viewer: Viewer = lead): Promise<string[]> =>
  (await supportedPeople(db, viewer, id, now)).map((person) => person.label)
const part = (viewer: Viewer, person: string, parted: boolean) =>
  db.transaction().execute((trx) => partPerson(trx, viewer, { slug, person, parted }, now))

describe('people whom an organisation supports', () => {
  test('several are entered with one press, by a vetted practitioner; pressing twice enters them once', async () => {
    const typed = {
      'label-1': 'T.',
      'band-1': 'adult',
      'label-2': 'S.K.',
      'band-2': '13-15',
      'month-2': '5',
      'year-2': '2028',
      formKey: 'k',
    }
    const [first, second] = await Promise.all([enter(teacher, typed), enter(teacher, typed)])
    expect(first).toEqual(second)
    expect(first.people).toHaveLength(2)
    expect(await labels(member)).toEqual(['S.K.', 'T.'])
  })

  test('for everybody else they are not there: neither to enter nor to read, for organisers too', async () => {
    for (const viewer of [anybody, stranger, organiser]) {
      await expect(supportedPeople(db, viewer, id, now)).rejects.toMatchObject(missing)
      await expect(paperFormsOf(db, viewer, id)).rejects.toMatchObject(missing)
      await expect(runningOut(db, viewer, id, now)).rejects.toMatchObject(missing)
    }
    for (const viewer of [anybody, stranger, organiser, member])
      await expect(enter(viewer, { 'label-1': 'X.', 'band-1': 'adult' })).rejects.toMatchObject(missing)
    await expect(supportedPeople(db, lead, 'not-an-id', now)).rejects.toMatchObject(missing)
  })

  test('a label that is taken here is refused at its field, in other letters too; elsewhere it is free', async () => {
    const again = { 'label-1': 'U.', 'band-1': 'adult', 'label-2': 's.k.', 'band-2': 'adult' }
    await expect(enter(lead, again)).rejects.toMatchObject({ field: 'label-2' })
    const twins = { 'label-1': 'V.', 'band-1': 'adult', 'label-2': 'V.', 'band-2': 'adult' }
    await expect(enter(lead, twins)).rejects.toMatchObject({ field: 'label-2' })
    expect(await labels()).toEqual(['S.K.', 'T.'])
    const other = await makeOrganisation(db, {})
    expect(await makeSupported(db, other.id, { label: 'S.K.' })).toMatch(/-/)
  })

  test('a month that does not fit the age is said at its field', async () => {
    const past = { 'label-1': 'W.', 'band-1': '16-17', 'month-1': '9', 'year-1': '2027' }
    await expect(enter(lead, past)).rejects.toMatchObject({ field: 'year-1' })
  })

  test('one can be changed, not over somebody else’s change, and not from another organisation', async () => {
    const [person] = await supportedPeople(db, lead, id, now)
    const change = { 'label-1': 'S.K. 2', 'band-1': 'adult', person: person?.id ?? '', revision: '1' }
    expect(await enter(lead, change)).toMatchObject({ people: [person?.id] })
    await expect(enter(lead, change)).rejects.toMatchObject({ kind: 'conflict' })
    const other = await makeOrganisation(db, {})
    const theirs = await makeSupported(db, other.id, { label: 'Z.' })
    await expect(enter(lead, { ...change, 'label-1': 'Y.', person: theirs })).rejects.toMatchObject(missing)
    await expect(part(lead, theirs, true)).rejects.toMatchObject(missing)
  })

  test('who has parted leaves their label free, comes back when nobody took it, and is forgotten after three years', async () => {
    const person = (await supportedPeople(db, lead, id, now)).find((one) => one.label === 'T.')?.id ?? ''
    await part(lead, person, true)
    await enter(lead, { 'label-1': 'T.', 'band-1': 'adult' })
    await expect(part(lead, person, false)).rejects.toMatchObject({ kind: 'conflict' })
    await expect(part(member, person, false)).rejects.toMatchObject(missing)
    expect(await labels()).toEqual(['S.K. 2', 'T.', 'T.'])
    await forgetOrganisationRows(db, new Date('2030-09-01T10:00:00Z'))
    expect(await labels()).toHaveLength(3)
    expect(await forgetOrganisationRows(db, new Date('2030-10-01T10:00:00Z'))).toMatchObject({
      'parted-people': 1,
    })
    expect(await labels()).toEqual(['S.K. 2', 'T.'])
  })
})

describe('a form on paper', async () => {
  const school = await makeOrganisation(db, { slug: 'form-school' })
  const keeper = await makeMember(db, school.id, { name: 'keeper', lead: true })
  const child = await makeSupported(db, school.id, {
    label: 'C.',
    ageBand: 'under-13',
    nextChange: '2027-10-01',
  })
  const adult = await makeSupported(db, school.id, { label: 'D.' })
  const typed = {
    slug: school.slug,
    title: 'Photograph form 2025',
    says: 'I agree that photographs of my child may be used inside the school.',
    dated: '2025-09-01',
    circle: '2',
    purposes: ['celebrate'],
    modes: ['face', 'body'],
  }
  const save = (viewer: Viewer, over: Record<string, string> = {}) =>
    savePaperForm(db, viewer, v.parse(paperForm, { ...typed, ...over }), now)
  const answer = (viewer: Viewer, form: string, over: Record<string, string>) =>
    db.transaction().execute((trx) =>
      savePaperAnswers(
        trx,
        viewer,
        v.parse(answersForm, {
          slug: school.slug,
          form,
          revision: '1',
          byWhom: 'parent',
          signed: '2026-09-02',
          ...over,
        }),
        now,
      ),
    )
  const read = (form: string) => paperFormOf(db, keeper, { organisation: school.id, form })
  const { form } = await save(keeper, { formKey: 'form' })

  test('is entered once, however often it is pressed', async () => {
    expect((await save(keeper, { formKey: 'form' })).form).toBe(form)
    expect(await paperFormsOf(db, keeper, school.id)).toMatchObject([
      { title: 'Photograph form 2025', yes: 0, no: 0 },
    ])
    await expect(save(keeper, { dated: '2027-09-11' })).rejects.toMatchObject({ field: 'dated' })
  })

  test('and its answers are for the people of the organisation alone', async () => {
    for (const viewer of [anybody, stranger, organiser, lead]) {
      await expect(save(viewer)).rejects.toMatchObject(missing)
      await expect(answer(viewer, form, { [`answer-${child}`]: 'yes' })).rejects.toMatchObject(missing)
      await expect(paperFormOf(db, viewer, { organisation: school.id, form })).rejects.toMatchObject(missing)
    }
    await expect(paperFormOf(db, lead, { organisation: id, form })).rejects.toMatchObject(missing)
    await expect(read('not-an-id')).rejects.toMatchObject(missing)
  })

  test('can be put right while nobody has answered', async () => {
    await save(keeper, { form, revision: '1', title: 'Photograph form 2025, blue' })
    expect(await read(form)).toMatchObject({ title: 'Photograph form 2025, blue', revision: 2 })
    await expect(save(keeper, { form, revision: '1' })).rejects.toMatchObject({ kind: 'conflict' })
  })

  test('a parent says yes for a child and cannot for an adult; their no is kept all the same', async () => {
    const both = { revision: '2', [`answer-${child}`]: 'yes', [`answer-${adult}`]: 'yes' }
    await expect(answer(keeper, form, both)).rejects.toMatchObject({
      key: 'organisations.paper.cannot-adult',
      field: `byWhom-${adult}`,
    })
    expect((await read(form)).answers).toEqual([])
    const touched = await answer(keeper, form, { ...both, [`answer-${adult}`]: 'no' })
    expect(touched).toEqual({ organisation: school.id, slug: school.slug, people: [child, adult] })
    expect((await read(form)).answers.toSorted((a, b) => b.answer.localeCompare(a.answer))).toEqual([
      {
        supported: child,
        answer: 'yes',
        route: 'parents',
        byWhom: 'parent',
        signed: '2026-09-02',
        ends: null,
      },
      { supported: adult, answer: 'no', route: null, byWhom: 'parent', signed: '2026-09-02', ends: null },
    ])
  })

  test('only what differs touches anybody; an older page is refused; people of other organisations are not there', async () => {
    const theirs = await makeSupported(db, id, { label: 'Theirs 1' })
    const same = {
      revision: '3',
      [`answer-${child}`]: 'yes',
      [`answer-${adult}`]: 'no',
      [`answer-${theirs}`]: 'yes',
    }
    expect((await answer(keeper, form, same)).people).toEqual([])
    expect(await read(form)).toMatchObject({ revision: 3, yes: 1, no: 1 })
    await expect(answer(keeper, form, { ...same, revision: '2' })).rejects.toMatchObject({ kind: 'conflict' })
    expect((await answer(keeper, form, { ...same, [`answer-${adult}`]: '' })).people).toEqual([adult])
    expect((await read(form)).answers.map((one) => one.supported)).toEqual([child])
  })

  test('with answers it cannot be changed any more', async () => {
    await expect(save(keeper, { form, revision: '4' })).rejects.toMatchObject({
      key: 'organisations.paper.has-answers',
    })
  })

  test('a day that has not come is said at its field', async () => {
    const future = { revision: '4', [`answer-${child}`]: 'yes', [`signed-${child}`]: '2027-09-11' }
    await expect(answer(keeper, form, future)).rejects.toMatchObject({ field: `signed-${child}` })
  })

  test('a yes that was signed before the day of its form is asked about at its field', async () => {
    const { revision } = await read(form)
    const early = { revision: String(revision), [`signed-${child}`]: '2019-01-01' }
    await expect(answer(keeper, form, { ...early, [`answer-${child}`]: 'yes' })).rejects.toMatchObject({
      key: 'organisations.paper.signed-before',
      field: `signed-${child}`,
    })
  })

  test('what ends, and who changes their age band, is said sixty days ahead', async () => {
    const ends = { revision: '4', [`answer-${child}`]: 'yes', [`ends-${child}`]: '2027-11-01' }
    await answer(keeper, form, ends)
    expect(await runningOut(db, keeper, school.id, now)).toEqual([
      { what: 'age', label: 'C.', person: child, next: '13-15', day: '2027-10-01' },
      { what: 'answer', label: 'C.', form, title: 'Photograph form 2025, blue', day: '2027-11-01' },
    ])
    expect(await runningOut(db, keeper, school.id, new Date('2027-07-01T00:00:00Z'))).toEqual([])
  })

  test('somebody who has turned 16 meanwhile is asked themselves', async () => {
    const grown = await makeSupported(db, school.id, {
      label: 'G.',
      ageBand: '13-15',
      nextChange: '2027-09-01',
    })
    for (const [signed, key] of [
      ['2027-08-31', 'organisations.paper.cannot-grown'],
      ['2027-09-01', 'organisations.paper.cannot'],
    ]) {
      const yes = { [`answer-${grown}`]: 'yes', [`signed-${grown}`]: signed ?? '' }
      await expect(answer(keeper, form, { revision: '5', ...yes })).rejects.toMatchObject({ key })
    }
    const own = { revision: '5', [`answer-${grown}`]: 'yes', [`byWhom-${grown}`]: 'self' }
    expect((await answer(keeper, form, own)).people).toEqual([grown])
  })

  test('once ended it takes no answers, and tells whom that touches', async () => {
    const end = () =>
      db.transaction().execute((trx) => endPaperForm(trx, keeper, { slug: school.slug, form }, now))
    expect((await end()).people).toHaveLength(2)
    expect((await end()).people).toHaveLength(2)
    const late = { revision: '7', [`answer-${child}`]: 'no' }
    await expect(answer(keeper, form, late)).rejects.toMatchObject({ key: 'organisations.paper.ended' })
    expect(await runningOut(db, keeper, school.id, now)).toHaveLength(1)
  })

  test('the download of own data says what somebody entered, and nothing of the people it is about', async () => {
    const data = await ownOrganisationData(db, keeper)
    expect(data).toMatchObject({
      member: [{ name: 'Hill School' }],
      forms: [{ title: 'Photograph form 2025, blue' }],
      answers: [{}, {}],
    })
    expect(JSON.stringify(data)).not.toMatch(/"C\."|"D\."/)
    expect(await ownOrganisationData(db, anybody)).toEqual({
      member: [],
      founded: [],
      policies: [],
      forms: [],
      answers: [],
    })
  })
})
