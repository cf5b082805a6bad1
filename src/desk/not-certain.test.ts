import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readGuestPage } from '#activities/server/reads/guest-page.ts'
import { tellGuestsItIsNotCertain } from '#activities/server/tasks/changed.ts'
import { giveSeatBack } from '#activities/server/writes/guest-page.ts'
import { restoreActivity, takeDownActivity, tellGuestsOfTakenDown } from '#activities/server/writes/review.ts'
import type { Door } from '#desk/concern.ts'
import { raiseConcern } from '#desk/server/raise.ts'
import { guestsToTell, activityForReview } from '#activities/server/reads/review.ts'
import { concernAbout } from '#desk/server/reads.ts'
import { tellGuestsOf } from '#desk/server/writes.ts'
import { textIn, type MessageParams } from '#kernel/messages.ts'
import { anybody, type Viewer } from '#kernel/viewer.ts'
import { testDatabase } from '../../test/db.ts'
import { early as now, queued, withGuest, wordOf } from '../../test/guests.ts'
import { makeWeek } from '../../test/make.ts'
import { makeAccount } from '../../test/organisations.ts'

const db = await testDatabase()
let ann: Viewer
let third: Viewer

beforeAll(async () => {
  await makeWeek(db)
  ann = await makeAccount(db, 'opener-one', { role: 'reviewer' })
  await makeAccount(db, 'opener-two', { role: 'reviewer' })
  third = await makeAccount(db, 'third', { role: 'reviewer' })
})
beforeEach(async () => {
  for (const table of ['concerns', 'activities', 'mails', 'auditLog'] as const)
    await db.deleteFrom(table).execute()
})

/** Somebody comes to something, and it is hidden by one of the doors; answers the concern. */
async function hidden(door: Door) {
  const { id, slug } = await withGuest(db, {
    slug: 'secret-singing',
    title: 'SECRET singing',
    town: 'SECRET',
  })
  const form = { formKey: '', door, about: `/activities/${slug}`, words: null, email: null, country: null }
  await raiseConcern(db, anybody, form, now)
  const concern = await db.selectFrom('concerns').select('id').executeTakeFirstOrThrow()
  await db.deleteFrom('mails').execute()
  return { id, concern, token: await wordOf(db, 'ann@people.org') }
}
const page = async (token: string) => ({
  ...(await readGuestPage(db, anybody, { token, language: 'en' }, now)),
  slug: '',
})

describe.each(['worried', 'take-down'] as const)('guests of something hidden (%s)', (door) => {
  test('are told by nobody until a reviewer lets it, then once, and not why', async () => {
    const { id, concern } = await hidden(door)
    await tellGuestsOf(db, ann, concern, now)
    expect(await queued(db)).toEqual([])
    for (let press = 0; press < 2; press += 1) await tellGuestsItIsNotCertain(db, { activity: id }, now)
    expect(await queued(db)).toEqual(['activity-not-certain → ann@people.org'])
    const mail = await db.selectFrom('mails').select(['params', 'urgency']).executeTakeFirstOrThrow()
    expect(mail.urgency).toBe('answer')
    expect(JSON.stringify(mail.params).includes('SECRET')).toBe(door === 'take-down')
    const written = await db
      .selectFrom('auditLog')
      .select(['action', 'account'])
      .where('action', '=', 'activity.guests-told')
      .execute()
    expect(written).toEqual([{ action: 'activity.guests-told', account: ann.account }])
  })

  test('can give their seat back, and nothing of it is said', async () => {
    const { token } = await hidden(door)
    expect(await page(token)).toMatchObject({ off: 'not-shown', may: ['give-back'] })
    await giveSeatBack(db, anybody, { token }, now)
    expect(await page(token)).toMatchObject({ state: 'cancelled', may: [] })
    expect(await queued(db)).toEqual(['rsvp-cancelled → ann@people.org'])
    const { params } = await db.selectFrom('mails').select('params').executeTakeFirstOrThrow()
    expect(JSON.stringify(params).includes('SECRET')).toBe(door === 'take-down')
    expect(
      textIn('en')('mail.rsvp-cancelled.text', { ...(params as MessageParams), siteName: '' }),
    ).not.toContain('change your mind')
  })

  test('are not told once it is shown again', async () => {
    const { id, concern } = await hidden(door)
    await tellGuestsOf(db, ann, concern, now)
    await db.updateTable('activities').set({ held: null }).execute()
    await restoreActivity(db, third, { id, reason: 'All is well.' }, now)
    await db.deleteFrom('mails').execute()
    await tellGuestsItIsNotCertain(db, { activity: id }, now)
    expect(await queued(db)).toEqual([])
    await expect(tellGuestsOf(db, ann, concern, now)).rejects.toMatchObject({ kind: 'conflict' })
  })
})

test('of what is held a guest’s page names the day they said yes to, and not what it is', async () => {
  const { token } = await hidden('worried')
  const shown = await page(token)
  expect(shown).toMatchObject({ title: 'The activity you said you would come to', where: '' })
  expect(shown).toMatchObject({ when: expect.stringContaining('October') })
  expect(JSON.stringify(shown)).not.toContain('SECRET')
})

test('of what is held only its two let guests be told, and nobody who does not review', async () => {
  const { concern } = await hidden('worried')
  const { hold, about } = await concernAbout(db, ann, concern.id, now)
  expect([hold?.mayOpen, about]).toMatchObject([true, { guests: 1 }])
  await expect(tellGuestsOf(db, third, concern, now)).rejects.toMatchObject({ key: 'desk.openers-only' })
  await expect(tellGuestsOf(db, anybody, concern, now)).rejects.toMatchObject({ kind: 'missing' })
  expect(
    await db.selectFrom('auditLog').select('id').where('action', '=', 'activity.guests-told').execute(),
  ).toEqual([])
})

describe('guests of something that a reviewer took down without a concern', () => {
  const toTell = async (id: string) => guestsToTell(db, await activityForReview(db, ann, id), now)

  test('are told when a reviewer lets it, once, and not while it is shown or over', async () => {
    const { id } = await withGuest(db)
    await expect(tellGuestsOfTakenDown(db, ann, { id })).rejects.toMatchObject({ kind: 'conflict' })
    expect(await toTell(id)).toBe(0)
    await takeDownActivity(db, third, { id, reason: 'We have to look at it.' }, now)
    await db.deleteFrom('mails').execute()
    expect(await toTell(id)).toBe(1)
    await expect(tellGuestsOfTakenDown(db, anybody, { id })).rejects.toMatchObject({ kind: 'missing' })
    for (let press = 0; press < 2; press += 1) await tellGuestsOfTakenDown(db, ann, { id })
    for (let run = 0; run < 2; run += 1) await tellGuestsItIsNotCertain(db, { activity: id }, now)
    expect(await queued(db)).toEqual(['activity-not-certain → ann@people.org'])
    expect(await guestsToTell(db, await activityForReview(db, ann, id), new Date('2027-12-01'))).toBe(0)
  })

  test('are not told from there while it is held for somebody’s safety', async () => {
    const { id } = await hidden('worried')
    expect(await toTell(id)).toBe(0)
    await expect(tellGuestsOfTakenDown(db, ann, { id })).rejects.toMatchObject({ key: 'refusal.held' })
    expect(await queued(db)).toEqual([])
  })
})
