import * as v from 'valibot'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { cancelActivity, bringBack, leaveActivity, withdrawActivity } from '#activities/server/writes/host.ts'
import { takeBack } from '#activities/server/writes/import-row.ts'
import { activityPage } from '#activities/server/reads/one.ts'
import { activityForReview } from '#activities/server/reads/review.ts'
import { restoreActivity } from '#activities/server/writes/review.ts'
import type { Door } from '#desk/concern.ts'
import { concernById, queueOf } from '#desk/server/reads.ts'
import { raiseConcern } from '#desk/server/raise.ts'
import { keepRetention } from '#desk/server/tasks.ts'
import { closeConcern, openConcern, restoreSubject } from '#desk/server/writes.ts'
import { anybody, theSite, type Viewer } from '#kernel/viewer.ts'
import { inTransaction } from '#platform/server/db.ts'
import { newToken } from '#platform/server/tokens.ts'
import { storyBySlug } from '#stories/server/reads/wall.ts'
import { editStory, forgetTeller, sendStory, withdrawStory } from '#stories/server/writes/edit.ts'
import { hideStory, restoreStory } from '#stories/server/writes/review.ts'
import { editedStory } from '#stories/story.ts'
import { testDatabase } from '../../test/db.ts'
import { makeActivity, makeHostLink, makeStory, makeWeek } from '../../test/make.ts'
import { makeAccount } from '../../test/organisations.ts'

const db = await testDatabase()
const now = new Date('2027-10-26T10:00:00Z')
const muchLater = new Date('2029-06-01T10:00:00Z')
let ann: Viewer
let ben: Viewer
let lead: Viewer
let group = ''

beforeAll(async () => {
  await makeWeek(db)
  const made = await db
    .insertInto('groups')
    .values({ slug: 'leeds', name: 'Leeds', country: 'GB' })
    .returning('id')
    .executeTakeFirstOrThrow()
  group = made.id
  ann = await makeAccount(db, 'ann', { role: 'reviewer' })
  ben = await makeAccount(db, 'ben', { role: 'reviewer' })
  lead = await makeAccount(db, 'lea', { role: 'group-lead', group })
})
beforeEach(async () => {
  for (const table of ['concerns', 'stories', 'activities', 'mails', 'auditLog'] as const)
    await db.deleteFrom(table).execute()
})

const rooms = ['activities', 'stories'] as const
type Room = (typeof rooms)[number]
const make = (room: Room) =>
  room === 'stories'
    ? makeStory(db, { email: 'teller@people.test' })
    : makeActivity(db, { hostEmail: 'host@people.test', group })
const seen = (room: Room, slug: string): Promise<unknown> =>
  room === 'stories' ? storyBySlug(db, slug, now) : activityPage(db, slug, now).catch(() => null)

async function press(about: string, door: Door = 'worried', viewer: Viewer = anybody): Promise<string> {
  const before = await db.selectFrom('concerns').select('id').execute()
  const form = { formKey: '', door, about, words: 'SECRET', email: 'me@people.test', country: null }
  await raiseConcern(db, viewer, form, now)
  const after = await db.selectFrom('concerns').select('id').execute()
  return after.find(({ id }) => before.every((other) => other.id !== id))?.id ?? ''
}

const held = async (room: Room, id: string): Promise<boolean> =>
  (await db.selectFrom(room).select('held').where('id', '=', id).executeTakeFirstOrThrow()).held !== null
const no = { key: 'refusal.held' }
const close = (id: string) => closeConcern(db, ann, { id, outcome: 'Asked. All is well.' }, now)

describe.each(rooms)('what somebody is worried about (%s)', (room) => {
  test('is hidden at once, like what never was, and whoever made it is not written to', async () => {
    const { id, slug } = await make(room)
    expect(await seen(room, slug)).not.toBeNull()
    await press(`/${room}/${slug}`)
    expect(await seen(room, slug)).toBeNull()
    expect(await held(room, id)).toBe(true)
    const mails = await db.selectFrom('mails').select(['name', 'address']).orderBy('address').execute()
    expect(mails.map((mail) => mail.address)).toEqual([
      'ann@people.test',
      'ben@people.test',
      'me@people.test',
    ])
  })

  test('is answered the same whether it is there, is hidden already, or never was', async () => {
    const { slug } = await make(room)
    const ask = async (about: string) => {
      const form = { formKey: '', door: 'worried', about, words: null, email: null, country: null } as const
      const { gone, ...said } = await raiseConcern(db, anybody, form, now)
      return { gone: gone?.replace(about.split('/').at(-1) ?? '', '…'), ...said }
    }
    const there = await ask(`/${room}/${slug}`)
    expect(there).toEqual({ door: 'worried', gone: `/${room}/…`, unread: false })
    expect(await ask(`/${room}/${slug}`)).toEqual(there)
    expect(await ask(`/${room}/never-was`)).toEqual(there)
  })

  test('comes back only after the concern is closed, and only by somebody who did not hide it', async () => {
    const { id, slug } = await make(room)
    const concern = await press(`/${room}/${slug}`, 'worried', ann)
    const restore = (viewer: Viewer) =>
      restoreSubject(db, viewer, { id: concern, reason: 'All is well.' }, now)
    expect(await openConcern(db, ben, { id: concern }, now)).toMatchObject({
      about: { hidden: true, held: true, mayRestore: false },
    })
    await expect(restore(ben)).rejects.toMatchObject(no)
    await expect(
      (room === 'stories' ? restoreStory : restoreActivity)(db, ben, { id, reason: 'x' }, now),
    ).rejects.toMatchObject(room === 'stories' ? no : { kind: expect.any(String) })
    await close(concern)
    expect(await held(room, id)).toBe(false)
    expect(await seen(room, slug)).toBeNull()
    await expect(restore(ann)).rejects.toMatchObject({ kind: 'forbidden' })
    await restore(ben)
    expect(await seen(room, slug)).not.toBeNull()
  })

  test('stays as it is until the last who is worried was answered', async () => {
    const { id, slug } = await make(room)
    const [first, second] = [await press(`/${room}/${slug}`), await press(`/${room}/${slug}`)]
    await close(first)
    expect(await held(room, id)).toBe(true)
    await close(second)
    await close(second)
    expect(await held(room, id)).toBe(false)
  })

  test('is no business of whoever leads its group', async () => {
    const { slug, id } = await make(room)
    const concern = await press(`/${room}/${slug}`)
    for (const viewer of [anybody, lead]) {
      await expect(concernById(db, viewer, concern, now)).rejects.toMatchObject({ kind: 'missing' })
      await expect(openConcern(db, viewer, { id: concern }, now)).rejects.toMatchObject({ kind: 'missing' })
      if (room === 'activities')
        await expect(activityForReview(db, viewer, id)).rejects.toMatchObject({ kind: 'missing' })
    }
    expect((await queueOf(db, lead)).concerns).toEqual([])
    expect(
      await db.selectFrom('auditLog').select('id').where('action', '=', 'concern.opened').execute(),
    ).toEqual([])
  })
})

test('a concern says nothing until it is opened, and every opening is written down with who it was', async () => {
  const { id, slug } = await makeStory(db)
  const concern = await press(`/stories/${slug}`)
  const begun = await concernById(db, ann, concern, now)
  expect(begun).toMatchObject({ sealed: true, words: '', email: null, subject: null, about: null })
  expect(JSON.stringify(await queueOf(db, ann))).not.toMatch(/SECRET|people\.test|stories:/)
  for (const viewer of [ann, ben, ann]) {
    expect(await openConcern(db, viewer, { id: concern }, now)).toMatchObject({
      words: 'SECRET',
      email: 'me@people.test',
      about: { room: 'stories', id },
    })
  }
  const log = await db
    .selectFrom('auditLog')
    .select(['who', 'account', 'subject'])
    .where('action', '=', 'concern.opened')
    .orderBy('id')
    .execute()
  expect(log).toEqual(
    [ann, ben, ann].map(({ name, account }) => ({ who: name, account, subject: `concerns:${concern}` })),
  )
})

test('whoever is signed in and worried is not named in the log, unless they answer concerns themselves', async () => {
  const { slug } = await makeStory(db)
  for (const viewer of [lead, ann]) await press(`/stories/${slug}`, 'worried', viewer)
  const log = await db
    .selectFrom('auditLog')
    .select(['who', 'account'])
    .where('action', '=', 'concern.worried')
    .orderBy('id')
    .execute()
  expect(log).toEqual([
    { who: 'somebody', account: null },
    { who: 'ann', account: ann.account },
  ])
})

describe('while somebody is worried', () => {
  test('whoever tells a story can neither change it, take it back, nor have their address forgotten', async () => {
    const { id, slug } = await makeStory(db, { email: 'teller@people.test' })
    const { token, hash } = newToken()
    const link = { token: hash, story: id, expires: '2027-12-01T00:00:00Z' }
    await db.insertInto('storyLinks').values(link).execute()
    const concern = await press(`/stories/${slug}`)
    const { revision } = await db.selectFrom('stories').select('revision').executeTakeFirstOrThrow()
    const edit = v.parse(editedStory, {
      title: 'New',
      body: 'New',
      token,
      revision: String(revision),
      then: 'send',
    })
    const press2 = { token, then: 'send' } as const
    await expect(editStory(db, anybody, edit, now)).rejects.toMatchObject(no)
    await expect(withdrawStory(db, anybody, press2, now)).rejects.toMatchObject(no)
    await expect(forgetTeller(db, anybody, press2, now)).rejects.toMatchObject(no)
    await expect(sendStory(db, anybody, press2, now)).rejects.toMatchObject(no)
    await hideStory(db, ben, { id, reason: null }, now)
    await keepRetention(db, {}, muchLater)
    const kept = await db.selectFrom('stories').select(['title', 'email', 'state']).execute()
    expect(kept).toEqual([{ title: 'She answered my hum', email: 'teller@people.test', state: 'hidden' }])
    expect(await db.selectFrom('storyLinks').select('story').execute()).toHaveLength(1)
    await close(concern)
    await keepRetention(db, {}, muchLater)
    expect(await db.selectFrom('storyLinks').select('story').execute()).toEqual([])
    await db
      .insertInto('storyLinks')
      .values({ ...link, expires: '2030-01-01T00:00:00Z' })
      .execute()
    expect(await withdrawStory(db, anybody, press2, now)).toEqual({ state: 'withdrawn' })
  })

  test('whoever hosts an activity can do nothing with it, and what its guests said is kept', async () => {
    const { id, slug } = await makeActivity(db)
    const token = await makeHostLink(db, id, 'host@people.test')
    const other = await makeHostLink(db, id, 'co@people.test')
    await db.updateTable('hosts').set({ part: 'co-host' }).where('email', '=', 'co@people.test').execute()
    await db
      .insertInto('hosts')
      .values({ activity: id, email: 'never@people.test', part: 'co-host', created: '2027-01-01T00:00:00Z' })
      .execute()
    const guest = async (email: string, confirmed: string | null) =>
      db
        .insertInto('rsvps')
        .values({
          activity: id,
          email,
          token: Buffer.from(email),
          confirmed,
          state: confirmed ? 'cancelled' : 'expired',
        })
        .returning('id')
        .executeTakeFirstOrThrow()
    await guest('unsure@people.test', null)
    const { id: rsvp } = await guest('guest@people.test', '2027-09-01T00:00:00Z')
    const agreed = { agreed: '2027-09-01T00:00:00Z', deleteAfter: '2027-11-20T00:00:00Z' }
    await db
      .insertInto('accessRequests')
      .values({ rsvp, words: 'A quiet corner', ...agreed })
      .execute()
    const concern = await press(`/activities/${slug}`)
    const rows = async () => ({
      hosts: (await db.selectFrom('hosts').select('email').execute()).length,
      guests: (await db.selectFrom('rsvps').select('id').where('email', 'is not', null).execute()).length,
      requests: (await db.selectFrom('accessRequests').select('rsvp').execute()).length,
    })
    await expect(bringBack(db, anybody, { token }, now)).rejects.toMatchObject(no)
    await expect(cancelActivity(db, anybody, { token, reason: 'x' }, now)).rejects.toMatchObject(no)
    await expect(leaveActivity(db, anybody, { token: other }, now)).rejects.toMatchObject(no)
    await withdrawActivity(db, anybody, { token, reason: null }, now)
    const owner = {
      viewer: theSite,
      account: '',
      email: '',
      week: 2027,
      import: '',
      state: 'waiting',
    } as const
    const row = { outcome: 'changed', activity: id, before: null, after: null }
    expect(await inTransaction(db, (trx) => takeBack(trx, owner, row, now))).toBe('left')
    await keepRetention(db, {}, muchLater)
    expect(await rows()).toEqual({ hosts: 3, guests: 2, requests: 1 })
    await close(concern)
    await keepRetention(db, {}, muchLater)
    expect(await rows()).toEqual({ hosts: 2, guests: 0, requests: 0 })
  })
})
