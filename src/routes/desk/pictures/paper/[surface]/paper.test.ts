import { expect, test } from 'vitest'
import { renditionFor } from '#consent/server/reads/rendition.ts'
import { standingOf } from '#consent/server/reads/standing.ts'
import { requestPermission } from '#consent/server/writes/asking.ts'
import { decide } from '#consent/server/writes/deciding.ts'
import { recordAuthority, recordCapacity, recordHolders } from '#consent/server/writes/records.ts'
import type { Route } from '#kernel/permission-words.ts'
import { anybody, type Viewer } from '#kernel/viewer.ts'
import {
  adult,
  asking,
  deciding,
  schoolPolicy,
  stageFor,
  tellAndCheck,
  viewerOf,
  type Stage,
  type Told,
} from '../../../../../../test/consent/stage.ts'
import { testDatabase } from '../../../../../../test/db.ts'
import { makeStory, makeWeek } from '../../../../../../test/make.ts'
import { makeAccount, makeMember, makeOrganisation } from '../../../../../../test/organisations.ts'
import { ask, pageOf } from '../../../../../../test/pages.ts'
import { load as loadList } from '../../+page.server.ts'
import List from '../../+page.svelte'
import { actions, load } from './+page.server.ts'
import Paper from './+page.svelte'

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-26T12:00:00Z')
const school = await stageFor(db)

/** Somebody alone: they found a family, post, write everything down and hold the link. */
async function alone(): Promise<Stage> {
  const name = Math.random().toString(36).slice(2)
  const founder = await makeAccount(db, `founder-${name}`)
  const { id } = await makeOrganisation(db, { type: 'family', foundedBy: founder.account })
  await db
    .insertInto('policies')
    .values({ organisation: id, version: 1, rules: JSON.stringify(schoolPolicy), created: '2027-01-01' })
    .execute()
  const viewer = await viewerOf(db, founder.account ?? '')
  return {
    ...school,
    school: id,
    lead: viewer,
    teacher: viewer,
    vetted: school.reviewer,
    by: viewer.account ?? '',
  }
}

const lacks = (person: string) => ({
  person,
  surface: null,
  outcome: 'lacks' as const,
  review: '2028-04-01',
  words: 'We tried with pictures.',
})
const paper = (person: string) => ({
  person,
  surface: null,
  welfare: true,
  registered: true,
  sighted: true,
  starts: '2027-01-01',
  ends: null,
  words: 'Registered, health and welfare.',
})
const tell = async (stage: Stage, people = [adult()]): Promise<Told> => {
  const story = await makeStory(db, { title: 'The drum' })
  return tellAndCheck(stage, now, { surface: story.id, people })
}
const askAndDecide = async (
  stage: Stage,
  told: Told,
  viewer: Viewer,
  over: { route: Route; holder?: string },
) => {
  const { route, holder = null } = over
  const asked = { ...asking({ ...told, by: stage.by, route }), holder }
  const { token, permission } = await requestPermission(db, stage.teacher, asked, now)
  await decide(db, viewer, { ...deciding({ token, permission }), seen: 'yes' }, now)
}
const seen = async ({ version }: Told): Promise<boolean> =>
  (await renditionFor(db, anybody, { version, width: 640, format: 'jpg' }, now)) !== null
const listOf = async (viewer: Viewer): Promise<string> =>
  (await pageOf(List, loadList, { path: '/desk/pictures', db, now, viewer })).body
const pageFor = (viewer: Viewer, { surface }: Told) =>
  pageOf(Paper, load, { path: `/desk/pictures/paper/${surface}`, params: { surface }, db, now, viewer })
const press = (viewer: Viewer, { surface }: Told, record: string, answer: 'yes' | 'no') =>
  ask(actions['default'] as (event: unknown) => Promise<unknown>, {
    path: '/desk/pictures/paper',
    db,
    now,
    viewer,
    params: { surface },
    body: { surface, record, seen: answer },
  }).catch((error: unknown) => error)

test('rule 18: one person alone, who posts, assesses, sees the paper and decides, shows nobody; a reviewer has to see the paper', async () => {
  const stage = await alone()
  const told = await tell(stage)
  await recordCapacity(db, stage.lead, lacks(told.person), now)
  const { record } = await recordAuthority(db, stage.lead, paper(told.person), now)
  await askAndDecide(stage, told, anybody, { route: 'attorney' })
  expect(await seen(told)).toBe(false)
  const standing = await standingOf(db, told.surface, now)
  expect(standing.placements.flatMap(({ people }) => people.flatMap(({ missing }) => missing))).toEqual([
    { key: 'consent.why.sighted', params: {} },
  ])
  expect(await listOf(stage.lead)).not.toContain('/desk/pictures/paper/')
  expect(await listOf(stage.reviewer)).toContain(`/desk/pictures/paper/${told.surface}`)
  await expect(pageFor(stage.lead, told)).rejects.toThrow('refusal.missing')
  const { body } = await pageFor(stage.reviewer, told)
  expect(body).toContain('from 1 January 2027, without an end')
  expect(body).toContain('Somebody with a legal power decides')
  expect(body).toContain('Decided by whoever got the link to decide.')
  expect(body.match(/Written down by whoever posted it\./g)).toHaveLength(2)
  expect(body).toContain('Cannot decide this')
  // Whoever has to see the paper reads whose it is, and whom to ask for it: of a family, who founded it.
  expect(body).toContain('S.K.')
  expect(body).not.toContain('Somebody 1')
  expect(body).toContain(`mailto:${stage.lead.email}`)
  await press(stage.lead, told, record, 'yes')
  expect(await seen(told)).toBe(false)
  await press(stage.reviewer, told, record, 'yes')
  expect(await seen(told)).toBe(true)
  expect(await listOf(stage.reviewer)).not.toContain(`/desk/pictures/paper/${told.surface}`)
})

test('a paper that nobody found is waited for no longer, and shows nothing', async () => {
  const stage = await alone()
  const told = await tell(stage)
  await recordCapacity(db, stage.lead, lacks(told.person), now)
  const { record } = await recordAuthority(db, stage.lead, paper(told.person), now)
  await askAndDecide(stage, told, anybody, { route: 'attorney' })
  await press(stage.reviewer, told, record, 'no')
  expect(await seen(told)).toBe(false)
  expect(await listOf(stage.reviewer)).not.toContain(`/desk/pictures/paper/${told.surface}`)
})

test('rule 18: in a school, whoever saw the paper is neither who posted nor who decided while signed in', async () => {
  const told = await tell(school)
  const deputy = await makeMember(db, school.school, { name: 'deputy', vetted: true })
  await recordCapacity(db, deputy, lacks(told.person), now)
  const { record } = await recordAuthority(db, deputy, paper(told.person), now)
  await askAndDecide(school, told, deputy, { route: 'attorney' })
  expect(await seen(told)).toBe(false)
  await expect(pageFor(deputy, told)).rejects.toThrow('refusal.missing')
  const { body: outside } = await pageFor(school.reviewer, told)
  for (const words of ['S.K.', 'Hill School', `mailto:${school.lead.email}`]) expect(outside).toContain(words)
  const { body } = await pageFor(school.lead, told)
  expect(body).toContain('S.K.')
  expect(body).toContain(`Signed in when they pressed yes: ${deputy.name}`)
  await press(school.lead, told, record, 'yes')
  expect(await seen(told)).toBe(true)
})

test.each([
  { as: 'council', says: 'Council with a care order' },
  { as: 'guardian', says: 'Guardian' },
] as const)('a $as decides for a child only when somebody else saw the order', async ({ as, says }) => {
  const who = { label: 'C', ageBand: '13-15' as const, nextChange: '2028-12-01' }
  const stage = await alone()
  const told = await tell(stage, [adult({ who })])
  await askAndDecide(stage, told, anybody, { route: 'parents', holder: 'Leeds' })
  const holders = (...all: { label: string; as: 'parent' | 'guardian' | 'council' }[]) =>
    recordHolders(db, stage.lead, { person: told.person, holders: all }, now)
  await holders({ label: 'Leeds', as })
  expect(await seen(told)).toBe(false)
  expect(await listOf(stage.lead)).not.toContain('/desk/pictures/paper/')
  const { body } = await pageFor(stage.reviewer, told)
  expect(body).toContain(says)
  const { id } = await db
    .selectFrom('records')
    .select('id')
    .where('person', '=', told.person)
    .where('kind', '=', 'holder')
    .where('ended', 'is', null)
    .executeTakeFirstOrThrow()
  await press(stage.reviewer, told, id, 'yes')
  expect(await seen(told)).toBe(true)
})
