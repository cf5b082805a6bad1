import { beforeAll, expect, test } from 'vitest'
import { readFilter } from '#activities/filter.ts'
import { countCancelled } from '#activities/server/reads/cancelled.ts'
import { countsOf } from '#activities/server/reads/counts.ts'
import { listActivities } from '#activities/server/reads/list.ts'
import { mapView } from '#activities/server/reads/map-view.ts'
import { askedWeek } from '#activities/server/reads/week.ts'
import { textIn } from '#kernel/messages.ts'
import { anybody } from '#kernel/viewer.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeActivity } from '../../../../test/make.ts'
import { makeVillage } from '../../../../test/village.ts'

const db = await testDatabase()
const now = new Date('2027-10-01T12:00:00Z')

const ask = async (query: string) => {
  const { filter } = readFilter(new URLSearchParams(query))
  return { filter, week: await askedWeek(db, anybody, filter.week, now) }
}

beforeAll(async () => {
  await makeVillage(db)
  await makeActivity(db, {
    slug: 'off-letter',
    kind: 'letter',
    title: 'Letters, called off',
    state: 'cancelled',
    published: '2027-09-02T10:00:00Z',
    country: 'DK',
  })
})

test('the number that home says is the number that the list says, with what was cancelled said apart', async () => {
  const [list, cancelled, counts] = await Promise.all([
    listActivities(db, await ask(''), now),
    countCancelled(db, await ask('')),
    countsOf(db, 2027),
  ])
  expect(cancelled).toBe(2)
  expect(list.total - cancelled).toBe(counts.activities)
})

test.each(['', 'kind=letter', 'country=DK', 'q=letters', 'day=2027-10-19', 'from=2027-10-18', 'week=2031'])(
  'of the list of "%s" as many were cancelled as it shows',
  async (query) => {
    const { activities } = await listActivities(db, await ask(`${query}&limit=100`), now)
    const shown = activities.filter(({ status }) => status === 'cancelled').length
    expect(await countCancelled(db, await ask(query))).toBe(shown)
  },
)

test('a heading says both, or the one there is', () => {
  const say = (total: number, cancelled: number) =>
    textIn('en')('activities.list.count', { total, cancelled })
  expect([say(0, 0), say(1, 0), say(108, 3), say(1, 1), say(0, 1)]).toEqual([
    'Nothing found',
    '1 activity',
    '108 activities, and 3 cancelled',
    '1 activity, and 1 cancelled',
    '1 cancelled activity',
  ])
})

test('the map of the world says how many have no place, whatever number stands beside it', async () => {
  const say = async (total: number) =>
    (await mapView(db, await ask(''), { text: textIn('en'), language: 'en', total })).words
  expect(await say(9)).toBe(await say(99))
  expect(await say(9)).toContain('2 more are not on the map')
})
