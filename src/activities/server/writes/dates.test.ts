import { beforeAll, describe, expect, it } from 'vitest'
import { makeActivity, makeHostLink, makeWeek } from '../../../../test/make.ts'
import { testDatabase } from '../../../../test/db.ts'
import { datesPage } from '#activities/server/reads/dates.ts'
import { hostPage } from '#activities/server/reads/host.ts'
import { removeUnconfirmedActivities } from '#activities/server/tasks/unconfirmed.ts'
import { coHostInvitation, invitedTo, offerToHost } from '#activities/server/writes/co-host.ts'
import { changeDate } from '#activities/server/writes/dates.ts'
import { cancelActivity, confirmHost } from '#activities/server/writes/host.ts'
import { Refusal } from '#kernel/refusal.ts'
import { anybody } from '#kernel/viewer.ts'

const db = await testDatabase()
const now = new Date('2027-09-01T10:00:00Z')
let count = 0

beforeAll(async () => {
  await makeWeek(db)
})

async function held(series = true) {
  const email = `dates${(count += 1)}@people.org`
  const days = series ? ['2027-10-19', '2027-10-26', '2027-11-02'] : ['2027-10-19']
  const activity = await makeActivity(db, {
    hostEmail: email,
    occurrences: days.map((day) => ({ day })),
    series: series ? JSON.stringify({ every: 'week', until: '2027-11-02' }) : null,
  })
  const token = await makeHostLink(db, activity.id, email)
  const { dates } = await datesPage(db, token, 'en', now)
  return { ...activity, token, dates: dates.map((date) => date.id), email }
}
const datesOf = (id: string) =>
  db.selectFrom('occurrences').selectAll().where('activity', '=', id).orderBy('originalDay').execute()
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (thrown: unknown) => {
      if (!(thrown instanceof Refusal)) throw thrown
      return { key: thrown.key, field: thrown.field }
    },
  )
const plain = { day: null, time: null }

describe('one date of a series', () => {
  it('is skipped and comes back, with one note for each press that changed something', async () => {
    const one = await held()
    const skip = { token: one.token, date: one.dates[1] ?? '', step: 'skip' as const, ...plain }
    await changeDate(db, anybody, skip, now)
    await changeDate(db, anybody, skip, now)
    expect((await datesOf(one.id)).map((date) => date.status)).toEqual(['on', 'cancelled', 'on'])
    await changeDate(db, anybody, { ...skip, step: 'on' }, now)
    expect((await datesOf(one.id)).map((date) => date.status)).toEqual(['on', 'on', 'on'])
    const changes = await db
      .selectFrom('activityChanges')
      .select('read')
      .where('activity', '=', one.id)
      .execute()
    expect(changes).toEqual([{ read: false }, { read: false }])
  })

  it('is moved and the activity reaches as far as its last date', async () => {
    const one = await held()
    const move = { token: one.token, date: one.dates[2] ?? '', step: 'move' as const }
    await changeDate(db, anybody, { ...move, day: '2027-11-04', time: '18:00' }, now)
    const [, , third] = await datesOf(one.id)
    expect(third).toMatchObject({
      originalDay: '2027-11-02',
      startLocal: '2027-11-04T18:00',
      endLocal: '2027-11-04T20:00',
      moved: true,
    })
    const row = await db
      .selectFrom('activities')
      .select(['lastEnd', 'sequence'])
      .where('id', '=', one.id)
      .executeTakeFirstOrThrow()
    expect(row).toEqual({ lastEnd: new Date('2027-11-04T20:00:00Z'), sequence: 1 })
  })

  it('is not moved outside the week’s edges, nor when it is somebody else’s', async () => {
    const one = await held()
    const other = await held()
    const move = { token: one.token, step: 'move' as const, day: '2028-06-01', time: null }
    expect(await refusal(changeDate(db, anybody, { ...move, date: one.dates[0] ?? '' }, now))).toEqual({
      key: 'say.when.outside',
      field: 'day',
    })
    expect(await refusal(changeDate(db, anybody, { ...move, date: other.dates[0] ?? '' }, now))).toEqual({
      key: 'input.choose',
      field: 'date',
    })
  })
})

describe('hosting together', () => {
  const wordOf = async (token: string): Promise<string> =>
    (await coHostInvitation(db, token, now)).link.split('/').at(-1) ?? ''

  it('mails only whoever typed their own address, who then says yes by a press', async () => {
    const one = await held(false)
    const word = await wordOf(one.token)
    await offerToHost(db, anybody, { word, email: 'helper@people.org', name: 'Ann' }, now)
    const mail = await db
      .selectFrom('mails')
      .selectAll()
      .where('address', '=', 'helper@people.org')
      .executeTakeFirstOrThrow()
    expect(mail.name).toBe('cohost-asked')
    const token = (mail.params as { link: string }).link.split('/').at(-1) ?? ''
    expect(await hostPage(db, token, 'en', now)).toMatchObject({ confirmed: false, others: [] })
    expect(await refusal(datesPage(db, token, 'en', now))).toMatchObject({ key: 'edit.refusal.confirm' })
    await confirmHost(db, anybody, { token }, now)
    expect(await hostPage(db, token, 'en', now)).toMatchObject({ confirmed: true, part: 'co-host' })
  })

  it('tells whoever said it that somebody hosts it too, and everybody else who hosts it that it is off', async () => {
    const one = await held(false)
    const word = await wordOf(one.token)
    await offerToHost(db, anybody, { word, email: 'joins@people.org', name: 'Jo' }, now)
    const told = (address: string) =>
      db
        .selectFrom('mails')
        .select(['name', 'urgency', 'params'])
        .where('address', '=', address)
        .where('name', 'in', ['cohost-joined', 'activity-called-off'])
        .execute()
    const token = await makeHostLink(db, one.id, 'joins@people.org')
    expect(await told(one.email)).toEqual([])
    for (let press = 0; press < 2; press += 1) await confirmHost(db, anybody, { token }, now)
    expect(await told(one.email)).toMatchObject([
      { name: 'cohost-joined', urgency: 'notice', params: { who: 'Jo, joins@people.org' } },
    ])
    await cancelActivity(db, anybody, { token: one.token, reason: 'The room is flooded' }, now)
    expect(await told('joins@people.org')).toMatchObject([
      { name: 'activity-called-off', urgency: 'answer', params: { reason: 'The room is flooded' } },
    ])
    expect(await told(one.email)).toHaveLength(1)
  })

  it('tells everybody else who hosts it that one date is off, once, and at once only shortly before', async () => {
    const one = await held()
    await db
      .insertInto('hosts')
      .values({ activity: one.id, email: `co-${one.email}`, part: 'co-host', confirmed: now })
      .execute()
    const told = () =>
      db
        .selectFrom('mails')
        .select(['address', 'urgency', 'params'])
        .where('name', '=', 'date-called-off')
        .where('address', 'like', `%${one.email}`)
        .orderBy('created')
        .execute()
    const step = { token: one.token, date: one.dates[1] ?? '', ...plain }
    for (const press of ['skip', 'skip', 'on', 'skip'] as const)
      await changeDate(db, anybody, { ...step, step: press }, now)
    expect(await told()).toMatchObject([
      {
        address: `co-${one.email}`,
        urgency: 'notice',
        params: { when: expect.stringMatching(/^Tuesday 26 October 2027/) },
      },
    ])
    const shortly = new Date('2027-11-01T10:00:00Z')
    await changeDate(db, anybody, { ...step, date: one.dates[2] ?? '', step: 'skip' }, shortly)
    const [, second] = await told()
    expect(second).toMatchObject({ address: `co-${one.email}`, urgency: 'answer' })
    const { link = '' } = (second?.params ?? {}) as { link?: string }
    const token = link.replace(/^.*\/edit\/(.*)\/dates$/, '$1')
    expect((await datesPage(db, token, 'en', shortly)).dates).toHaveLength(3)
  })

  it('opens nothing with a forged, changed or ended word', async () => {
    const one = await held(false)
    const word = await wordOf(one.token)
    const later = word.replace(/\.2027-\d\d-\d\d\./, '.2099-01-01.')
    for (const wrong of ['', '..', 'x', later, word.slice(0, -1), `${word}x`, '\u0000.\u0000.\u0000']) {
      expect(await refusal(invitedTo(db, wrong, now)), wrong).toMatchObject({ key: 'refusal.invitation' })
    }
    expect(await invitedTo(db, word, now)).toMatchObject({ id: one.id })
    expect(await refusal(invitedTo(db, word, new Date('2027-09-17T10:00:00Z')))).not.toBeNull()
  })
})

describe('what nobody confirmed', () => {
  it('goes after seven days, and nothing else does', async () => {
    const kept = await held(false)
    const fresh = await makeActivity(db, { state: 'unverified', updated: '2027-08-30T10:00:00Z' })
    const old = await makeActivity(db, { state: 'unverified', updated: '2027-08-20T10:00:00Z' })
    expect(await removeUnconfirmedActivities(db, now)).toBe(1)
    const left = await db.selectFrom('activities').select('id').execute()
    const ids = left.map((row) => row.id)
    expect(ids).toEqual(expect.arrayContaining([kept.id, fresh.id]))
    expect(ids).not.toContain(old.id)
  })
})
