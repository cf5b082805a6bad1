import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { subjectOf } from '#desk/concern.ts'
import { concernById, queueOf } from '#desk/server/reads.ts'
import { keepRetention, tellBackup } from '#desk/server/tasks.ts'
import { raiseConcern } from '#desk/server/raise.ts'
import { closeConcern, restoreSubject } from '#desk/server/writes.ts'
import { anybody, type Viewer } from '#kernel/viewer.ts'
import { makeActivity, makeStory, makeWeek } from '../../test/make.ts'
import { newToken } from '#platform/server/tokens.ts'
import { testDatabase } from '../../test/db.ts'

const db = await testDatabase()
const now = new Date('2027-10-18T10:00:00Z')
await makeWeek(db)

const { id: account } = await db
  .insertInto('accounts')
  .values({ name: 'Ann', email: 'ann@example.org' })
  .returning('id')
  .executeTakeFirstOrThrow()
await db.insertInto('roles').values({ account, role: 'reviewer' }).execute()
const ann: Viewer = {
  account,
  email: 'ann@example.org',
  name: 'Ann',
  roles: [{ role: 'reviewer', group: null, organisation: null }],
}
const concern = (over: Partial<Parameters<typeof raiseConcern>[2]> = {}) => ({
  formKey: crypto.randomUUID(),
  door: 'wrong' as const,
  about: null,
  words: null,
  email: null,
  country: null,
  ...over,
})

test('the first door hides at once, without an account, and pressing twice is one concern', async () => {
  const { id, slug } = await makeActivity(db, {})
  const input = concern({ door: 'take-down', about: `https://week.example/activities/${slug}?x=1` })
  const [first, second] = await Promise.all([
    raiseConcern(db, anybody, input, now),
    raiseConcern(db, anybody, input, now),
  ])
  const said = { door: 'take-down', gone: `/activities/${slug}`, unread: false }
  expect([first, second]).toEqual([said, said])
  const row = await db.selectFrom('activities').select('state').where('id', '=', id).executeTakeFirstOrThrow()
  expect(row.state).toBe('withdrawn')
  expect((await queueOf(db, ann)).concerns).toMatchObject([{ door: 'take-down', hid: true }])
  const kept = await db.selectFrom('concerns').select('subject').execute()
  expect(kept).toEqual([{ subject: `activities:${id}` }])
})

test('whoever is on duty hears at once, whoever wrote hears that it came, and neither mail says what it is about', async () => {
  const { id: duty } = await db
    .insertInto('accounts')
    .values({ name: 'Dee', email: 'dee@example.org' })
    .returning('id')
    .executeTakeFirstOrThrow()
  await db.insertInto('duties').values({ day: '2027-10-18', account: duty, part: 'duty' }).execute()
  await raiseConcern(db, anybody, concern({ door: 'worried', words: 'SECRET', email: 'me@example.org' }), now)
  const mails = await db
    .selectFrom('mails')
    .selectAll()
    .where('address', 'in', ['dee@example.org', 'me@example.org'])
    .execute()
  expect(mails.map((mail) => mail.name).toSorted()).toEqual(['concern-duty', 'concern-received'])
  expect(JSON.stringify(mails)).not.toContain('SECRET')
})

test('a concern about something that is not there is kept all the same, and hides nothing', async () => {
  const raised = await raiseConcern(
    db,
    anybody,
    concern({ door: 'take-down', about: 'stories:never-was' }),
    now,
  )
  expect(raised.gone).toBe('/stories/never-was')
  const kept = await db
    .selectFrom('concerns')
    .select('hid')
    .where('subject', '=', 'stories:never-was')
    .execute()
  expect(kept).toEqual([{ hid: false }])
  expect(subjectOf('/stories/some-story#x')).toEqual({ room: 'stories', slug: 'some-story' })
  expect(subjectOf('javascript:alert(1)')).toBeNull()
})

test('the desk and its concerns are not there for visitors', async () => {
  await expect(queueOf(db, anybody)).rejects.toMatchObject({ kind: 'forbidden' })
  const [first] = (await queueOf(db, ann)).concerns
  await expect(concernById(db, anybody, first?.id ?? '', now)).rejects.toMatchObject({ kind: 'missing' })
  await expect(closeConcern(db, anybody, { id: first?.id ?? '', outcome: 'x' }, now)).rejects.toMatchObject({
    kind: 'missing',
  })
  await closeConcern(db, ann, { id: first?.id ?? '', outcome: 'Spoke to the host.' }, now)
  expect(await concernById(db, ann, first?.id ?? '', now)).toMatchObject({
    state: 'closed',
    outcome: 'Spoke to the host.',
  })
})

describe('what a concern hid comes back from its page', () => {
  const stateOf = async (room: 'activities' | 'stories', id: string) =>
    (await db.selectFrom(room).select('state').where('id', '=', id).executeTakeFirstOrThrow()).state
  const concernAbout = async (subject: string): Promise<string> =>
    (
      await db
        .selectFrom('concerns')
        .select('id')
        .where('subject', '=', subject)
        .orderBy('created', 'desc')
        .executeTakeFirstOrThrow()
    ).id
  const rooms = [
    ['activities', 'withdrawn', () => makeActivity(db, { hostEmail: 'host@example.org' })],
    ['stories', 'hidden', () => makeStory(db, { email: 'teller@example.org' })],
  ] as const

  test.each(rooms)('by any reviewer when a visitor hid it: %s', async (room, hidden, make) => {
    const { id, slug } = await make()
    await raiseConcern(db, anybody, concern({ door: 'take-down', about: `/${room}/${slug}` }), now)
    const about = await concernAbout(`${room}:${id}`)
    expect((await concernById(db, ann, about, now)).about).toMatchObject({
      id,
      hidden: true,
      mayRestore: true,
    })
    await expect(restoreSubject(db, anybody, { id: about, reason: 'x' }, now)).rejects.toMatchObject({
      kind: 'missing',
    })
    expect(await stateOf(room, id)).toBe(hidden)
    await restoreSubject(db, ann, { id: about, reason: 'It was a mistake.' }, now)
    await restoreSubject(db, ann, { id: about, reason: 'It was a mistake.' }, now)
    expect(await stateOf(room, id)).toBe('published')
    const seen = await concernById(db, ann, about, now)
    expect(seen).toMatchObject({ state: 'open', about: { hidden: false, mayRestore: false } })
    const told = await db
      .selectFrom('mails')
      .select('params')
      .where('name', 'in', ['activity-published', 'story-restored'])
      .where(sql<string>`params->>'publicLink'`, 'like', `%${slug}`)
      .execute()
    expect(told).toMatchObject([{ params: { reason: 'It was a mistake.' } }])
  })

  test.each(rooms)('not by the reviewer who pressed the button: %s', async (room, hidden, make) => {
    const { id, slug } = await make()
    await raiseConcern(db, ann, concern({ door: 'take-down', about: `/${room}/${slug}` }), now)
    const about = await concernAbout(`${room}:${id}`)
    expect((await concernById(db, ann, about, now)).about).toMatchObject({ hidden: true, mayRestore: false })
    await expect(restoreSubject(db, ann, { id: about, reason: 'x' }, now)).rejects.toMatchObject({
      kind: 'forbidden',
    })
    expect(await stateOf(room, id)).toBe(hidden)
  })

  test('and what is gone, or never was a thing of ours, offers nothing', async () => {
    const { id, slug } = await makeActivity(db, {})
    await raiseConcern(db, anybody, concern({ door: 'take-down', about: `/activities/${slug}` }), now)
    await raiseConcern(db, anybody, concern({ about: 'https://elsewhere.example/x' }), now)
    await db.deleteFrom('activities').where('id', '=', id).execute()
    for (const subject of [`activities:${id}`, 'https://elsewhere.example/x'])
      expect((await concernById(db, ann, await concernAbout(subject), now)).about).toBeNull()
  })
})

test('the backup hears once a day of what waited more than 24 hours, and not of the example', async () => {
  await tellBackup(db, {}, now)
  expect(await db.selectFrom('mails').select('id').where('name', '=', 'backup').execute()).toHaveLength(0)
  await makeActivity(db, { state: 'waiting', updated: '2027-10-16T10:00:00Z', example: true })
  await tellBackup(db, {}, now)
  expect(await db.selectFrom('mails').select('id').where('name', '=', 'backup').execute()).toHaveLength(0)
  // The desk's own lists leave out what is held, and what was said to it.
  const long = '2027-10-16T10:00:00Z'
  const held = await makeStory(db, { state: 'hidden', published: null, updated: long, held: now })
  const token = newToken().hash
  await db
    .insertInto('replies')
    .values({
      story: held.id,
      words: 'Good',
      name: 'Jo',
      state: 'waiting',
      created: long,
      changed: long,
      token,
    })
    .execute()
  await tellBackup(db, {}, now)
  expect(await db.selectFrom('mails').select('id').where('name', '=', 'backup').execute()).toHaveLength(0)
  await makeActivity(db, { state: 'waiting', updated: long })
  await tellBackup(db, {}, now)
  await tellBackup(db, {}, now)
  const told = await db.selectFrom('mails').select('address').where('name', '=', 'backup').execute()
  expect(told).toEqual([{ address: 'ann@example.org' }])
})

test('retention removes old counts and form keys, says how many, and finds nothing the second time', async () => {
  const later = new Date('2027-12-18T10:00:00Z')
  await keepRetention(db, {}, later)
  const runs = await db.selectFrom('retentionRuns').select(['what', 'count']).execute()
  expect(runs.find((run) => run.what === 'form-keys')?.count).toBeGreaterThan(0)
  await keepRetention(db, {}, later)
  expect(await db.selectFrom('retentionRuns').select('id').execute()).toHaveLength(runs.length)
})
