import { beforeEach, expect, test } from 'vitest'
import { newToken } from '#platform/server/tokens.ts'
import { testDatabase } from '../../../test/db.ts'
import { makeActivity, makeStory, makeWeek } from '../../../test/make.ts'
import { makeAccount, makeOrganisation } from '../../../test/organisations.ts'
import { ask, pageOf } from '../../../test/pages.ts'
import { withGuest } from '../../../test/guests.ts'
import { takeDownActivity } from '#activities/server/writes/review.ts'
import { load as loadActivity } from './activities/[id]/+page.server.ts'
import ActivityPage from './activities/[id]/+page.svelte'
import { load as loadOrganisations } from './organisations/+page.server.ts'
import OrganisationsPage from './organisations/+page.svelte'
import { actions, load } from './+page.server.ts'
import Page from './+page.svelte'
import { actions as replyActions, load as loadReplies } from './replies/+page.server.ts'
import RepliesPage from './replies/+page.svelte'

const db = await testDatabase()
const now = new Date('2027-10-01T10:00:00Z')
await makeWeek(db)
const viewer = await makeAccount(db, 'ann', { role: 'reviewer' })
beforeEach(async () => {
  for (const table of ['stories', 'activities'] as const) await db.deleteFrom(table).execute()
})

const asked = { path: '/desk', db, now, viewer }
const missingAction = (): never => {
  throw new Error('The page has no such button')
}
async function pressed(body: Record<string, string>): Promise<string> {
  const answer = await ask(actions[body['room'] ?? ''] ?? missingAction, { ...asked, body })
  const form = 'data' in (answer as object) ? (answer as { data: object }).data : answer
  return (await pageOf(Page, load, { ...asked, form })).body
}

test.each(['activities', 'stories'])(
  'declining %s without a reason says so at the reason and at the top, and keeps what was ticked and chosen',
  async (room) => {
    await makeStory(db, { state: 'waiting', published: null })
    const story = await makeStory(db, { state: 'waiting', published: null })
    await makeActivity(db, { state: 'waiting' })
    const activity = await makeActivity(db, { state: 'waiting' })
    const chosen = `${(room === 'stories' ? story : activity).id}:1`
    const body = await pressed({ room, decision: 'decline', chosen, reason: '' })
    expect(body).toContain('error-summary')
    expect(body).toContain(`href="#${room}-reason"`)
    expect(body).toContain(`id="${room}-reason-error"`)
    expect(body.match(/id="[a-z]+-reason-error"/g)).toHaveLength(1)
    expect(body.match(/ checked/g)).toHaveLength(1)
    expect(body).toMatch(new RegExp(`value="${chosen}" checked`))
    expect(body).toMatch(/<option value="decline" selected/)
    expect(body).not.toMatch(/were decided|could not be/)
  },
)

test('with nothing ticked the page says so at its top', async () => {
  await makeActivity(db, { state: 'waiting' })
  const body = await pressed({ room: 'activities', decision: 'publish', reason: 'Lovely.' })
  expect(body.indexOf('Tick what you mean first.')).toBeLessThan(body.indexOf('<form'))
  expect(body).toContain('Lovely.</textarea>')
})

test('whoever decides on the page of replies stays on it', async () => {
  const { id: story } = await makeStory(db)
  const { id } = await db
    .insertInto('replies')
    .values({ story, words: 'How lovely', name: 'Jo', state: 'waiting', token: newToken().hash })
    .returning('id')
    .executeTakeFirstOrThrow()
  const here = { ...asked, path: '/desk/replies' }
  const { body: before } = await pageOf(RepliesPage, loadReplies, here)
  expect(before).toContain('action="?/decide"')
  const decide = replyActions['decide'] ?? missingAction
  const refused = await ask(decide, {
    ...here,
    body: { room: 'replies', decision: 'decline', chosen: `${id}:1`, reason: '' },
  })
  const again = await pageOf(RepliesPage, loadReplies, { ...here, form: (refused as { data: object }).data })
  expect(again.body).toContain('id="replies-reason-error"')
  const form = await ask(decide, {
    ...here,
    body: { room: 'replies', decision: 'show', chosen: `${id}:1`, reason: '' },
  })
  const { body } = await pageOf(RepliesPage, loadReplies, { ...here, form })
  expect(body).toContain('One was decided.')
})

test('what a reviewer took down offers to tell whoever meant to come, and nothing else does', async () => {
  const { id } = await withGuest(db)
  const shown = async (): Promise<string> => {
    const path = `/desk/activities/${id}`
    return (await pageOf(ActivityPage, loadActivity, { ...asked, path, params: { id } })).body
  }
  expect(await shown()).not.toContain('Tell them that it is not certain')
  await takeDownActivity(db, viewer, { id, reason: 'We have to look at it.' }, now)
  expect(await shown()).toContain('1 person means to come')
  expect(await shown()).toMatch(/action="\?\/tell"[^]*Tell them that it is not certain/)
})

test('photographs whose story is gone or kept safe are neither listed nor counted, and hide no others', async () => {
  const { id } = await makeStory(db, { title: 'The drum' })
  const stopped = (at: string) => ({ stopped: at, open: true })
  const gone = Array.from({ length: 25 }, () => ({
    id: crypto.randomUUID(),
    ...stopped('2027-09-01T10:00:00Z'),
  }))
  await db
    .insertInto('surfaces')
    .values([...gone, { id, ...stopped('2027-09-02T10:00:00Z') }])
    .execute()
  const { body } = await pageOf(Page, load, asked)
  expect(body).toContain('The drum')
  expect(body).not.toMatch(/\d+ more<|One more</)
  await db.deleteFrom('surfaces').execute()
})

test('organisations that have not written why are counted on the desk, and marked in the list it leads to', async () => {
  const organiser = await makeAccount(db, 'org', { role: 'organiser' })
  await makeOrganisation(db, { name: 'Hill School' })
  await makeOrganisation(db, { name: 'Hidden School', hidden: true })
  const here = { ...asked, viewer: organiser }
  expect((await pageOf(Page, load, here)).body).toContain('One organisation has not written why')
  const { body } = await pageOf(OrganisationsPage, loadOrganisations, {
    ...here,
    path: '/desk/organisations',
  })
  expect(body.match(/Has not written why/g)).toHaveLength(1)
  expect(body).toMatch(/Hill School(?:(?!<li)[^])*Has not written why/)
})
