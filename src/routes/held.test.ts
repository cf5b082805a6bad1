import * as v from 'valibot'
import { afterEach, expect, test } from 'vitest'
import { coming } from '#activities/rsvp.ts'
import { comeTo } from '#activities/server/writes/come.ts'
import { answerAtTable } from '#activities/server/writes/table-answer.ts'
import { Refusal } from '#kernel/refusal.ts'
import { anybody } from '#kernel/viewer.ts'
import { likeStory } from '#stories/server/writes/respond.ts'
import { keepAuthorPage } from '#stories/server/writes/author.ts'
import { testDatabase } from '../../test/db.ts'
import { makeActivity, makeStory, makeWeek } from '../../test/make.ts'
import { makeAccount } from '../../test/organisations.ts'
import { ask, pageOf } from '../../test/pages.ts'
import { load as loadLayout } from './+layout.server.ts'
import { load as loadHome } from './+page.server.ts'
import HomePage from './+page.svelte'
import { GET as activitiesAtom } from './activities.atom/+server.ts'
import { GET as activitiesCsv } from './activities.csv/+server.ts'
import { GET as activitiesGeojson } from './activities.geojson/+server.ts'
import { GET as activitiesIcs } from './activities.ics/+server.ts'
import { GET as activitiesJson } from './activities.json/+server.ts'
import { load as loadActivities } from './activities/+page.server.ts'
import ActivitiesPage from './activities/+page.svelte'
import { GET as activityIcs } from './activities/[slug].ics/+server.ts'
import { load as loadActivity } from './activities/[slug]/+page.server.ts'
import { load as loadCome } from './activities/[slug]/come/+page.server.ts'
import { load as loadTable } from './activities/[slug]/new-to-you/+page.server.ts'
import { load as loadGroup } from './groups/[slug]/+page.server.ts'
import GroupPage from './groups/[slug]/+page.svelte'
import { GET as storiesAtom } from './stories.atom/+server.ts'
import { GET as storiesJson } from './stories.json/+server.ts'
import { load as loadStories } from './stories/+page.server.ts'
import StoriesPage from './stories/+page.svelte'
import { load as loadStory } from './stories/[slug]/+page.server.ts'
import { load as loadReply } from './stories/[slug]/reply/+page.server.ts'
import { GET as byAtom } from './stories/by/[slug].atom/+server.ts'
import { load as loadBy } from './stories/by/[slug]/+page.server.ts'
import ByPage from './stories/by/[slug]/+page.svelte'
import { load as loadScreen } from './stories/screen/+page.server.ts'
import ScreenPage from './stories/screen/+page.svelte'
import { load as loadWeek } from './weeks/[year]/+page.server.ts'
import WeekPage from './weeks/[year]/+page.svelte'

const db = await testDatabase()
await makeWeek(db)
const group = await db
  .insertInto('groups')
  .values({ slug: 'leeds', name: 'Leeds', country: 'GB' })
  .returning('id')
  .executeTakeFirstOrThrow()
const today = { startLocal: '2027-10-22T14:30', endLocal: '2027-10-22T18:00' }
await makeActivity(db, { slug: 'coffee', title: 'Coffee and hums', group: group.id, ...today })
const sam = await makeAccount(db, 'sam')
const author = await keepAuthorPage(db, sam, { name: 'Sam' }, new Date('2027-10-22T12:00:00Z'))
await makeStory(db, { slug: 'bell', title: 'A bell in words', group: group.id, account: sam.account })

let at = Date.parse('2027-10-22T14:00:00Z')
const closed = (is: boolean) =>
  db
    .updateTable('ledgerPosition')
    .set({ closed: is, why: is ? 'missing' : '' })
    .execute()
// What is kept for ten seconds is not asked again.
const turn = async (is: boolean): Promise<void> => {
  at += 20_000
  await closed(is)
}
afterEach(() => closed(false))

type Route = (event: never) => unknown
const page =
  (component: unknown, load: Route, path: string, slug = '') =>
  async (): Promise<string> => {
    const asked = { path, db, now: new Date(at), params: { slug, year: '2027' } }
    const all = async (event: never) => ({
      ...(await loadLayout(event)),
      ...((await load(event)) as Record<string, unknown>),
    })
    return (await pageOf(component, all, asked)).body
  }
/** What an address of the site answers; nothing where it refuses. */
const answerOf =
  (route: unknown, path: string, slug = '') =>
  async (): Promise<string> => {
    try {
      const asked = { path, db, now: new Date(at), params: { slug } }
      const answer: unknown = await ask(route as Route, asked)
      return answer instanceof Response ? await answer.text() : JSON.stringify(answer)
    } catch (error) {
      if (error instanceof Refusal) return ''
      throw error
    }
  }

type Place = [name: string, read: () => Promise<string>, things: string[]]
const coffee = 'Coffee and hums'
const bell = 'A bell in words'
const lists: Place[] = [
  ['the home page', page(HomePage, loadHome, '/'), [coffee, bell]],
  ['the list', page(ActivitiesPage, loadActivities, '/activities'), [coffee]],
  ['a search', page(ActivitiesPage, loadActivities, '/activities?q=coffee'), [coffee]],
  ['some days', page(ActivitiesPage, loadActivities, '/activities?day=2027-10-22'), [coffee]],
  ['the map', page(ActivitiesPage, loadActivities, '/activities?view=map'), ['1 in United Kingdom']],
  ['the calendar of the week', page(ActivitiesPage, loadActivities, '/activities?view=calendar'), [coffee]],
  ['the page of a group', page(GroupPage, loadGroup, '/groups/leeds', 'leeds'), [coffee]],
  ['the page of the week', page(WeekPage, loadWeek, '/weeks/2027'), [coffee, bell]],
  ['the wall', page(StoriesPage, loadStories, '/stories'), [bell]],
  ['a search of stories', page(StoriesPage, loadStories, '/stories?q=bell'), [bell]],
  ['the wall on a screen', page(ScreenPage, loadScreen, '/stories/screen'), [bell]],
  ['the page of a teller', page(ByPage, loadBy, '/stories/by/x', author.slug), [bell]],
]
const others: Place[] = [
  ['a calendar to subscribe to', answerOf(activitiesIcs, '/activities.ics'), [coffee]],
  ['a feed of activities', answerOf(activitiesAtom, '/activities.atom'), [coffee]],
  ['a table of activities', answerOf(activitiesCsv, '/activities.csv'), [coffee]],
  ['activities for machines', answerOf(activitiesJson, '/activities.json'), [coffee, '"total":1']],
  ['a map for machines', answerOf(activitiesGeojson, '/activities.geojson'), [coffee]],
  ['a feed of stories', answerOf(storiesAtom, '/stories.atom'), [bell]],
  ['stories for machines', answerOf(storiesJson, '/stories.json'), [bell]],
  ['the feed of a teller', answerOf(byAtom, '/stories/by/x.atom', author.slug), [bell]],
  ['the page of an activity', answerOf(loadActivity, '/activities/coffee', 'coffee'), [coffee]],
  ['its own calendar', answerOf(activityIcs, '/activities/coffee.ics', 'coffee'), [coffee]],
  ['its page for saying "I am coming"', answerOf(loadCome, '/activities/coffee/come', 'coffee'), [coffee]],
  ['its page at the table', answerOf(loadTable, '/activities/coffee/new-to-you', 'coffee'), [coffee]],
  ['the page of a story', answerOf(loadStory, '/stories/bell', 'bell'), [bell]],
  ['the page to reply on', answerOf(loadReply, '/stories/bell/reply', 'bell'), [bell]],
]

const foundAt = async ([name, read, things]: Place): Promise<string[]> => {
  const words = await read()
  return things.filter((thing) => words.includes(thing)).map((thing) => `${name}: ${thing}`)
}

test.each([...lists, ...others])(
  'rule 24: while the ledger is closed nothing restored stands on %s, and it stands there again afterwards',
  async (...place) => {
    const all = place[2].map((thing) => `${place[0]}: ${thing}`)
    await turn(false)
    expect(await foundAt(place)).toEqual(all)
    await turn(true)
    expect(await foundAt(place)).toEqual([])
    await turn(false)
    expect(await foundAt(place)).toEqual(all)
  },
)

test.each(lists)('while the ledger is closed %s says that something is being checked', async (_, read) => {
  await turn(true)
  const words = await read()
  expect(words).toContain('We are checking something after a restore')
  expect(words).toContain('Come back soon.')
  await turn(false)
  expect(await read()).not.toContain('We are checking something')
})

test('while the ledger is closed nobody says that they come, answers at the table, or likes', async () => {
  const press = [
    (now: Date) => comeTo(db, anybody, v.parse(coming, { slug: 'coffee', email: 'ann@people.org' }), now),
    (now: Date) =>
      answerAtTable(db, anybody, { slug: 'coffee', answer: 'new' as const, formKey: 'table' }, now),
    (now: Date) => likeStory(db, anybody, { slug: 'bell', browser: 'somebody' }, now),
  ]
  await turn(true)
  for (const one of press) await expect(one(new Date(at))).rejects.toMatchObject({ kind: 'missing' })
  await turn(false)
  for (const one of press) await one(new Date(at))
})
