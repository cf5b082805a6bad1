import { expect, test } from 'vitest'
import { requestPermission } from '#consent/server/writes/asking.ts'
import { withdraw } from '#consent/server/writes/withdrawing.ts'
import { anybody } from '#kernel/viewer.ts'
import { adult, asking, stageFor, tellAndCheck } from '../../../../../../../test/consent/stage.ts'
import { testDatabase } from '../../../../../../../test/db.ts'
import { makeWeek } from '../../../../../../../test/make.ts'
import { makeSupported } from '../../../../../../../test/organisations.ts'
import { ask, pageOf } from '../../../../../../../test/pages.ts'
import { load as layout } from '../../+layout.server.ts'
import { actions, load } from './+page.server.ts'
import Form from './+page.svelte'

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-20T12:00:00Z')
const stage = await stageFor(db)
const { school, lead } = stage
const { slug } = await db
  .selectFrom('organisations')
  .select('slug')
  .where('id', '=', school)
  .executeTakeFirstOrThrow()

async function newForm(): Promise<string> {
  const form = { organisation: school, title: 'Photographs', says: 'We may show it.', dated: '2027-09-01' }
  const covers = { circle: 5 as const, purposes: ['celebrate' as const], modes: ['face' as const] }
  const names = { namesThisSite: true, namesSocialMedia: false }
  const row = await db
    .insertInto('paperForms')
    .values({ ...form, ...covers, ...names })
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}

/** The page of a form, below the organisation's own, as the framework shows it. */
async function open(form: string, back: unknown = null): Promise<string> {
  const params = { slug, form }
  const asked = { path: `/desk/organisations/${slug}/forms/${form}`, db, now, viewer: lead, params }
  const above = await ask(layout as (event: unknown) => Promise<object>, asked)
  const inner = load as (event: object) => Promise<object>
  const whole = async (event: object) => ({
    ...above,
    ...(await inner({ ...event, parent: async () => above })),
  })
  return (await pageOf(Form, whole, { ...asked, form: back })).body
}
const hidden = (html: string, name: string): string =>
  (new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '').replaceAll('&amp;', '&')
const press = (form: string, html: string, body: Record<string, string>) =>
  ask(actions['answers'] as (event: unknown) => Promise<{ data?: unknown; status: number }>, {
    path: '/desk/organisations',
    db,
    now,
    viewer: lead,
    params: { slug, form },
    body: { revision: hidden(html, 'revision'), opened: hidden(html, 'opened'), ...body },
  }).catch((error: { status: number; data?: unknown }) => error)
const answer = (person: string, word: string, signed = '2027-09-02') => ({
  [`answer-${person}`]: word,
  [`byWhom-${person}`]: 'self',
  [`signed-${person}`]: signed,
  [`ends-${person}`]: '',
})
const kept = async (form: string) =>
  Object.fromEntries(
    (
      await db
        .selectFrom('paperAnswers')
        .select(['supported', 'answer', 'signed'])
        .where('form', '=', form)
        .execute()
    ).map(({ supported, answer: word, signed }) => [supported, `${word} ${signed}`]),
  )

test('two write answers of one form at once: the second is shown both, loses nothing, and can save again', async () => {
  const form = await newForm()
  const [ann, bo, cy] = await Promise.all(
    ['A.N.', 'B.O.', 'C.Y.'].map((label) => makeSupported(db, school, { label })),
  )
  const none = { [`answer-${ann}`]: '', [`answer-${bo}`]: '', [`answer-${cy}`]: '' }
  const both = await open(form)
  expect(
    await press(form, both, { ...none, ...answer(ann ?? '', 'yes'), ...answer(bo ?? '', 'no') }),
  ).toMatchObject({
    status: 303,
  })
  const typed = { ...none, ...answer(bo ?? '', 'yes', '2027-09-03'), ...answer(cy ?? '', 'yes') }
  const refused = await press(form, both, typed)
  expect(refused.status).toBe(409)
  const html = await open(form, refused.data)
  expect(html).toContain('Somebody changed this while you were writing')
  expect(html).toContain('B.O.: What it says')
  expect(html).toContain('A.N.: What it says · A.N.: Who signed')
  expect(html).not.toContain('C.Y.: What it says')
  expect(await kept(form)).toEqual({ [ann ?? '']: 'yes 2027-09-02', [bo ?? '']: 'no 2027-09-02' })
  const merged = Object.fromEntries(
    [ann, bo, cy].flatMap((person) =>
      Object.keys(answer(person ?? '', '')).map((name) => [name, valueIn(html, name)]),
    ),
  )
  expect(await press(form, html, merged)).toMatchObject({ status: 303 })
  expect(await kept(form)).toEqual({
    [ann ?? '']: 'yes 2027-09-02',
    [bo ?? '']: 'yes 2027-09-03',
    [cy ?? '']: 'yes 2027-09-02',
  })
})

test('of whoever has grown since a parent signed, the page says that the form counts for nothing any more', async () => {
  const form = await newForm()
  const child = { ageBand: '13-15' as const, nextChange: '2030-10-01' }
  const [before, after] = await Promise.all(
    ['Twelve', 'Thirteen'].map((label) => makeSupported(db, school, { ...child, label })),
  )
  const html = await open(form)
  const parent = (person = '', signed = '') => ({
    ...answer(person, 'yes', signed),
    [`byWhom-${person}`]: 'all-parents',
  })
  expect(
    await press(form, html, { ...parent(before, '2027-09-30'), ...parent(after, '2027-10-01') }),
  ).toMatchObject({ status: 303 })
  const rows = (await open(form)).split('<fieldset').filter((row) => row.includes('They were younger'))
  expect(rows.map((row) => row.includes('Twelve'))).toEqual([true])
  const own = { ...answer(after ?? '', 'yes', '2027-10-02'), [`byWhom-${after}`]: 'self' }
  expect(await press(form, await open(form), own)).toMatchObject({ status: 303 })
  const young = (await open(form)).split('<fieldset').filter((row) => row.includes('is not enough'))
  expect(young.map((row) => row.includes('Thirteen'))).toEqual([true])
})

/** What a field of the shown form holds: the radio that is on, the option that is chosen, the words that stand in it. */
function valueIn(html: string, name: string): string {
  const radio = new RegExp(`<input type="radio" name="${name}" value="([^"]*)" checked`).exec(html)
  if (radio) return radio[1] ?? ''
  const select = new RegExp(`<select[^>]*name="${name}"[\\s\\S]*?</select>`).exec(html)
  if (select) return /<option value="([^"]*)" selected/.exec(select[0])?.[1] ?? ''
  const field = new RegExp(`<input[^>]*name="${name}"[^>]*>`).exec(html)?.[0] ?? ''
  return /value="([^"]*)"/.exec(field)?.[1] ?? ''
}

test('a form of somebody who took everything back since says so, beside its yes', async () => {
  const form = await newForm()
  const supported = await makeSupported(db, school, { label: 'Changed' })
  const signed = {
    answer: 'yes' as const,
    route: 'own' as const,
    byWhom: 'self' as const,
    signed: '2027-09-02',
  }
  await db
    .insertInto('paperAnswers')
    .values({ supported, form, ...signed, enteredBy: lead.account })
    .execute()
  const { surface, person } = await tellAndCheck(stage, now, { people: [adult({ who: { supported } })] })
  const asked = asking({ surface, person, by: stage.by })
  const { token } = await requestPermission(db, stage.teacher, asked, now)
  expect(await open(form)).not.toContain('They changed their mind since')
  await withdraw(db, anybody, { token, everywhere: true, formKey: '' }, now)
  expect(await open(form)).toContain('They changed their mind since')
})
