import * as v from 'valibot'
import { beforeAll, describe, expect, it } from 'vitest'
import { makeActivity, makeHostLink, makeWeek, type ActivityOver } from '../../../../test/make.ts'
import { testDatabase } from '../../../../test/db.ts'
import { editInput } from '#activities/edit.ts'
import { editPage } from '#activities/server/reads/edit.ts'
import { editActivity } from '#activities/server/writes/edit.ts'
import { Refusal } from '#kernel/refusal.ts'
import { anybody } from '#kernel/viewer.ts'

const db = await testDatabase()
const now = new Date('2027-09-01T10:00:00Z')
const leeds = { lat: 53.79648, lon: -1.54785 }
let count = 0

beforeAll(async () => {
  await makeWeek(db)
})

async function held(over: ActivityOver = {}) {
  const email = `edit${(count += 1)}@people.org`
  const activity = await makeActivity(db, { ...leeds, ...over, hostEmail: email })
  const token = await makeHostLink(db, activity.id, email)
  const page = await editPage(db, token, 'en', now)
  const form = { ...page.values, token, revision: String(page.revision) }
  const save = (change: Record<string, unknown> = {}, at = now) =>
    editActivity(db, anybody, v.parse(editInput, { ...form, ...change }), at)
  return { ...activity, token, form, save }
}
const rowOf = (id: string) =>
  db.selectFrom('activities').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
const changesOf = (id: string) =>
  db.selectFrom('activityChanges').selectAll().where('activity', '=', id).orderBy('id').execute()
const datesOf = (id: string) =>
  db.selectFrom('occurrences').selectAll().where('activity', '=', id).orderBy('starts').execute()
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (thrown: unknown) => {
      if (!(thrown instanceof Refusal)) throw thrown
      return { key: thrown.key, field: thrown.field }
    },
  )

describe('changing what was said', () => {
  it.each([
    ['a time', {}],
    ['a day', { timing: 'day' }],
    ['some time this week', { timing: 'week' }],
    [
      'something online',
      { mode: 'online', town: null, country: null, placeName: null, lat: null, lon: null },
    ],
    ['a private place', { privatePlace: true }],
  ] as [string, ActivityOver][])('saving %s without a change changes nothing', async (_name, over) => {
    const one = await held(over)
    const before = await rowOf(one.id)
    await one.save()
    expect(await rowOf(one.id)).toEqual(before)
    expect(await changesOf(one.id)).toEqual([])
  })

  it('keeps languages as a filter asks for them, however they were written', async () => {
    const one = await held()
    await one.save({ languages: ['en-gb', 'EN', 'iw', 'zh-hant'] })
    expect(await rowOf(one.id)).toMatchObject({ languages: ['en-GB', 'en', 'he', 'zh-Hant'] })
  })

  it('keeps the difference for reviewers and numbers the calendar entry', async () => {
    const one = await held()
    await one.save({ title: 'Tea morning', access: ['step-free', 'quiet-space'] })
    const row = await rowOf(one.id)
    expect(row).toMatchObject({ title: 'Tea morning', revision: 2, sequence: 1, state: 'published' })
    expect(await changesOf(one.id)).toMatchObject([
      {
        read: false,
        byHost: true,
        diff: { title: ['Coffee morning', 'Tea morning'], access: [[], ['step-free', 'quiet-space']] },
      },
    ])
  })

  it('does not number the entry for words alone, and nobody has to read what nobody has listed', async () => {
    const one = await held({ state: 'waiting' })
    await one.save({ description: 'We hum.' })
    expect(await rowOf(one.id)).toMatchObject({ sequence: 0, revision: 2 })
    expect(await changesOf(one.id)).toMatchObject([{ read: true }])
  })

  it('refuses a form older than what stands there, and loses nothing', async () => {
    const one = await held()
    await one.save({ title: 'First' })
    expect(await refusal(one.save({ title: 'Second' }))).toEqual({ key: 'refusal.stale', field: 'revision' })
    expect((await rowOf(one.id)).title).toBe('First')
  })

  it('lets one of two presses at once through', async () => {
    const one = await held()
    const both = await Promise.allSettled([one.save({ title: 'A' }), one.save({ title: 'B' })])
    expect(both.map((result) => result.status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(await changesOf(one.id)).toHaveLength(1)
  })

  it('moves a time with its guests’ date', async () => {
    const one = await held()
    const [before] = await datesOf(one.id)
    await one.save({ timeDay: '2027-10-21', time: '14:00', endTime: '15:30' })
    const after = await datesOf(one.id)
    expect(after).toHaveLength(1)
    expect(after[0]).toMatchObject({ id: before?.id, startDay: '2027-10-21', startLocal: '2027-10-21T14:00' })
    expect((await rowOf(one.id)).sortStart.toISOString()).toBe('2027-10-21T13:00:00.000Z')
  })

  it('says how far a series can go instead of cutting it off', async () => {
    const one = await held()
    const refused = await one.save({ every: 'week', until: '2099-01-01' }).catch((thrown: unknown) => thrown)
    expect(refused).toMatchObject({
      key: 'edit.series.too-long',
      field: 'until',
      params: { most: 60, last: 'Tuesday 5 December 2028' },
    })
    expect(await datesOf(one.id)).toHaveLength(1)
    await one.save({ every: 'week', until: '2028-12-11' })
    expect(await datesOf(one.id)).toHaveLength(60)
  })

  it('makes a series over the change of clocks and back into one date', async () => {
    const one = await held()
    await one.save({ every: 'week', until: '2027-11-09' })
    const dates = await datesOf(one.id)
    expect(dates.map((date) => date.starts.toISOString())).toEqual([
      '2027-10-19T09:00:00.000Z',
      '2027-10-26T09:00:00.000Z',
      '2027-11-02T10:00:00.000Z',
      '2027-11-09T10:00:00.000Z',
    ])
    await one.save({ revision: '2', every: '', until: '' })
    expect(await datesOf(one.id)).toHaveLength(1)
    expect((await rowOf(one.id)).series).toBeNull()
  })

  it('lets words be mended after the day has gone', async () => {
    const one = await held()
    const after = new Date('2027-10-25T10:00:00Z')
    await one.save({ description: 'It was good.' }, after)
    expect((await rowOf(one.id)).description).toBe('It was good.')
    expect(await refusal(one.save({ revision: '2', time: '12:00' }, after))).toMatchObject({
      key: 'say.when.past',
      field: 'timeDay',
    })
  })

  it('says at the field that a private place needs a known town', async () => {
    const one = await held({ town: 'Xyzzyqville', country: 'GB' })
    expect(await refusal(one.save({ private: 'yes' }))).toEqual({ key: 'edit.refusal.town', field: 'place' })
  })

  it('brings the place to the town that is written', async () => {
    const one = await held()
    await one.save({ place: 'Kraków, Poland', placeName: '' })
    expect(await rowOf(one.id)).toMatchObject({ country: 'PL', placeName: null })
  })

  it('no longer claims the exact point once the street is another', async () => {
    const one = await held()
    await one.save({ summary: 'Come for ten minutes.' })
    expect(await rowOf(one.id)).toMatchObject({ exact: true })
    const other = await held()
    await other.save({ address: '1 Woodhouse Lane' })
    expect(await rowOf(other.id)).toMatchObject({ exact: false })
  })

  it('drops the point when it goes online', async () => {
    const one = await held()
    await one.save({ mode: 'online', joinUrl: 'https://meet.example.org/x' })
    expect(await rowOf(one.id)).toMatchObject({ mode: 'online', lat: null, town: null, publicLat: null })
  })

  it('goes back to those who read when it was asked about', async () => {
    const one = await held({ state: 'asked-for-more' })
    await one.save({ description: 'The door is wide.' })
    expect((await rowOf(one.id)).state).toBe('waiting')
  })

  it('is not changed after it was cancelled', async () => {
    const one = await held({ state: 'cancelled' })
    expect(await refusal(one.save({ title: 'X' }))).toMatchObject({ key: 'edit.refusal.gone' })
  })

  it.each([
    ['kind', { kind: 'parade' }],
    ['audiences', { audiences: 'nobody-we-know' }],
    ['group', { group: 'no-such-group' }],
  ])('refuses a %s that is not there', async (field, change) => {
    const one = await held()
    expect(await refusal(one.save(change))).toEqual({ key: 'input.choose', field })
  })
})

describe('what cannot be meant', () => {
  it.each([
    ['title', { title: '\u0000\u202e' }],
    ['title', { title: ['a', 'b'] }],
    ['description', { description: 'x'.repeat(5001) }],
    ['capacity', { capacity: '99999999999999999999' }],
    ['capacity', { capacity: '-1' }],
    ['capacity', { capacity: '1e3' }],
    ['joinUrl', { joinUrl: 'javascript:alert(1)' }],
    ['access', { access: ['step-free', 'free-beer'] }],
    ['languages', { languages: '<b>' }],
    ['languages', { languages: ['en', 'english'] }],
    ['languages', { languages: 'en-' }],
    ['signLanguages', { signLanguages: Array.from({ length: 90 }, () => 'bfi').map((_, at) => `a${at}`) }],
    ['until', { every: 'week', until: '' }],
    ['until', { until: '2027-02-30' }],
    ['every', { when: 'week', every: 'week', until: '2027-10-30' }],
    ['dates', { dates: 'tomorrow' }],
    ['place', { mode: 'hybrid', place: '' }],
    ['revision', { revision: '1 or 1=1' }],
  ])('is answered at %s', async (field, change) => {
    const one = await held()
    const read = v.safeParse(editInput, { ...one.form, ...change })
    expect(read.issues?.map((issue) => issue.path?.[0]?.key)).toContain(field)
  })
})
