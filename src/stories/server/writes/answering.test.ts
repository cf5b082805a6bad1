import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { happened } from '#consent/server/happened.ts'
import { standingOf } from '#consent/server/reads/standing.ts'
import { checkWhoIsIn } from '#consent/server/writes/saying.ts'
import { requestPermission } from '#consent/server/writes/asking.ts'
import { placeVersion } from '#consent/server/writes/placing.ts'
import { takeDown } from '#consent/server/writes/taking-down.ts'
import { anybody, type Viewer } from '#kernel/viewer.ts'
import { couldAnswer } from '#stories/server/reads/answering.ts'
import { heldStory } from '#stories/server/reads/own-pictures.ts'
import { askToShow, letAnswer } from '#stories/server/writes/pictures.ts'
import { tellWhoIsIn } from '#stories/server/writes/who.ts'
import { openStory } from '#stories/server/writes/change.ts'
import { adult, asking, makePicture, stageFor, type Stage } from '../../../../test/consent/stage.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeStory, makeWeek } from '../../../../test/make.ts'
import { makeAccount, makeOrganisation, makeSupported } from '../../../../test/organisations.ts'

const db = await testDatabase()
const now = new Date('2027-10-22T12:00:00Z')
let stage: Stage
let supported: string
beforeAll(async () => {
  await makeWeek(db)
  stage = await stageFor(db)
  supported = await makeSupported(db, stage.school, { label: 'Blue' })
  const { id: form } = await db
    .insertInto('paperForms')
    .values({
      organisation: stage.school,
      title: 'Form',
      says: 'Yes.',
      dated: '2027-01-01',
      circle: 5,
      purposes: ['celebrate'],
      modes: ['face', 'body'],
      namesThisSite: true,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await db
    .insertInto('paperAnswers')
    .values({ form, supported, answer: 'yes', route: 'own', byWhom: 'self', signed: '2027-02-01' })
    .execute()
})

/** A story that somebody told without signing in, with a photograph on it. */
async function toldSignedOut() {
  const { id } = await makeStory(db, { email: stage.teacher.email })
  const token = await openStory(db, id, now)
  const { version } = await makePicture(db, { surface: id, words: 'Two people.' })
  const { hand: by } = await heldStory(db, anybody, token, now)
  const placed = { surface: id, type: 'story', version, circle: 5, purpose: 'celebrate', by } as const
  await placeVersion(db, anybody, { ...placed, modifiers: [], organisation: null, notBefore: null }, now)
  const standing = async () => (await standingOf(db, id, now)).placements[0]
  const answer = (viewer: Viewer, organisation = stage.school) =>
    letAnswer(db, viewer, { token, organisation, version }, now)
  return { id, token, version, standing, answer }
}
const telling = {
  aged: [],
  strangers: 0,
  nobody: false,
  more: false,
  show: true,
  words: null,
  formKey: '',
}
const tap = (told: { token: string; version: string }, people = [adult({ who: { supported } })]) =>
  tellWhoIsIn(db, stage.teacher, { ...telling, ...told, people }, now)
const offered = async (viewer: Viewer, token: string) =>
  couldAnswer(db, viewer, await heldStory(db, viewer, token, now))

describe('a story that was told without signing in', () => {
  test('can get an organisation from somebody who belongs to it; then the forms of its people count at once', async () => {
    const { id, token, version, standing, answer } = await toldSignedOut()
    expect(await offered(anybody, token)).toEqual({ organisations: [], late: false, now: null })
    expect((await offered(stage.teacher, token)).organisations.map((one) => one.id)).toEqual([stage.school])
    expect(await answer(stage.teacher)).toEqual({ version })
    expect((await offered(stage.teacher, token)).organisations).toEqual([])
    await tap({ token, version })
    expect((await standing())?.people).toMatchObject([{ label: 'Blue', light: 'green', missing: [] }])
    const { said } = await db
      .selectFrom('sayings')
      .select('id as said')
      .where('surface', '=', id)
      .where('replaced', 'is', null)
      .executeTakeFirstOrThrow()
    await checkWhoIsIn(db, stage.vetted, { said, wrong: [], covered: [] }, now)
    expect(await standing()).toMatchObject({ light: 'green', state: 'live' })
  })

  test('keeps what was said, asked and placed before; whoever was said to be in it is the organisation’s to look after', async () => {
    const { id, token, version, standing, answer } = await toldSignedOut()
    await tap({ token, version }, [adult({ who: { label: 'Q.T.', ageBand: 'adult', nextChange: null } })])
    await askToShow(db, anybody, { token }, now)
    const before = await standing()
    await answer(stage.teacher)
    await answer(stage.teacher)
    expect(await standing()).toMatchObject({ state: before?.state, people: before?.people })
    const rows = await db
      .selectFrom('placements')
      .select(['organisation', 'state'])
      .where('surface', '=', id)
      .orderBy('state')
      .execute()
    expect(rows).toEqual([
      { organisation: stage.school, state: 'held' },
      { organisation: null, state: 'purged' },
    ])
    const person = await db
      .selectFrom('peopleShown')
      .select('organisation')
      .where('id', '=', before?.people[0]?.person ?? '')
      .executeTakeFirstOrThrow()
    expect(person.organisation).toBe(stage.school)
  })

  test('that is like a withdrawn one stays stopped, and nobody is told', async () => {
    const { id, token, version, standing, answer } = await toldSignedOut()
    const { placement = '' } = (await standing()) ?? {}
    const stop = { kind: 'stopped', stop: randomUUID(), surface: id, placement, why: 'alike' } as const
    const drafts = [{ facts: { ...stop, own: false }, by: 'site' as const }]
    await db.transaction().execute((trx) => happened(trx, { surfaces: [id], people: [], drafts }, now))
    const before = (await standing())?.missing
    expect((await offered(stage.teacher, token)).late).toBe(false)
    await answer(stage.teacher)
    expect((await standing())?.missing).toEqual(before)
    await tap({ token, version })
    const { said } = await db
      .selectFrom('sayings')
      .select('id as said')
      .where('surface', '=', id)
      .executeTakeFirstOrThrow()
    await checkWhoIsIn(db, stage.vetted, { said, wrong: [], covered: [] }, now)
    expect((await standing())?.state).toBe('held')
  })

  test('gets none from somebody who does not belong to it, and not another one', async () => {
    const { answer } = await toldSignedOut()
    const outsider = await makeAccount(db, 'outsider')
    await expect(answer(outsider)).rejects.toMatchObject({ kind: 'missing' })
    await expect(answer(anybody)).rejects.toMatchObject({ kind: 'missing' })
    const { id: other } = await makeOrganisation(db)
    await expect(answer(stage.teacher, other)).rejects.toMatchObject({ kind: 'missing' })
  })

  test('gets none once it was taken down, and says that it is too late', async () => {
    const { id, token, version, answer } = await toldSignedOut()
    await tap({ token, version })
    await takeDown(db, anybody, { surface: id, own: false }, now)
    await expect(answer(stage.teacher)).rejects.toMatchObject({ key: 'consent.refusal.too-late-to-answer' })
    expect(await offered(stage.teacher, token)).toEqual({ organisations: [], late: true, now: null })
  })
})

describe('somebody who belongs to several', () => {
  /** The teacher belongs to another school as well, and joined it first. */
  async function twice() {
    const viewer = await makeAccount(db, `twice-${randomUUID().slice(0, 8)}`)
    const other = await makeOrganisation(db, { name: 'Beck School' })
    for (const [organisation, joined] of [
      [other.id, '2026-01-10T09:00:00Z'],
      [stage.school, '2027-01-10T09:00:00Z'],
    ] as const)
      await db
        .insertInto('members')
        .values({ organisation, account: viewer.account ?? '', joined })
        .execute()
    const { id } = await makeStory(db, { account: viewer.account, email: viewer.email })
    const token = await openStory(db, id, now)
    const { version } = await makePicture(db, { surface: id, words: 'Two people.' })
    return { viewer, other: other.id, id, token, version }
  }
  const place = async ({ id, token, version }: { id: string; token: string; version: string }) => {
    const { organisation, hand: by } = await heldStory(db, anybody, token, now)
    const placed = { surface: id, type: 'story', version, circle: 5, purpose: 'celebrate', by } as const
    await placeVersion(db, anybody, { ...placed, modifiers: [], organisation, notBefore: null }, now)
  }

  test('is asked which answers, and is given none that they did not choose', async () => {
    const told = await twice()
    expect((await heldStory(db, told.viewer, told.token, now)).organisation).toBeNull()
    await place(told)
    const asked = await offered(told.viewer, told.token)
    expect(asked.now).toBeNull()
    expect(asked.organisations.map(({ id }) => id).toSorted()).toEqual([stage.school, told.other].toSorted())
    await letAnswer(db, told.viewer, { ...told, organisation: stage.school }, now)
    // The next photograph of this story is answered for by the same.
    expect((await heldStory(db, told.viewer, told.token, now)).organisation).toBe(stage.school)
  })

  test('can change it until somebody was asked, who is told it on their page', async () => {
    const told = await twice()
    await place(told)
    const { viewer, other, token } = told
    await letAnswer(db, viewer, { ...told, organisation: other }, now)
    const strangers = [adult({ who: { label: 'Q.T.', ageBand: 'adult', nextChange: null } })]
    await tellWhoIsIn(db, viewer, { ...telling, ...told, people: strangers }, now)
    expect(await offered(viewer, token)).toMatchObject({
      now: 'Beck School',
      organisations: [{ id: stage.school }],
    })
    await letAnswer(db, viewer, { ...told, organisation: stage.school }, now)
    expect((await heldStory(db, viewer, token, now)).organisation).toBe(stage.school)
    const { person, organisation } = await db
      .selectFrom('appearances as a')
      .innerJoin('peopleShown as p', 'p.id', 'a.person')
      .select(['p.id as person', 'p.organisation'])
      .where('a.surface', '=', told.id)
      .executeTakeFirstOrThrow()
    expect(organisation).toBe(stage.school)
    await requestPermission(db, viewer, asking({ surface: told.id, person, by: viewer.account ?? '' }), now)
    expect(await offered(viewer, token)).toEqual({ organisations: [], late: false, now: 'Hill School' })
    await expect(letAnswer(db, viewer, { ...told, organisation: other }, now)).rejects.toMatchObject({
      key: 'consent.refusal.too-late-to-answer',
    })
  })

  test('cannot take it from an organisation that they do not belong to', async () => {
    const told = await twice()
    await place(told)
    await letAnswer(db, told.viewer, { ...told, organisation: told.other }, now)
    const answer = letAnswer(db, stage.teacher, { ...told, organisation: stage.school }, now)
    await expect(answer).rejects.toMatchObject({ kind: 'missing' })
  })
})
