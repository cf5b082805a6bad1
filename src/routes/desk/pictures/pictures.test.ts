import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { renditionFor } from '#consent/server/reads/rendition.ts'
import { askForCircle, placeVersion } from '#consent/server/writes/placing.ts'
import { sayWhoIsIn } from '#consent/server/writes/saying.ts'
import { liftObjection, takeDown } from '#consent/server/writes/taking-down.ts'
import { objectObserved, withdraw } from '#consent/server/writes/withdrawing.ts'
import { lookAtNo } from '#desk/server/pictures.ts'
import { anybody, type Viewer } from '#kernel/viewer.ts'
import { makePicture, placing, stageFor, tellAndAgree } from '../../../../test/consent/stage.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeStory, makeWeek } from '../../../../test/make.ts'
import { makeAccount } from '../../../../test/organisations.ts'
import { ask, pageOf } from '../../../../test/pages.ts'
import { load as loadDesk } from '../+page.server.ts'
import Desk from '../+page.svelte'
import { load as loadList } from './+page.server.ts'
import List from './+page.svelte'
import { actions as check, load as loadCheck } from './[said]/+page.server.ts'
import Check from './[said]/+page.svelte'
import { actions as back, load as loadBack } from './back/[surface]/+page.server.ts'
import Back from './back/[surface]/+page.svelte'
import { actions as lift, load as loadNo } from './no/[objection]/+page.server.ts'
import No from './no/[objection]/+page.svelte'
import { GET as noPicture } from './no/[objection]/picture/[version]/[file]/+server.ts'

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-26T12:00:00Z')
const later = (hours: number): Date => new Date(now.getTime() + hours * 3_600_000)
const stage = await stageFor(db)
const second = await makeAccount(db, 'second', { role: 'reviewer' })

const seen = async (version: string, at = now): Promise<boolean> =>
  (await renditionFor(db, anybody, { version, width: 640, format: 'jpg' }, at)) !== null
const list = async (viewer: Viewer, at = now): Promise<string> =>
  (await pageOf(List, loadList, { path: '/desk/pictures', db, now: at, viewer })).body
/** Presses the one button of a page, or answers the no. */
const press = (
  actions: Record<string, unknown>,
  viewer: Viewer,
  params: Record<string, string>,
  body: Record<string, string>,
): Promise<unknown> =>
  ask(actions['default'] as (event: unknown) => Promise<unknown>, {
    path: '/desk/pictures',
    db,
    now: later(30),
    viewer,
    params,
    body,
  }).catch((error: unknown) => error)

test('who is in a picture waits in the one queue with its age, for everybody but who sent it, and one press checks it and its cover', async () => {
  const story = await makeStory(db, { title: 'The drum' })
  const { version: source } = await makePicture(db, { surface: story.id })
  const covered = { surface: story.id, source, coveredBy: stage.by }
  const { version } = await makePicture(db, covered)
  await placeVersion(db, stage.teacher, placing(stage, { surface: story.id, version }), now)
  const people = [
    {
      who: { label: 'S.K.', ageBand: 'adult' as const, nextChange: null },
      modes: ['face' as const],
      names: [],
      seen: 'yes' as const,
    },
  ]
  const { said } = await sayWhoIsIn(
    db,
    stage.teacher,
    { surface: story.id, version, people, nobody: false, by: stage.by },
    now,
  )
  await askForCircle(db, stage.teacher, { surface: story.id, circle: 5, by: stage.by }, now)
  const { body: desk } = await pageOf(Desk, loadDesk, { path: '/desk', db, now: later(30), viewer: second })
  expect(desk).toContain(`href="/desk/pictures/${said}"`)
  expect(desk).toMatch(/queue-old[\s\S]*The drum/)
  expect(await list(stage.vetted)).toContain('The drum')
  for (const viewer of [stage.teacher, anybody]) expect(await list(viewer)).not.toContain('The drum')
  const asked = { path: `/desk/pictures/${said}`, params: { said }, db, now, viewer: stage.vetted }
  const { body } = await pageOf(Check, loadCheck, asked)
  expect(body).toContain('Parts of it are covered.')
  expect(body).toContain('S.K.')
  expect(await press(check, stage.teacher, { said }, {})).toMatchObject({ status: 403 })
  expect(await press(check, stage.vetted, { said }, {})).toMatchObject({ status: 303 })
  const row = await db
    .selectFrom('versions')
    .select('coverChecked')
    .where('id', '=', version)
    .executeTakeFirstOrThrow()
  expect(row.coverChecked).not.toBeNull()
  expect(await list(stage.vetted)).not.toContain('The drum')
})

test('one person who was tapped by mistake is taken out with one tick', async () => {
  const surface = (await makeStory(db)).id
  const { version } = await makePicture(db, { surface })
  await placeVersion(db, stage.teacher, placing(stage, { surface, version }), now)
  const people = [
    {
      who: { label: 'W.W.', ageBand: 'adult' as const, nextChange: null },
      modes: ['face' as const],
      names: [],
      seen: 'yes' as const,
    },
  ]
  const saying = { surface, version, people, nobody: false, by: stage.by }
  const { said } = await sayWhoIsIn(db, stage.teacher, saying, now)
  const { id } = await db
    .selectFrom('appearances')
    .select('id')
    .where('version', '=', version)
    .where('person', 'is not', null)
    .executeTakeFirstOrThrow()
  expect(await press(check, stage.vetted, { said }, { wrong: id })).toMatchObject({ status: 303 })
})

test('what was stopped waits to come back: the page shows it with what was seen, and only somebody else than who hid it says yes', async () => {
  const story = await makeStory(db, { title: 'At the pool' })
  const { version, surface, person } = await tellAndAgree(stage, now, { surface: story.id })
  await takeDown(db, second, { surface, own: false }, now)
  const no = { token: '', person, surface, version: null, seen: 'He turned away', formKey: '' }
  await objectObserved(db, stage.lead, no, now)
  expect(await seen(version)).toBe(false)
  const { id: objection } = await db
    .selectFrom('objections')
    .select('id')
    .where('surface', '=', surface)
    .executeTakeFirstOrThrow()
  expect(await list(stage.vetted)).toContain(`href="/desk/pictures/no/${objection}"`)
  const asked = { path: `/desk/pictures/back/${surface}`, params: { surface }, db, now, viewer: stage.vetted }
  const { body } = await pageOf(Back, loadBack, asked)
  for (const words of ['At the pool', 'Somebody asked for it to be hidden', 'He turned away'])
    expect(body).toContain(words)
  for (const viewer of [stage.teacher, second, anybody])
    expect(await press(back, viewer, { surface }, { reason: 'mine' })).toMatchObject({
      status: expect.any(Number) as number,
    })
  expect(await seen(version, later(31))).toBe(false)
  expect(await press(back, stage.vetted, { surface }, {})).toMatchObject({ status: 400 })
  expect(await press(back, stage.vetted, { surface }, { reason: 'We asked him' })).toMatchObject({
    location: '/desk/pictures?done=not-yet',
  })
  // A no stays until somebody has looked at that very no.
  expect(await seen(version, later(31))).toBe(false)
  expect(await press(lift, stage.vetted, { objection }, { reason: 'He was tired' })).toMatchObject({
    location: '/desk/pictures?done=no-over',
  })
  expect(await seen(version, later(31))).toBe(false)
  const { body: over } = await pageOf(Back, loadBack, { ...asked, now: later(31) })
  expect(over).toContain('It was written down since that it is over.')
  expect(over).not.toContain('hidden by itself')
  expect(await press(back, stage.vetted, { surface }, { reason: 'We asked him' })).toMatchObject({
    location: '/desk/pictures?done=back',
  })
  expect(await seen(version, later(31))).toBe(true)
})

test('what a person took back is not said to be hidden by itself', async () => {
  const story = await makeStory(db, { title: 'In the garden' })
  const { surface, token } = await tellAndAgree(stage, now, { surface: story.id })
  await withdraw(db, anybody, { token, everywhere: false, formKey: '' }, now)
  const asked = { path: `/desk/pictures/back/${surface}`, params: { surface }, db, now, viewer: stage.vetted }
  const { body } = await pageOf(Back, loadBack, asked)
  expect(body).toContain('Somebody who is in it, or who decides for them, said no.')
  expect(body).not.toContain('hidden by itself')
})

test('a no that was seen everywhere is over when somebody else says how they know, and brings nothing back by itself', async () => {
  const { version, person } = await tellAndAgree(stage, now)
  const no = { token: '', person, surface: null, version: null, seen: 'Cried', formKey: '' }
  await objectObserved(db, stage.vetted, no, now)
  const { id: objection } = await db
    .selectFrom('objections')
    .select('id')
    .where('person', '=', person)
    .executeTakeFirstOrThrow()
  expect(await list(stage.lead)).toContain(`href="/desk/pictures/no/${objection}"`)
  expect(await list(stage.vetted)).not.toContain(objection)
  const asked = { path: '/desk/pictures/no', params: { objection }, db, now, viewer: stage.lead }
  expect((await pageOf(No, loadNo, asked)).body).toContain('Cried')
  expect(await press(lift, stage.vetted, { objection }, { reason: 'mine' })).toMatchObject({ status: 404 })
  expect(await press(lift, stage.lead, { objection }, { reason: 'We asked' })).toMatchObject({ status: 303 })
  expect(await seen(version, later(31))).toBe(false)
})

test('a no that was seen is looked at with its words, by nobody else, and without photographs: they are gone for all since the no, until it is over', async () => {
  const story = await makeStory(db, { title: 'By the window' })
  const told = await tellAndAgree(stage, now, { surface: story.id })
  const { version, surface, person } = told
  const words = { words: 'Two people by a window', caption: 'A quiet morning' }
  await db.updateTable('versions').set(words).where('id', '=', version).execute()
  const webp = { width: 640, height: 480, format: 'webp' as const, bytes: 1, key: randomUUID() }
  await db
    .insertInto('renditions')
    .values({ version, ...webp })
    .execute()
  const no = { token: '', person, surface: null, version: null, seen: 'Looked away', formKey: '' }
  await objectObserved(db, stage.vetted, no, now)
  const { id: objection } = await db
    .selectFrom('objections')
    .select('id')
    .where('person', '=', person)
    .executeTakeFirstOrThrow()
  const asked = { path: '/desk/pictures/no', params: { objection }, db, now, viewer: stage.lead }
  const page = async () => (await pageOf(No, loadNo, asked)).body
  expect(await page()).toContain('By the window')
  for (const one of ['Two people by a window', 'A quiet morning', version])
    expect(await page()).not.toContain(one)
  const back = { ...asked, path: '/desk/pictures/back', params: { surface } }
  await takeDown(db, second, { surface, own: false }, now)
  expect((await pageOf(Back, loadBack, back)).body).not.toContain('Two people by a window')

  const bytes = (viewer: Viewer, of = version): Promise<unknown> =>
    ask(noPicture as (event: never) => unknown, {
      ...asked,
      viewer,
      params: { objection, version: of, file: '1.jpg' },
    }).then(
      () => 'sent',
      (error: unknown) => error,
    )
  expect((await lookAtNo(db, stage.lead, objection)).on).toEqual([{ surface, versions: [], gone: 1 }])
  for (const viewer of [stage.lead, stage.vetted, stage.teacher, anybody])
    expect(await bytes(viewer)).toMatchObject({ kind: 'missing' })

  await db.updateTable('surfaces').set({ hold: objection }).where('id', '=', surface).execute()
  expect((await lookAtNo(db, stage.lead, objection)).on).toEqual([])
  expect(await page()).not.toContain(version)
  await db.updateTable('surfaces').set({ hold: null }).where('id', '=', surface).execute()
  expect(await page()).toContain('said or showed no')
  await liftObjection(db, stage.lead, { objection, reason: 'They were tired' }, now)
  for (const one of ['Two people by a window', 'A quiet morning'])
    expect((await pageOf(Back, loadBack, back)).body).toContain(one)
})

test('a second person who sees somebody else in it says so, and it is shown to nobody until they are known', async () => {
  const surface = (await makeStory(db)).id
  const { version } = await makePicture(db, { surface })
  await placeVersion(db, stage.teacher, placing(stage, { surface, version }), now)
  const saying = { surface, version, people: [], nobody: true, by: stage.by }
  const { said } = await sayWhoIsIn(db, stage.teacher, saying, now)
  const answer = await press(check, stage.vetted, { said }, { missing: 'yes' })
  expect(answer).toMatchObject({ status: 303, location: '/desk/pictures?done=missing' })
  const open = await db
    .selectFrom('sayings')
    .select(['nobody', 'saidBy', 'checked'])
    .where('version', '=', version)
    .where('replaced', 'is', null)
    .execute()
  expect(open).toEqual([{ nobody: false, saidBy: stage.vetted.account, checked: null }])
  expect(await seen(version, later(60))).toBe(false)
})

test('whoever does not belong to the organisation that answers reads numbers, whoever does reads what people are called', async () => {
  const { id: surface } = await makeStory(db, {})
  const { version } = await makePicture(db, { surface })
  await placeVersion(db, stage.teacher, placing(stage, { surface, version }), now)
  const who = { label: 'Q.Q.', ageBand: 'adult' as const, nextChange: null }
  const people = [{ who, modes: ['face' as const], names: [], seen: null }]
  const saying = { surface, version, people, nobody: false, by: stage.by }
  const { said } = await sayWhoIsIn(db, stage.teacher, saying, now)
  const asked = { path: `/desk/pictures/${said}`, params: { said }, db, now }
  const outside = await pageOf(Check, loadCheck, { ...asked, viewer: second })
  expect(outside.body).not.toContain('Q.Q.')
  expect(outside.body).toContain('Somebody 1')
  expect((await pageOf(Check, loadCheck, { ...asked, viewer: stage.lead })).body).toContain('Q.Q.')
})
