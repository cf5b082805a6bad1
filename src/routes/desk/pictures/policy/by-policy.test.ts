import { beforeAll, expect, test } from 'vitest'
import { waitingForSecond } from '#consent/server/reads/queue.ts'
import { renditionFor } from '#consent/server/reads/rendition.ts'
import { standingOf } from '#consent/server/reads/standing.ts'
import { askForCircle, placeVersion } from '#consent/server/writes/placing.ts'
import { checkWhoIsIn, sayWhoIsIn } from '#consent/server/writes/saying.ts'
import { restore, takeDown } from '#consent/server/writes/taking-down.ts'
import { requestPermission } from '#consent/server/writes/asking.ts'
import { decide } from '#consent/server/writes/deciding.ts'
import { recordAuthority, recordCapacity } from '#consent/server/writes/records.ts'
import { changePolicy } from '#consent/server/writes/policy.ts'
import { withdraw } from '#consent/server/writes/withdrawing.ts'
import { bringBackSeveral, mayComeBack } from '#desk/server/pictures.ts'
import { anybody, type Viewer } from '#kernel/viewer.ts'
import type { Circle } from '#kernel/permission-words.ts'
import {
  asking,
  deciding,
  makePicture,
  placing,
  schoolPolicy,
  stageFor,
  tellAndAgree,
  type Stage,
} from '../../../../../test/consent/stage.ts'
import { testDatabase } from '../../../../../test/db.ts'
import { makeStory, makeWeek } from '../../../../../test/make.ts'
import { makeAccount, makeMember, makeOrganisation } from '../../../../../test/organisations.ts'
import { ask, pageOf } from '../../../../../test/pages.ts'
import { actions, load } from './+page.server.ts'
import Page from './+page.svelte'

const db = await testDatabase()
const now = new Date('2027-10-26T12:00:00Z')
const later = (hours: number): Date => new Date(now.getTime() + hours * 3_600_000)
const reason = 'We looked at each of them'
let stage: Stage
let reviewer: Viewer

type Kept = Awaited<ReturnType<typeof tell>>
const tell = async (title: string, over: Record<string, unknown> = {}) =>
  tellAndAgree(stage, now, { surface: (await makeStory(db, { title, ...over })).id })
const seen = async ({ version }: Kept, at = later(9)): Promise<boolean> =>
  (await renditionFor(db, anybody, { version, width: 640, format: 'jpg' }, at)) !== null
const titles = async (viewer: Viewer): Promise<string[]> =>
  (await mayComeBack(db, viewer, stage.school)).map(({ title }) => title).toSorted()
let version = 1
/** A new policy, by which pictures of people who decide themselves, or for whom an attorney does, go so far. */
const policy = (own: Circle, hours: number, attorney: Circle = 5) =>
  changePolicy(async (trx) => {
    version += 1
    await trx
      .insertInto('policies')
      .values({
        organisation: stage.school,
        version,
        rules: JSON.stringify({ ...schoolPolicy, widest: { ...schoolPolicy.widest, own, attorney } }),
        created: later(hours),
      })
      .execute()
    return { organisation: stage.school, slug: '', people: 'all' as const }
  })(db, stage.lead, undefined, later(hours))
const press = (viewer: Viewer, body: Record<string, string>): Promise<unknown> =>
  ask(actions['default'] as (event: unknown) => Promise<unknown>, {
    path: '/desk/pictures/policy',
    db,
    now: later(6),
    viewer,
    body,
  })

beforeAll(async () => {
  await makeWeek(db)
})

const begin = async (): Promise<void> => {
  stage = await stageFor(db)
  reviewer = stage.reviewer
  version = 1
}

test('rule 19: what a tighter policy hid is offered, once a looser one allows it, to everybody but who posted or tells it, and never against a no', async () => {
  await begin()
  const [drum, pool, swing] = [await tell('The drum'), await tell('The pool'), await tell('The swing')]
  const told = await tell('The walk', { email: stage.vetted.email })
  await policy(2, 1)
  for (const one of [drum, pool, swing, told]) expect(await seen(one)).toBe(false)
  // The policy in force does not allow it: there is nothing to bring back.
  expect(await titles(reviewer)).toEqual([])
  await withdraw(db, anybody, { token: pool.token, everywhere: false, formKey: '' }, later(2))
  await policy(6, 3)
  for (const one of [drum, pool, swing, told]) expect(await seen(one)).toBe(false)
  expect(await titles(reviewer)).toEqual(['The drum', 'The swing', 'The walk'])
  expect(await titles(stage.lead)).toEqual(['The drum', 'The swing', 'The walk'])
  expect(await titles(stage.vetted)).toEqual(['The drum', 'The swing'])
  for (const viewer of [stage.teacher, anybody, await makeAccount(db, 'passer-by')])
    expect(await titles(viewer)).toEqual([])
  // Whoever posted it sees that somebody has to look, and nothing else that is missing.
  const standing = await standingOf(db, drum.surface, later(4))
  expect(standing.placements[0]).toMatchObject({
    light: 'amber',
    missing: [{ key: 'consent.why.second-person' }],
  })
  const chosen = [drum, pool, swing, told].map(({ surface }) => surface)
  expect(await bringBackSeveral(db, stage.teacher, { chosen, reason }, later(5))).toEqual({
    done: 0,
    refused: 3,
  })
  expect(await bringBackSeveral(db, stage.vetted, { chosen, reason }, later(5))).toEqual({
    done: 2,
    refused: 1,
  })
  const all = await Promise.all([drum, pool, swing, told].map((one) => seen(one)))
  expect(all).toEqual([true, false, true, false])
  const log = await db
    .selectFrom('auditLog')
    .select('details')
    .where('action', '=', 'consent.restored')
    .execute()
  expect(log.map(({ details }) => details)).toEqual([{ reason }, { reason }])
  expect(await bringBackSeveral(db, stage.vetted, { chosen: [drum.surface], reason }, later(6))).toEqual({
    done: 0,
    refused: 0,
  })
})

test('what was also taken down waits among what people asked for, one by one', async () => {
  await begin()
  const both = await tell('The kite')
  await takeDown(db, anybody, { surface: both.surface, own: false }, later(1))
  await policy(2, 2)
  await policy(6, 3)
  expect(await titles(reviewer)).toEqual([])
  const waiting = await waitingForSecond(db, reviewer)
  expect(waiting.filter(({ surface }) => surface === both.surface)).toMatchObject([{ what: 'restore' }])
  await bringBackSeveral(db, reviewer, { chosen: [both.surface], reason }, later(4))
  expect(await seen(both)).toBe(false)
  await restore(db, reviewer, { surface: both.surface, reason }, later(5))
  expect(await seen(both)).toBe(true)
})

test('what a record of capacity hid is asked about one by one, also when only a looser policy lets it come back', async () => {
  await begin()
  await policy(6, -1, 2)
  const { surface, person, version: picture } = await tell('Long line')
  const words = 'Seen and written down.'
  const about = { person, surface: null, words }
  await recordCapacity(db, stage.lead, { ...about, outcome: 'lacks', review: '2028-04-01' }, later(1))
  await policy(6, 2, 5)
  const paper = { welfare: true, registered: true, sighted: true, starts: '2027-01-01', ends: null }
  await recordAuthority(db, stage.lead, { ...about, ...paper }, later(3))
  const asked = asking({ surface, person, by: stage.by, route: 'attorney' })
  const link = await requestPermission(db, stage.teacher, asked, later(4))
  await decide(db, anybody, { ...deciding(link), seen: 'no-sign' }, later(4))
  expect(await titles(stage.vetted)).toEqual([])
  const waiting = await waitingForSecond(db, stage.vetted)
  expect(waiting.filter((one) => one.surface === surface)).toMatchObject([{ what: 'restore' }])
  await restore(db, stage.vetted, { surface, reason }, later(5))
  expect(await renditionFor(db, anybody, { version: picture, width: 640, format: 'jpg' }, later(6))).not.toBe(
    null,
  )
})

test('what was hidden by a policy comes back only where every organisation it is under allows it, and a policy tightened meanwhile takes it off the list', async () => {
  await begin()
  const one = await tell('The bell')
  await policy(2, 1)
  await policy(6, 2)
  expect(await titles(reviewer)).toEqual(['The bell'])
  expect((await waitingForSecond(db, reviewer)).map(({ surface }) => surface)).not.toContain(one.surface)
  await policy(3, 3)
  expect(await titles(reviewer)).toEqual([])
  await bringBackSeveral(db, reviewer, { chosen: [one.surface], reason }, later(4))
  await restore(db, reviewer, { surface: one.surface, reason }, later(4))
  expect(await seen(one)).toBe(false)
})

test('the page lists them with who answers for them, and brings several back with one reason', async () => {
  await begin()
  const [one, two] = [await tell('The rain'), await tell('The snow')]
  // Of nobody, so that the policy leaves it, and it is hidden and comes back with the rest of its story.
  const { version: hands } = await makePicture(db, { surface: two.surface })
  const { surface } = two
  await placeVersion(db, stage.teacher, placing(stage, { surface, version: hands }), now)
  const saying = { surface, version: hands, people: [], nobody: true, by: stage.by }
  const { said } = await sayWhoIsIn(db, stage.teacher, saying, now)
  await checkWhoIsIn(db, stage.vetted, { said, wrong: [], covered: [] }, now)
  await askForCircle(db, stage.teacher, { surface, circle: 5, by: stage.by }, now)
  const { id: other } = await makeOrganisation(db)
  const elsewhere = await makeMember(db, other, { name: 'elsewhere', lead: true })
  await policy(2, 1)
  await policy(6, 2)
  const asked = { path: '/desk/pictures/policy', db, now: later(4), viewer: stage.lead }
  const { body } = await pageOf(Page, load, asked)
  for (const words of [
    'The rain',
    'The snow',
    'Hill School',
    'one photograph',
    '2 photographs',
    `back/${one.surface}`,
  ])
    expect(body).toContain(words)
  expect((await pageOf(Page, load, { ...asked, viewer: elsewhere })).body).toContain('Nothing that a tighter')
  expect(await press(stage.lead, { reason })).toMatchObject({
    status: 400,
    data: { errors: { chosen: expect.any(String) as string } },
  })
  expect(await press(stage.lead, { chosen: one.surface })).toMatchObject({
    status: 400,
    data: { errors: { reason: expect.any(String) as string } },
  })
  expect(await press(elsewhere, { chosen: one.surface, reason })).toEqual({ done: 0, refused: 1 })
  expect(await press(stage.lead, { chosen: one.surface, reason })).toEqual({ done: 1, refused: 0 })
  expect([await seen(one), await seen(two)]).toEqual([true, false])
})
