import { expect, test } from 'vitest'
import { renditionFor } from '#consent/server/reads/rendition.ts'
import { policyAsForm } from '#organisations/policy-form.ts'
import { policyInForce } from '#organisations/server/reads/policies.ts'
import { anybody, type Viewer } from '#kernel/viewer.ts'
import { adult, stageFor, tellAndAgree, tellAndCheck, type Told } from '../../../../test/consent/stage.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeWeek } from '../../../../test/make.ts'
import { makeAccount, makeMember, makeOrganisation, makeSupported } from '../../../../test/organisations.ts'
import { ask } from '../../../../test/pages.ts'
import { actions as desk } from './+page.server.ts'
import { actions as overview } from './[slug]/+page.server.ts'
import { actions as form } from './[slug]/forms/[form]/+page.server.ts'
import { actions as person } from './[slug]/people/[person]/+page.server.ts'
import { actions as policy } from './[slug]/policy/+page.server.ts'

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-20T12:00:00Z')
const stage = await stageFor(db)
const organiser = await makeAccount(db, 'organiser', { role: 'organiser' })
const { slug } = await db
  .selectFrom('organisations')
  .select('slug')
  .where('id', '=', stage.school)
  .executeTakeFirstOrThrow()

const later = (hours: number): Date => new Date(now.getTime() + hours * 3_600_000)
const seen = async ({ version }: Pick<Told, 'version'>, hours = 0): Promise<boolean> =>
  (await renditionFor(db, anybody, { version, width: 640, format: 'jpg' }, later(hours))) !== null

type Press = { at?: Date; viewer?: Viewer; params?: Record<string, string>; body: Record<string, string> }
/** Presses a button of a page as the framework does; answers the address it goes to. */
async function press(action: unknown, { at = now, viewer = stage.lead, params = { slug }, body }: Press) {
  const route = action as (event: never) => Promise<unknown>
  const went: unknown = await ask(route as (event: unknown) => Promise<unknown>, {
    path: '/desk/organisations',
    db,
    now: at,
    viewer,
    params,
    body,
  }).catch((error: unknown) => error)
  return went
}

let n = 0
/** A form on paper by which somebody is shown. */
async function onPaper(): Promise<{ told: Told; form: string; supported: string }> {
  const supported = await makeSupported(db, stage.school, { label: `${(n += 1)}.K.` })
  const { id } = await db
    .insertInto('paperForms')
    .values({
      organisation: stage.school,
      title: 'Pictures 2027',
      says: 'We may show pictures on the site of the week.',
      dated: '2027-09-01',
      circle: 5,
      purposes: ['celebrate'],
      modes: ['face', 'body'],
      namesThisSite: true,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const answer = { answer: 'yes', route: 'own', byWhom: 'self', signed: '2027-09-02' } as const
  await db
    .insertInto('paperAnswers')
    .values({ supported, form: id, enteredBy: stage.lead.account, ...answer })
    .execute()
  const told = await tellAndCheck(stage, now, { people: [adult({ who: { supported } })] })
  expect(await seen(told)).toBe(true)
  return { told, form: id, supported }
}

test('rule 19: a tighter policy hides with the press that saves it, and the policy before brings nothing back', async () => {
  const told = await tellAndAgree(stage, now)
  const save = async (widest: string) => {
    const { version, ...rules } = await policyInForce(db, stage.school, now)
    const fields = { ...policyAsForm(rules), version: String(version), 'widest-own': widest }
    const body = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, value]))
    // One purpose is enough, and is how a form sends a single tick.
    return press(policy['save'], { body: { ...body, purposes: 'celebrate' } })
  }
  expect(await save('2')).toMatchObject({ status: 303 })
  expect(await seen(told)).toBe(false)
  expect(await save('6')).toMatchObject({ status: 303 })
  expect(await seen(told)).toBe(false)
})

test('what a policy would hide is told in numbers before it is saved, as saving it then does', async () => {
  const own = await stageFor(db)
  const { slug: there } = await db
    .selectFrom('organisations')
    .select('slug')
    .where('id', '=', own.school)
    .executeTakeFirstOrThrow()
  const told = [await tellAndAgree(own, now), await tellAndAgree(own, now, { circle: 6 })]
  const send = async (action: unknown, widest: string, hours: number) => {
    const at = later(hours)
    const { version, ...rules } = await policyInForce(db, own.school, at)
    const fields = { ...policyAsForm(rules), version: String(version), 'widest-own': widest }
    const body = { ...Object.fromEntries(Object.entries(fields)), purposes: 'celebrate' }
    return press(action, { at, viewer: own.lead, params: { slug: there }, body })
  }
  const weigh = async (widest: string, hours = 1) =>
    ((await send(policy['weigh'], widest, hours)) as { effect: unknown }).effect
  expect(await weigh('2')).toEqual({ stories: 2, pictures: 2, feeds: 0, back: 0 })
  expect(await weigh('5')).toEqual({ stories: 0, pictures: 0, feeds: 1, back: 0 })
  expect(await weigh('6')).toEqual({ stories: 0, pictures: 0, feeds: 0, back: 0 })
  expect(await Promise.all(told.map((one) => seen(one)))).toEqual([true, true])
  await send(policy['save'], '2', 1)
  expect(await Promise.all(told.map((one) => seen(one, 1)))).toEqual([false, false])
  expect(await weigh('6', 2)).toEqual({ stories: 0, pictures: 0, feeds: 0, back: 2 })
})

test('an answer on paper that is changed to a no hides with the press', async () => {
  const { told, form: id, supported } = await onPaper()
  const body = {
    revision: '0',
    [`answer-${supported}`]: 'no',
    [`byWhom-${supported}`]: 'self',
    [`signed-${supported}`]: '2027-10-01',
  }
  const { revision } = await db
    .selectFrom('paperForms')
    .select('revision')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  const params = { slug, form: id }
  expect(
    await press(form['answers'], { params, body: { ...body, revision: String(revision) } }),
  ).toMatchObject({
    status: 303,
  })
  expect(await seen(told)).toBe(false)
})

test('a form on paper that is used no more hides what rested on it with the press', async () => {
  const { told, form: id } = await onPaper()
  expect(await press(form['end'], { params: { slug, form: id }, body: {} })).toMatchObject({ status: 303 })
  expect(await seen(told)).toBe(false)
})

test('whoever is supported there no more is asked anew: what their form allowed is hidden with the press', async () => {
  const { told, supported } = await onPaper()
  const params = { slug, person: supported }
  expect(await press(person['part'], { params, body: { parted: 'yes' } })).toMatchObject({ status: 303 })
  expect(await seen(told)).toBe(false)
})

test('somebody who turns out to be a child is asked again with the press that says so', async () => {
  const { told, supported } = await onPaper()
  const { label, revision } = await db
    .selectFrom('supportedPeople')
    .select(['label', 'revision'])
    .where('id', '=', supported)
    .executeTakeFirstOrThrow()
  const body = {
    revision: String(revision),
    'label-1': label,
    'sure-1': 'yes',
    'band-1': '13-15',
    'month-1': '01',
    'year-1': '2029',
  }
  expect(await press(person['save'], { params: { slug, person: supported }, body })).toMatchObject({
    status: 303,
  })
  expect(await seen(told)).toBe(false)
})

/** How many policies permission knows of an organisation. */
const policiesOf = async (organisation: string): Promise<number> =>
  (
    await db
      .selectFrom('consentEvents')
      .select('n')
      .where('organisation', '=', organisation)
      .where('kind', '=', 'policy')
      .execute()
  ).length

test('an organisation that is taken away, or brought back, is looked at again with the press', async () => {
  await tellAndAgree(stage, now)
  for (const body of [{ hidden: 'yes' }, {}] as Record<string, string>[]) {
    const before = await policiesOf(stage.school)
    expect(await press(overview['hide'], { viewer: organiser, body })).toMatchObject({ status: 303 })
    expect(await policiesOf(stage.school)).toBe(before + 1)
  }
})

test('an organisation that is taken back while it waits takes what its forms allowed with it', async () => {
  const waiting = await makeOrganisation(db, { state: 'waiting', decided: null })
  const founder = await makeMember(db, waiting.id, { name: 'founder' })
  await db
    .updateTable('organisations')
    .set({ foundedBy: founder.account })
    .where('id', '=', waiting.id)
    .execute()
  const { form: id, told } = await onPaper()
  await db.updateTable('paperForms').set({ organisation: waiting.id }).where('id', '=', id).execute()
  expect(await seen(told)).toBe(true)
  expect(
    await press(overview['back'], { viewer: founder, params: { slug: waiting.slug }, body: {} }),
  ).toMatchObject({ status: 303 })
  expect(await seen(told)).toBe(false)
})

test('an organisation that an organiser agrees to is looked at again, and nothing is published by it', async () => {
  const waiting = await makeOrganisation(db, { state: 'waiting', decided: null })
  const told = await tellAndCheck({ ...stage, school: waiting.id, vetted: stage.reviewer }, now)
  expect(
    await press(desk['decide'], {
      viewer: organiser,
      params: {},
      body: { slug: waiting.slug, decision: 'agree', reason: '' },
    }),
  ).toMatchObject({ status: 303 })
  expect(await seen(told)).toBe(false)
  expect(await policiesOf(waiting.id)).toBeGreaterThan(1)
})
