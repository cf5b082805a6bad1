import { expect, test } from 'vitest'
import { renditionFor } from '#consent/server/reads/rendition.ts'
import { anybody, type Viewer } from '#kernel/viewer.ts'
import { stageFor, tellAndAgree, tellAndCheck } from '../../../../../../test/consent/stage.ts'
import { testDatabase } from '../../../../../../test/db.ts'
import { makeStory, makeWeek } from '../../../../../../test/make.ts'
import { makeAccount } from '../../../../../../test/organisations.ts'
import { ask, pageOf } from '../../../../../../test/pages.ts'
import { load as layout } from '../+layout.server.ts'
import { load as loadList } from './+page.server.ts'
import List from './+page.svelte'
import { actions, load } from './[person]/+page.server.ts'
import Person from './[person]/+page.svelte'

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-20T12:00:00Z')
const stage = await stageFor(db)
const { lead, vetted, teacher } = stage
const organiser = await makeAccount(db, 'organiser', { role: 'organiser' })
const { slug } = await db
  .selectFrom('organisations')
  .select('slug')
  .where('id', '=', stage.school)
  .executeTakeFirstOrThrow()

/** A page below the organisation's own, with what that answers, as the framework does it. */
async function open(
  page: unknown,
  inner: unknown,
  viewer: Viewer,
  over: { person?: string; form?: unknown } = {},
) {
  const params = { slug, ...(over.person !== undefined && { person: over.person }) }
  const asked = { path: `/desk/organisations/${slug}/shown`, db, now, viewer, params }
  const above = await ask(layout as (event: unknown) => Promise<object>, asked)
  const whole = async (event: object) => ({
    ...above,
    ...(await (inner as (event: object) => Promise<object>)({ ...event, parent: async () => above })),
  })
  return (await pageOf(page, whole, { ...asked, form: over.form })).body
}
const press = (name: keyof typeof actions, viewer: Viewer, person: string, body: Record<string, string>) =>
  ask(actions[name] as (event: unknown) => Promise<unknown>, {
    path: '/desk/organisations',
    db,
    now,
    viewer,
    params: { slug, person },
    body,
  }).catch((error: unknown) => error)
const seen = async ({ version }: { version: string }): Promise<boolean> =>
  (await renditionFor(db, anybody, { version, width: 640, format: 'jpg' }, now)) !== null
const decided = {
  form: 'decision',
  goes: 'public',
  consulted: '2',
  asked: 'His sister.',
  wants: 'He shows his drum to everybody.',
  good: 'He would be proud.',
  less: 'His hands alone are not him.',
  seen: 'no-sign',
  review: '2028-03-01',
}
const couldNot = {
  form: 'capacity',
  outcome: 'lacks',
  review: '2028-04-01',
  asked: 'We used pictures.',
  helped: 'More time.',
  seen: 'He looked away.',
}

test('the lead sees what is shown, what waits and whose permission runs out, and nobody outside does', async () => {
  const [one, two] = [await makeStory(db, { title: 'The drum' }), await makeStory(db, { title: 'The pool' })]
  const told = await tellAndAgree(stage, now, { surface: one.id })
  await tellAndCheck(stage, now, { surface: two.id })
  await db
    .updateTable('permissions')
    .set({ ends: '2027-11-01T00:00:00Z' })
    .where('id', '=', told.permission)
    .execute()
  const body = await open(List, loadList, lead)
  for (const words of [
    '2 are shown (one only in part), nothing else waits',
    'Photograph 1: Waits.',
    'The drum',
    'The pool',
    'They have not been asked',
    'S.K.',
    '1 November 2027',
  ])
    expect(body).toContain(words)
  expect(await open(List, loadList, vetted)).toContain('S.K.')
  for (const viewer of [teacher, organiser, stage.reviewer, anybody])
    await expect(open(List, loadList, viewer)).rejects.toMatchObject({ kind: 'missing' })
})

test('what a decision by somebody else rests on is kept on one page: capacity, the decision, a second look', async () => {
  const story = await makeStory(db, { title: 'The swing' })
  const { person, version } = await tellAndCheck(stage, now, { surface: story.id })
  expect(
    await press('decision', vetted, person, { ...decided, looked: version, surface: story.id }),
  ).toMatchObject({
    status: 409,
  })
  expect(await press('capacity', lead, person, { ...couldNot, review: '' })).toMatchObject({ status: 400 })
  expect(await press('capacity', lead, person, couldNot)).toMatchObject({ status: 303 })
  expect(
    await press('decision', vetted, person, { ...decided, looked: version, surface: story.id }),
  ).toMatchObject({
    status: 303,
  })
  expect(await open(Person, load, vetted, { person })).toMatch(/until \d[^<]*2028, and due again on \d/)
  expect(await seen({ version })).toBe(false)
  const { id: record } = await db
    .selectFrom('records')
    .select('id')
    .where('person', '=', person)
    .where('kind', '=', 'best-interests')
    .executeTakeFirstOrThrow()
  expect(await press('looked', vetted, person, { record, agrees: 'yes' })).toMatchObject({ status: 403 })
  expect(await press('looked', lead, person, { record, agrees: 'yes' })).toMatchObject({ status: 303 })
  expect(await seen({ version })).toBe(true)
  const body = await open(Person, load, lead, { person })
  for (const words of [
    'Cannot decide this, until 1 April 2028',
    'Everybody who visits this site, 2 people asked',
  ])
    expect(body).toContain(words)
  expect(body).not.toMatch(/We used pictures|would be proud/)
  expect(await press('end', lead, person, { record })).toMatchObject({ status: 303 })
  expect(await seen({ version })).toBe(false)
})

test('rule 21: a yes from before an age at which they are asked again is not called a yes until a day', async () => {
  const { person } = await tellAndAgree(stage, new Date('2027-08-01T12:00:00Z'))
  expect(await open(Person, load, lead, { person })).toMatch(/<strong>Yes<[^]*until \d/)
  const age = { ageBand: '16-17', nextChange: '2027-10-01' } as const
  await db.updateTable('peopleShown').set(age).where('id', '=', person).execute()
  const body = await open(Person, load, lead, { person })
  expect(body).toContain('Yes, but older now: asked again')
  expect(body).not.toMatch(/until \d/)
})

test('rule 33: what was written is read only with a reason, by the lead and vetted practitioners, and every reading is written down', async () => {
  const { person } = await tellAndCheck(stage, now)
  await press('capacity', lead, person, { ...couldNot, seen: 'SECRET: he looked away.' })
  const { id: evidence } = await db
    .selectFrom('evidence')
    .select('id')
    .where('person', '=', person)
    .executeTakeFirstOrThrow()
  const reads = () =>
    db.selectFrom('evidenceReads').select(['account', 'why']).where('evidence', '=', evidence).execute()
  expect(await open(Person, load, vetted, { person })).not.toContain('SECRET')
  expect(await press('read', vetted, person, { evidence })).toMatchObject({ status: 400 })
  expect(await reads()).toEqual([])
  for (const viewer of [teacher, organiser, stage.reviewer, anybody])
    expect(await press('read', viewer, person, { evidence, why: 'curious' })).toMatchObject({ status: 404 })
  expect(await reads()).toEqual([])
  const form = await press('read', vetted, person, { evidence, why: 'The review is due' })
  const body = await open(Person, load, vetted, { person, form })
  expect(body).toContain('SECRET: he looked away.')
  expect(body).toContain('It has been read once.')
  expect(await reads()).toEqual([{ account: vetted.account, why: 'The review is due' }])
})

test('a mark, a death and forgetting hide with the press, and what cannot be undone asks for a tick', async () => {
  const [one, two, three] = [
    await tellAndAgree(stage, now),
    await tellAndAgree(stage, now),
    await tellAndAgree(stage, now),
  ]
  expect(await press('marks', lead, one.person, { doNotShow: 'yes' })).toMatchObject({ status: 303 })
  expect(await press('died', lead, two.person, {})).toMatchObject({ status: 400 })
  expect(await seen(two)).toBe(true)
  expect(await press('died', lead, two.person, { sure: 'yes' })).toMatchObject({ status: 303 })
  expect(await open(Person, load, lead, { person: two.person })).toContain('Rests: they have died')
  expect(await press('forget', lead, three.person, { sure: 'yes' })).toMatchObject({ status: 303 })
  expect([await seen(one), await seen(two), await seen(three)]).toEqual([false, false, false])
  await expect(open(Person, load, lead, { person: three.person })).rejects.toMatchObject({ kind: 'missing' })
})

test('who holds parental responsibility is written down in one form, and who is left out does not count any more', async () => {
  const child = { label: 'M.', ageBand: '13-15' as const, nextChange: '2029-01-01' }
  const { person } = await tellAndCheck(stage, now, {
    people: [{ who: child, modes: ['face'], names: [], seen: 'yes' }],
  })
  const keep = (body: Record<string, string>) => press('holders', lead, person, { form: 'holders', ...body })
  expect(await keep({})).toMatchObject({ status: 400 })
  expect(
    await keep({ 'label-1': 'mother', 'as-1': 'parent', 'label-2': 'Leeds', 'as-2': 'council' }),
  ).toMatchObject({
    status: 303,
  })
  expect(await open(Person, load, lead, { person })).toContain('Leeds (council with a care order)')
  expect(await keep({ 'label-1': 'mother', 'as-1': 'parent' })).toMatchObject({ status: 303 })
  const rows = await db
    .selectFrom('records')
    .select('kind')
    .where('person', '=', person)
    .where('ended', 'is', null)
    .execute()
  expect(rows.map(({ kind }) => kind).toSorted()).toEqual(['holder', 'holders-all'])
})
