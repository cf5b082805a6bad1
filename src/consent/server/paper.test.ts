import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { recordHolders } from '#consent/server/writes/records.ts'
import { renditionFor } from '#consent/server/reads/rendition.ts'
import { noteEnds, remindOfEnds } from '#consent/server/tasks.ts'
import { lookAgain } from '#consent/server/writes/policy.ts'
import { restore } from '#consent/server/writes/taking-down.ts'
import { placeVersion } from '#consent/server/writes/placing.ts'
import { checkWhoIsIn, sayWhoIsIn } from '#consent/server/writes/saying.ts'
import { waitingForSecond } from '#consent/server/reads/queue.ts'
import { toCheck } from '#consent/server/reads/second-person.ts'
import { standingOf } from '#consent/server/reads/standing.ts'
import type { Shown } from '#consent/permission.ts'
import { anybody } from '#kernel/viewer.ts'
import type { PaperAnswer, PaperForm } from '#organisations/paper.ts'
import {
  adult,
  makePicture,
  placing,
  schoolPolicy,
  stageFor,
  tellAndCheck,
} from '../../../test/consent/stage.ts'
import { testDatabase } from '../../../test/db.ts'
import { makeWeek } from '../../../test/make.ts'
import { makeSupported } from '../../../test/organisations.ts'

const db = await testDatabase()
await makeWeek(db)
const stage = await stageFor(db)
const { lead, vetted, school } = stage
// As far as any form could reach, so that whatever of it is narrower is seen to be.
const rules = { ...schoolPolicy, widest: { ...schoolPolicy.widest, parents: 6 } }
await db
  .updateTable('policies')
  .set({ rules: JSON.stringify(rules) })
  .where('organisation', '=', school)
  .execute()
const now = new Date('2027-10-20T12:00:00Z')
const later = (days: number): Date => new Date(now.getTime() + days * 86_400_000)

const wide = {
  form: {
    dated: '2027-09-01',
    circle: 6,
    purposes: ['celebrate', 'teach'],
    modes: ['face', 'body'],
    namesThisSite: true,
    namesSocialMedia: true,
    ended: null,
  },
  answer: { answer: 'yes', route: 'parents', byWhom: 'all-parents', signed: '2027-09-02', ends: null },
} as const

/** Makes a child of whom all parents said yes on paper, in a picture that is live. */
async function liveOnPaper({ signed }: { signed: string } = wide.answer) {
  const child = { label: `L${Math.random().toString(36).slice(2, 8)}`, ageBand: '13-15' as const }
  const supported = await makeSupported(db, school, { ...child, nextChange: '2029-01-01' })
  const { id } = await makeForm()
  await enter({ supported, form: id, signed, entered: later(-1) })
  const told = await tellAndCheck(stage, now, { people: [adult({ who: { supported } })] })
  return { supported, form: id, told }
}
const enter = (
  row: Pick<PaperAnswer, 'supported'> & { form: string; entered: Date } & Partial<PaperAnswer>,
) =>
  db
    .insertInto('paperAnswers')
    .values({ ...wide.answer, enteredBy: lead.account, ...row })
    .execute()
const makeForm = () =>
  db
    .insertInto('paperForms')
    .values({ organisation: school, title: 'Pictures', says: 'They may be shown.', ...wideForm() })
    .returning('id')
    .executeTakeFirstOrThrow()
const wideForm = () => ({ ...wide.form, purposes: [...wide.form.purposes], modes: [...wide.form.modes] })
type Live = Awaited<ReturnType<typeof liveOnPaper>>

const look = ({ supported }: Live, at: Date): Promise<void> =>
  db
    .transaction()
    .execute((trx) => lookAgain(trx, lead, { organisation: school, slug: '', people: [supported] }, at))

type Change = { form?: Partial<Typed<PaperForm>>; answer?: Partial<Typed<PaperAnswer>> }
type Typed<Of> = { [Key in keyof Of]: Of[Key] extends readonly (infer One)[] ? One[] : Of[Key] }

/** Puts a form, or what it says of somebody, right, as a lead does it. */
async function putRight(live: Live, { form, answer }: Change, at: Date): Promise<void> {
  if (form) await db.updateTable('paperForms').set(form).where('id', '=', live.form).execute()
  if (answer)
    await db
      .updateTable('paperAnswers')
      .set({ ...answer, entered: at })
      .where('form', '=', live.form)
      .execute()
  await look(live, at)
}

const seen = async ({ told }: Pick<Live, 'told'>, at: Date): Promise<boolean> =>
  (await renditionFor(db, anybody, { version: told.version, width: 640, format: 'jpg' }, at)) !== null

const inFeeds = async ({ told }: Live, at: Date): Promise<boolean> => {
  const row = await db
    .selectFrom('placements')
    .select(sql<boolean>`beyond @> ${at}::timestamptz`.as('beyond'))
    .where('surface', '=', told.surface)
    .executeTakeFirstOrThrow()
  return row.beyond
}

const permissionsOf = ({ told }: Live) =>
  db
    .selectFrom('permissions')
    .select(['id', 'state', 'ends'])
    .where('person', '=', told.person)
    .where('paper', 'is not', null)
    .orderBy('created')
    .execute()

type Narrower = Change & { hides: 'page' | 'feeds' }
type OfAnswer = Exclude<keyof PaperAnswer, 'supported' | 'signed'>
/** What of a form tells which it is, or is only for whoever reads it. */
type NotSaid = 'id' | 'title' | 'says' | 'dated' | 'created' | 'revision'

/** Each thing that an answer says, said narrower; a new one has to be added here. */
const narrower: Record<OfAnswer | Exclude<keyof PaperForm, NotSaid>, Narrower> = {
  answer: { answer: { answer: 'no', route: null }, hides: 'page' },
  route: { answer: { route: 'young-person' }, hides: 'page' },
  byWhom: { answer: { byWhom: 'parent' }, hides: 'page' },
  ends: { answer: { ends: '2027-10-20' }, hides: 'page' },
  circle: { form: { circle: 2 }, hides: 'page' },
  purposes: { form: { purposes: ['teach'] }, hides: 'page' },
  modes: { form: { modes: ['body'] }, hides: 'page' },
  namesThisSite: { form: { namesThisSite: false }, hides: 'page' },
  namesSocialMedia: { form: { namesSocialMedia: false }, hides: 'feeds' },
  ended: { form: { ended: later(1) }, hides: 'page' },
}

test.each(Object.entries(narrower))(
  'rule 3: what a form says, put right in "%s" so that it is narrower, hides at once, and comes back only by somebody else',
  async (_field, { hides, ...change }) => {
    const live = await liveOnPaper()
    expect([await seen(live, now), await inFeeds(live, now)]).toEqual([true, true])
    await putRight(live, change, later(1))
    expect([await seen(live, later(1)), await inFeeds(live, later(1))]).toEqual([hides === 'feeds', false])
    await putRight(live, { form: wideForm(), answer: wide.answer }, later(2))
    expect(await seen(live, later(2))).toBe(hides === 'feeds')
    if (hides === 'feeds') return
    await restore(db, vetted, { surface: live.told.surface, reason: 'It was a slip.' }, later(3))
    expect(await seen(live, later(3))).toBe(true)
  },
)

test('rule 6: a last day that was put right to one that is over ends it, and leaves the picture to whoever posted it', async () => {
  const live = await liveOnPaper()
  await putRight(live, narrower.ends, later(1))
  expect((await permissionsOf(live)).map(({ state }) => state)).toEqual(['expired'])
  const { version, surface } = live.told
  const pass = { as: 'poster' as const, surface }
  const wish = { version, width: 640, format: 'jpg' as const, pass }
  expect(await renditionFor(db, stage.teacher, wish, later(1))).not.toBeNull()
})

test('an answer that is put right and still says yes lasts no longer, and goes on being seen', async () => {
  const live = await liveOnPaper()
  const before = await permissionsOf(live)
  await putRight(live, { answer: { signed: '2027-09-03' } }, later(100))
  const after = await permissionsOf(live)
  expect(after.map(({ state }) => state)).toEqual(['withdrawn', 'given'])
  expect(after[1]?.ends).toEqual(before[0]?.ends)
  expect(await seen(live, later(100))).toBe(true)
})

test('rule 5: a yes on paper that ran out is not made anew by the same signature, and by a new one it is', async () => {
  const live = await liveOnPaper()
  const [first] = await permissionsOf(live)
  const over = new Date((first?.ends ?? now).getTime() + 1000)
  await noteEnds(db, {}, over)
  await look(live, over)
  expect((await permissionsOf(live)).map(({ state }) => state)).toEqual(['expired'])
  await putRight(live, { answer: { signed: over.toISOString().slice(0, 10) } }, over)
  expect((await permissionsOf(live)).map(({ state }) => state)).toEqual(['expired', 'given'])
  expect(await seen(live, over)).toBe(false)
})

test('a form that was taken back, said yes anew and ran out is told of as over, and not as a changed mind', async () => {
  const live = await liveOnPaper()
  await putRight(live, narrower.answer, later(1))
  await putRight(live, { answer: wide.answer }, later(2))
  const all = await permissionsOf(live)
  const over = new Date((all.at(-1)?.ends ?? now).getTime() + 1000)
  for (const noted of [false, true]) {
    if (noted) await noteEnds(db, {}, over)
    const [part] = (await standingOf(db, live.told.surface, over)).placements
    expect(part?.people[0]?.missing.map(({ key }) => key)).toEqual(['consent.why.expired'])
  }
})

test('rule 21: what parents signed before an age covers nothing from that age on, entered or put right however late', async () => {
  // 13 with the first of January 2026.
  const live = await liveOnPaper({ signed: '2025-12-31' })
  expect(await seen(live, now)).toBe(false)
  const [part] = (await standingOf(db, live.told.surface, now)).placements
  expect(part?.people[0]?.missing.map(({ key }) => key)).toEqual(['consent.why.asked-at-age'])
  await putRight(live, { answer: { ends: '2028-03-01' } }, later(1))
  expect(await seen(live, later(1))).toBe(false)
  await putRight(live, { answer: { signed: '2026-01-01' } }, later(2))
  expect(await seen(live, later(2))).toBe(true)
})

test('what all parents were said to have signed is not known of all once one alone did; somebody who knows them all says it anew', async () => {
  const live = await liveOnPaper()
  await putRight(live, narrower.byWhom, later(1))
  const holders = [{ label: 'parent', as: 'parent' as const }]
  await recordHolders(db, lead, { person: live.told.person, holders }, later(2))
  await restore(db, vetted, { surface: live.told.surface, reason: 'There is one parent.' }, later(3))
  expect(await seen(live, later(3))).toBe(true)
})

/** A picture that arrived at a moment, with somebody tapped in it by a teacher; nobody has looked yet. */
async function tapIn(supported: string, arrived: Date, at: Date) {
  const { version, surface } = await makePicture(db)
  await db.updateTable('versions').set({ created: arrived }).where('id', '=', version).execute()
  await placeVersion(db, stage.teacher, placing(stage, { surface, version }), at)
  const say = async (people: Shown[]): Promise<string> => {
    const saying = { surface, version, people, nobody: false, by: stage.by }
    return (await sayWhoIsIn(db, stage.teacher, saying, at)).said
  }
  const said = await say([adult(), adult({ who: { supported } })])
  const opens = async (as: 'poster' | 'checker'): Promise<boolean> =>
    (await renditionFor(db, anybody, { version, width: 640, format: 'jpg', pass: { as, surface } }, at)) !==
    null
  const waits = async (): Promise<string[]> =>
    (await waitingForSecond(db, vetted)).flatMap((one) => (one.surface === surface ? [one.what] : []))
  return { surface, version, said, say, opens, waits }
}

const befores = {
  'a no on paper': async () => {
    const live = await liveOnPaper()
    await putRight(live, narrower.answer, now)
    return live.supported
  },
  'a no on paper of somebody who was in no picture yet': async () => {
    const { supported, form } = await liveOnPaper()
    const other = await makeSupported(db, school, { label: `M${supported.slice(0, 6)}` })
    await enter({ supported: other, form, answer: 'no', route: null, entered: now })
    return other
  },
  'a yes on paper that was taken back': async () => {
    const live = await liveOnPaper()
    await db.deleteFrom('paperAnswers').where('form', '=', live.form).execute()
    await look(live, now)
    return live.supported
  },
}

test.each(Object.entries(befores))(
  'tapping somebody of whom there was %s before the picture came leaves it to whoever posted it, and to whoever looks',
  async (_before, said) => {
    const { opens, waits, surface, version, say } = await tapIn(await said(), later(1), later(1))
    expect([await opens('poster'), await opens('checker')]).toEqual([true, true])
    expect(await waits()).toEqual(['check'])
    expect(await seen({ told: { version } as Live['told'] }, later(1))).toBe(false)
    // A slip of the finger: the tick is taken away, and it waits for somebody to say so.
    const again = await say([adult()])
    expect([await opens('poster'), await waits()]).toEqual([true, ['check']])
    const { appearances } = await toCheck(db, vetted, again)
    const slip = appearances.flatMap(({ id, before }) => (before ? [id] : []))
    await checkWhoIsIn(db, vetted, { said: again, wrong: slip, covered: [] }, later(1))
    const standing = await standingOf(db, surface, later(1))
    expect(standing.placements[0]?.people.map(({ label }) => label)).toEqual(['S.K.'])
  },
)

test('a no on paper that came after the picture is gone for all, also for whoever posted it', async () => {
  const live = await liveOnPaper()
  await putRight(live, narrower.answer, later(2))
  const { opens } = await tapIn(live.supported, later(1), later(2))
  expect([await opens('poster'), await opens('checker')]).toEqual([false, false])
})

test('whoever leads hears 30 and 7 days ahead that a yes on paper runs out, once for all that end that day, and not while a newer form goes on', async () => {
  const one = await liveOnPaper()
  await putRight(one, { answer: { ends: '2027-12-22' } }, now)
  await putRight(await liveOnPaper(), { answer: { ends: '2027-12-22' } }, now)
  const renewed = await liveOnPaper()
  await putRight(renewed, { answer: { ends: '2027-12-21' } }, now)
  const { id: form } = await makeForm()
  await enter({ supported: renewed.supported, form, entered: now })
  await look(renewed, now)
  for (const days of [40, 30, 29.5, 20, 7, 6.5])
    await remindOfEnds(db, {}, new Date(Date.UTC(2027, 11, 23) - days * 86_400_000))
  const sent = db.selectFrom('mails').select(['address', 'params']).where('name', '=', 'consent-paper')
  const mails = await sent.where(sql<boolean>`params ->> 'until' like '%December%'`).execute()
  const told = { address: lead.email, params: { until: expect.stringContaining('22'), count: 2 } }
  expect(mails).toMatchObject([told, told])
})
