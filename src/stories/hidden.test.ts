import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import * as v from 'valibot'
import { beforeAll, expect, test } from 'vitest'
import { textIn } from '#kernel/messages.ts'
import { Refusal } from '#kernel/refusal.ts'
import { anybody, theSite, type Viewer } from '#kernel/viewer.ts'
import { noFilter } from '#stories/filter.ts'
import { asAtom, asJson } from '#stories/formats.ts'
import { numbersOfWeek } from '#stories/server/reads/counts.ts'
import {
  newestStories,
  storiesOf,
  storiesOfActivity,
  storyBySlug,
  storyFacets,
  storyWithReplies,
} from '#stories/server/reads/wall.ts'
import { editStory, sendStory, withdrawStory } from '#stories/server/writes/edit.ts'
import { reportActivity } from '#stories/server/writes/report.ts'
import {
  askForMore,
  declineStory,
  hideStory,
  publishStory,
  restoreStory,
} from '#stories/server/writes/review.ts'
import { likeStory, likesStory, replyToStory } from '#stories/server/writes/respond.ts'
import { editedStory, hostReport, storyStates, storyToken } from '#stories/story.ts'
import { testDatabase } from '../../test/db.ts'
import { makeActivity, makeHostLink, makeStory, makeStoryLink, makeWeek } from '../../test/make.ts'
import { makeAccount } from '../../test/organisations.ts'

const db = await testDatabase()
const now = new Date('2027-10-20T14:00:00Z')
const text = textIn('en')
const secret = 'Zebulon'
let one: Viewer
let two: Viewer

beforeAll(async () => {
  await makeWeek(db)
  one = await makeAccount(db, 'one', { role: 'reviewer' })
  two = await makeAccount(db, 'two', { role: 'reviewer' })
})

type Told = { id: string; activity: string; host: string; token: string }

/** A story whose every word carries the sentinel, told by a report of an activity that is over. */
async function toldStory(trusted: boolean): Promise<Told> {
  const email = `teller-${randomUUID()}@example.org`
  if (trusted) {
    await db.insertInto('accounts').values({ name: 'T', email, emailVerified: true, trusted: true }).execute()
  }
  const activity = await makeActivity(db)
  const host = await makeHostLink(db, activity.id, email)
  await reportActivity(db, anybody, reportOf(host, '0', '0'), now)
  const { id } = await storyRow(activity.id)
  const token = await makeStoryLink(db, id)
  return { id, activity: activity.id, host, token }
}
const reportOf = (token: string, revision: string, storyRevision: string) =>
  v.parse(hostReport, {
    token,
    revision,
    storyRevision,
    came: '3',
    words: `${secret} hummed ${randomUUID()}`,
    title: `${secret} and the bell`,
    authorName: secret,
  })
const storyRow = (activity: string) =>
  db
    .selectFrom('stories')
    .select(['id', 'slug', 'revision', 'state'])
    .where('activity', '=', activity)
    .executeTakeFirstOrThrow()

/** Everything that anybody can read of the stories, as one text. */
async function everythingShown(told: Told, slugs: ReadonlySet<string>): Promise<string> {
  const wall = await storiesOf(db, { ...noFilter, week: 2027, limit: 100 }, now, { whole: true })
  const found = await storiesOf(db, { ...noFilter, week: 2027, q: secret }, now)
  const feed = { title: '', self: '', page: '', site: '', empty: now, next: null }
  const pages = await Promise.all([...slugs].map((slug) => storyBySlug(db, slug, now)))
  return JSON.stringify([
    wall.stories.map((story) => asJson(story, '')),
    asAtom(wall.stories, feed, text),
    found,
    await newestStories(db, 2027, 3, now),
    await storiesOfActivity(db, told.activity, now),
    pages,
  ])
}

const moves: Record<string, (told: Told) => Promise<unknown>> = {
  publish: async ({ id, activity }) =>
    publishStory(db, one, { id, revision: (await storyRow(activity)).revision, reason: null }, now),
  'publish by another': async ({ id, activity }) =>
    publishStory(db, two, { id, revision: (await storyRow(activity)).revision, reason: null }, now),
  ask: async ({ id, activity }) =>
    askForMore(db, two, { id, revision: (await storyRow(activity)).revision, reason: 'Why?' }, now),
  decline: async ({ id, activity }) =>
    declineStory(db, two, { id, revision: (await storyRow(activity)).revision, reason: 'No.' }, now),
  edit: async ({ token, activity }) =>
    editStory(
      db,
      anybody,
      v.parse(editedStory, {
        token,
        title: `${secret} again`,
        body: `${secret} ${randomUUID()}`,
        revision: String((await storyRow(activity)).revision),
      }),
      now,
    ),
  'save a draft': async ({ token, activity }) =>
    editStory(
      db,
      anybody,
      v.parse(editedStory, {
        token,
        title: `${secret} draft`,
        body: secret,
        then: 'draft',
        revision: String((await storyRow(activity)).revision),
      }),
      now,
    ),
  report: async ({ host, activity }) => {
    const report = await db
      .selectFrom('attendanceReports')
      .select('revision')
      .where('activity', '=', activity)
      .executeTakeFirstOrThrow()
    const { revision } = await storyRow(activity)
    return reportActivity(db, anybody, reportOf(host, String(report.revision), String(revision)), now)
  },
  withdraw: ({ token }) => withdrawStory(db, anybody, v.parse(storyToken, { token }), now),
  send: ({ token }) => sendStory(db, anybody, v.parse(storyToken, { token }), now),
  'hide again': ({ id }) => hideStory(db, theSite, { id, reason: null }, now),
  'restore by whoever hid': ({ id }) => restoreStory(db, one, { id, reason: 'Fine.' }, now),
}

/** Presses, and takes a "no" for an answer: anything else is a bug. */
async function press(move: () => Promise<unknown>): Promise<void> {
  try {
    await move()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
  }
}

const names = Object.keys(moves)
const anyMoves = fc.array(fc.constantFrom(...names.filter((name) => name !== 'publish by another')), {
  maxLength: 7,
})

test('rule 9: a hidden story shows nowhere, whatever comes before and after in any order, until a second person shows it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.boolean(), anyMoves, anyMoves, async (trusted, before, after) => {
      await db.deleteFrom('stories').execute()
      await db.deleteFrom('activities').execute()
      const told = await toldStory(trusted)
      const slugs = new Set<string>()
      for (const name of before) {
        slugs.add((await storyRow(told.activity)).slug)
        await press(() => moves[name]?.(told) ?? Promise.reject(new Error(name)))
      }
      await hideStory(db, one, { id: told.id, reason: null }, now)
      for (const name of [null, ...after]) {
        if (name !== null) await press(() => moves[name]?.(told) ?? Promise.reject(new Error(name)))
        slugs.add((await storyRow(told.activity)).slug)
        expect(await everythingShown(told, slugs)).not.toContain(secret)
        expect((await numbersOfWeek(db, 2027, now)).stories).toBe(0)
        expect(await storyFacets(db, 2027, now)).toEqual({ kinds: [], countries: [], groups: [] })
      }
    }),
    { numRuns: 60, seed: 2027 },
  )
}, 120_000)

test('the sentinel is seen while the story is shown, and again after a second person showed it', async () => {
  await db.deleteFrom('stories').execute()
  const told = await toldStory(true)
  const slugs = new Set([(await storyRow(told.activity)).slug])
  const seen = async () => (await everythingShown(told, slugs)).split(secret).length
  expect(await seen()).toBeGreaterThan(10)
  expect((await numbersOfWeek(db, 2027, now)).stories).toBe(1)
  await hideStory(db, one, { id: told.id, reason: null }, now)
  expect(await seen()).toBe(1)
  await restoreStory(db, two, { id: told.id, reason: 'Fine.' }, now)
  expect(await seen()).toBeGreaterThan(10)
})

test('rule 35: a story that nobody may read, in whatever state and at whatever moment, looks like one that never was', async () => {
  await db.deleteFrom('stories').execute()
  const unread = storyStates.filter((state) => state !== 'published')
  const { slug, id } = await makeStory(db, { body: secret })
  const looks = (address: string) =>
    Promise.all(
      [
        storyBySlug(db, address, now),
        storyWithReplies(db, { slug: address, page: 1 }, now),
        likesStory(db, one, { slug: address, browser: 'b' }, now),
        likeStory(db, anybody, { slug: address, browser: 'b' }, now),
        replyToStory(db, anybody, { ...said, slug: address }, now),
      ].map((answer) => answer.catch((error: unknown) => (error instanceof Refusal ? error.key : error))),
    )
  const said = {
    formKey: '',
    words: 'Hello',
    name: 'Ann',
    email: null,
    website: null,
    language: 'en',
  } as const
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...unread),
      fc.constantFrom(null, '2027-10-01T00:00:00Z', '2028-10-01T00:00:00Z'),
      async (state, published) => {
        await db.updateTable('stories').set({ state, published }).where('id', '=', id).execute()
        expect(await looks(slug)).toEqual(await looks('never-was'))
      },
    ),
    { numRuns: 40 },
  )
})
