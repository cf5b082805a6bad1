import { beforeAll, beforeEach, expect, test } from 'vitest'
import { askedToHide } from '#desk/server/many.ts'
import type { Door } from '#desk/concern.ts'
import { raiseConcern } from '#desk/server/raise.ts'
import { anybody, type Viewer } from '#kernel/viewer.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeActivity, makeStory, makeWeek } from '../../../../test/make.ts'
import { makeAccount } from '../../../../test/organisations.ts'
import { ask, pageOf } from '../../../../test/pages.ts'
import { load as loadActivity } from '../activities/[id]/+page.server.ts'
import ActivityPage from '../activities/[id]/+page.svelte'
import { load as loadLog } from '../log/+page.server.ts'
import LogPage from '../log/+page.svelte'
import { load as loadStory } from '../stories/[id]/+page.server.ts'
import StoryPage from '../stories/[id]/+page.svelte'
import { actions, load } from './[id]/+page.server.ts'
import Page from './[id]/+page.svelte'

const db = await testDatabase()
const now = new Date('2027-10-26T10:00:00Z')
let ann: Viewer
let ben: Viewer
let third: Viewer
let organiser: Viewer

beforeAll(async () => {
  await makeWeek(db)
  ann = await makeAccount(db, 'ann', { role: 'reviewer' })
  ben = await makeAccount(db, 'ben', { role: 'reviewer' })
  third = await makeAccount(db, 'third', { role: 'reviewer' })
  organiser = await makeAccount(db, 'olga', { role: 'organiser' })
})

beforeEach(async () => {
  for (const table of ['concerns', 'auditLog'] as const) await db.deleteFrom(table).execute()
})

async function press(about: string, door: Door): Promise<string> {
  const form = { formKey: '', door, about, words: null, email: null, country: null }
  await raiseConcern(db, anybody, form, now)
  const row = await db
    .selectFrom('concerns')
    .select('id')
    .where('door', '=', door)
    .orderBy('created', 'desc')
    .executeTakeFirstOrThrow()
  return row.id
}

const secret = /Secretly|secretly|Hidden Road|host@people\.test|Mina|Kettle|quiet corner/
const rooms = [
  {
    room: 'activities',
    make: () =>
      makeActivity(db, {
        slug: `secretly-${Math.random().toString(36).slice(2)}`,
        title: 'Secretly singing',
        summary: 'secretly',
        description: 'secretly',
        address: '1 Hidden Road',
        town: 'Kettle',
        hostName: 'Mina',
        arrive: 'The quiet corner',
        hostEmail: 'host@people.test',
      }),
    own: (id: string, viewer: Viewer) =>
      pageOf(ActivityPage, loadActivity, { path: `/desk/activities/${id}`, params: { id }, db, now, viewer }),
  },
  {
    room: 'stories',
    make: () =>
      makeStory(db, {
        slug: `secretly-${Math.random().toString(36).slice(2)}`,
        title: 'Secretly singing',
        body: 'secretly',
        authorName: 'Mina',
        town: 'Kettle',
        email: 'host@people.test',
      }),
    own: (id: string, viewer: Viewer) =>
      pageOf(StoryPage, loadStory, { path: `/desk/stories/${id}`, params: { id }, db, now, viewer }),
  },
] as const

test.each(rooms)(
  'what somebody is worried about ($room) says nothing at the desk, until one of its two opens it, and each opening is written down',
  async ({ room, make, own }) => {
    const { id, slug } = await make()
    expect((await own(id, third)).body).toMatch(secret)
    const other = await press(`/${room}/${slug}`, 'take-down')
    const concern = await press(`/${room}/${slug}`, 'worried')
    const openers = (
      await db.selectFrom('holds').select('openers').where('surface', '=', id).executeTakeFirstOrThrow()
    ).openers
    const [one, two, out] = [ann, ben, third].toSorted(
      (a, b) => Number(openers.includes(b.account ?? '')) - Number(openers.includes(a.account ?? '')),
    )
    if (!one || !two || !out) throw new Error('There are three who review')
    expect([one, two].map(({ account }) => openers.includes(account ?? ''))).toEqual([true, true])
    expect(openers).not.toContain(out.account)
    const pageFor = (viewer: Viewer, which = concern, form?: unknown) =>
      pageOf(Page, load, {
        path: `/desk/concerns/${which}`,
        params: { id: which },
        db,
        now,
        viewer,
        form,
      })
    for (const viewer of [one, out, organiser]) {
      for (const { head, body } of [
        await own(id, viewer),
        await pageFor(viewer),
        // Another who asked for it to be hidden opens no door to it.
        await pageFor(viewer, other),
      ])
        expect(head + body).not.toMatch(secret)
      expect(JSON.stringify(await askedToHide(db, viewer))).not.toMatch(secret)
    }
    const { body: log } = await pageOf(LogPage, loadLog, { path: '/desk/log', db, now, viewer: organiser })
    expect(log).not.toMatch(secret)
    const open = (viewer: Viewer) =>
      ask(actions['open'] as (event: unknown) => Promise<unknown>, {
        path: `/desk/concerns/${concern}`,
        params: { id: concern },
        db,
        now,
        viewer,
        body: {},
      })
    expect(await open(out)).toMatchObject({ status: 403 })
    for (const viewer of [one, two]) {
      const { body } = await pageFor(viewer, concern, await open(viewer))
      expect(body).toContain('Secretly singing')
      expect(body).toContain('secretly')
      if (room === 'activities')
        for (const words of ['1 Hidden Road', 'Mina', 'host@people.test']) expect(body).toContain(words)
    }
    const opened = await db
      .selectFrom('auditLog')
      .select('account')
      .where('action', '=', 'concern.opened')
      .where('subject', '=', `concerns:${concern}`)
      .orderBy('id')
      .execute()
    expect(opened.map(({ account }) => account)).toEqual([one.account, two.account])
    // Opening it there does not unseal the page that everybody who reviews has.
    expect((await own(id, one)).body).not.toMatch(secret)
  },
)
