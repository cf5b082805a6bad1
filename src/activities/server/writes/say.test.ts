import * as v from 'valibot'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { makeWeek } from '../../../../test/make.ts'
import { testDatabase } from '../../../../test/db.ts'
import { sayInput } from '#activities/form.ts'
import { hostByToken } from '#activities/server/reads/host-link.ts'
import { activityPage } from '#activities/server/reads/one.ts'
import { sayActivity } from '#activities/server/writes/say.ts'
import { anybody } from '#kernel/viewer.ts'
import { refused } from '../../../../test/refused.ts'

const db = await testDatabase()
const now = new Date('2027-09-01T10:00:00Z')
let count = 0

const place = (id: number, name: string, country: string, region: string, rest: object) => ({
  id,
  name,
  country,
  region,
  lat: 53.8,
  lon: -1.55,
  population: 455_000,
  zone: 'Europe/London',
  ...rest,
})

beforeAll(async () => {
  await makeWeek(db)
  await db.deleteFrom('places').execute()
  await db
    .insertInto('places')
    .values([
      place(1, 'Leeds', 'GB', 'ENG', {}),
      place(2, 'Leeds', 'US', 'AL', { population: 11_000, zone: 'America/Chicago', lat: 33.5, lon: -86.5 }),
      place(3, 'Newport', 'GB', 'WLS', { population: 145_000, lat: 51.6, lon: -3 }),
      place(4, 'Newport', 'US', 'RI', {
        population: 25_000,
        zone: 'America/New_York',
        lat: 41.5,
        lon: -71.3,
      }),
      place(5, 'Newport', 'GB', 'ENG', { population: 26_000, lat: 50.7, lon: -1.29 }),
      place(6, 'Kraków', 'PL', '77', { population: 755_000, zone: 'Europe/Warsaw', lat: 50.06, lon: 19.9 }),
    ])
    .execute()
})
beforeEach(async () => {
  await db.deleteFrom('mails').execute()
})

const typed = (over: Record<string, unknown> = {}) => ({
  kind: 'cafe',
  when: 'week',
  where: 'place',
  place: 'Leeds',
  private: '',
  email: `Host${(count += 1)}@Example.org`,
  ...over,
})
const read = (over: Record<string, unknown> = {}) => v.parse(sayInput, typed(over))
const say = (over: Record<string, unknown> = {}, at = now) => sayActivity(db, anybody, read(over), at)
const bySlug = (slug: string) =>
  db.selectFrom('activities').selectAll().where('slug', '=', slug).executeTakeFirstOrThrow()
const refusal = async (work: Promise<unknown>) => {
  const { key, field } = await refused(work)
  return { key, field }
}

describe('saying what you will do', () => {
  it('keeps four answers unseen, fills in title and country, and mails a link', async () => {
    const { slug } = await say()
    const activity = await bySlug(slug)
    expect(activity).toMatchObject({
      state: 'unverified',
      title: 'Coffee morning in Leeds',
      country: 'GB',
      town: 'Leeds',
      timing: 'week',
      mode: 'in-person',
      published: null,
    })
    const mail = await db.selectFrom('mails').selectAll().executeTakeFirstOrThrow()
    expect(mail).toMatchObject({ name: 'activity-confirm', address: `host${count}@example.org` })
    const params = mail.params as Record<string, string>
    const token = params['link']?.split('/').at(-1) ?? ''
    expect(await hostByToken(db, token, now)).toMatchObject({ activity: activity.id })
    expect(params).toMatchObject({ title: activity.title, where: 'Leeds, United Kingdom', days: 7 })
  })

  it('takes the zone from the place', async () => {
    const timed = { when: 'time', timeDay: '2027-10-19', time: '9:30', place: 'Kraków' }
    const activity = await bySlug((await say(timed)).slug)
    expect(activity).toMatchObject({ zone: 'Europe/Warsaw', startLocal: '2027-10-19T09:30' })
    expect(activity.sortStart.toISOString()).toBe('2027-10-19T07:30:00.000Z')
  })

  it('lets somebody choose another clock', async () => {
    const timed = { when: 'time', timeDay: '2027-10-19', time: '10:00', zone: 'Asia/Calcutta' }
    expect((await bySlug((await say(timed)).slug)).zone).toBe('Asia/Kolkata')
  })

  it('asks for a clock when it is online at a time', async () => {
    const timed = { when: 'time', timeDay: '2027-10-19', time: '10:00', where: 'online' }
    expect(await refusal(say(timed))).toEqual({ key: 'say.when.zone', field: 'zone' })
  })

  it('answers a wrong day at the day of a time', async () => {
    const timed = { when: 'time', timeDay: '2029-01-01', time: '10:00' }
    expect(await refusal(say(timed))).toEqual({ key: 'say.when.outside', field: 'timeDay' })
  })

  it('asks which town when there are several, and takes the one chosen', async () => {
    expect(await refusal(say({ place: 'Newport' }))).toEqual({ key: 'say.where.which', field: 'town' })
    const activity = await bySlug((await say({ place: 'Newport', town: '5' })).slug)
    expect(activity).toMatchObject({ country: 'GB', lat: 50.7 })
  })

  it('says that its list is in Latin letters to whoever writes a town in others', async () => {
    for (const place of ['القاهرة', '東京', 'Αθήνα'])
      expect(await refusal(say({ place }))).toEqual({ key: 'say.where.script', field: 'town' })
    expect(await refusal(say({ place: 'Xyzzyville' }))).toEqual({ key: 'say.where.unknown', field: 'town' })
  })

  it('ignores a chosen town that is none of those written', async () => {
    const activity = await bySlug((await say({ place: 'Leeds', town: '6' })).slug)
    expect(activity).toMatchObject({ town: 'Leeds', country: 'GB' })
  })

  it('shows a private place by the point of the town that was chosen', async () => {
    const privately = { place: 'Rose House, Newport', town: '5', private: 'yes' }
    expect(await bySlug((await say(privately)).slug)).toMatchObject({
      placeName: 'Rose House',
      privatePlace: true,
      publicLat: 50.7,
      publicLon: -1.29,
    })
  })

  it('claims no exact point when only the town was found', async () => {
    const { slug } = await say({ place: 'Community Centre, Woodhouse Lane 1, Leeds' })
    const activity = await bySlug(slug)
    expect(activity).toMatchObject({ privatePlace: false, exact: false })
    await db.updateTable('activities').set({ state: 'by-link' }).where('slug', '=', slug).execute()
    const { place } = await activityPage(db, slug, now)
    expect(place).toMatchObject({ lat: activity.lat, exact: false })
    expect(place?.lat).not.toBeNull()
  })

  it('understands a country or a region behind the town', async () => {
    expect((await bySlug((await say({ place: 'Leeds, USA' })).slug)).country).toBe('US')
    expect((await bySlug((await say({ place: 'Newport, RI' })).slug)).country).toBe('US')
    expect((await bySlug((await say({ place: 'Leeds', country: 'US' })).slug)).country).toBe('US')
  })

  it('finds the town in a name without a comma, but asks', async () => {
    const library = { place: 'Central Library Leeds' }
    expect(await refusal(say(library))).toEqual({ key: 'say.where.which', field: 'town' })
    expect(await bySlug((await say({ ...library, town: '1' })).slug)).toMatchObject({
      town: 'Leeds',
      placeName: 'Central Library Leeds',
    })
  })

  it('takes a village that is not in the list with its country, without a point', async () => {
    const village = { place: 'Nether Wallop', town: 'other', private: 'yes' }
    expect(await refusal(say({ place: 'Nether Wallop' }))).toEqual({
      key: 'say.where.unknown',
      field: 'town',
    })
    expect(await refusal(say(village))).toEqual({ key: 'say.where.country', field: 'country' })
    expect(await bySlug((await say({ ...village, country: 'GB' })).slug)).toMatchObject({
      town: 'Nether Wallop',
      lat: null,
      publicLat: null,
    })
  })

  it('says one activity when the form is pressed five times at once', async () => {
    const input = read({ formKey: 'pressed-often', title: 'Pressed often' })
    const all = await Promise.all([1, 2, 3, 4, 5].map(() => sayActivity(db, anybody, input, now)))
    expect(new Set(all.map((one) => one.slug)).size).toBe(1)
    const rows = await db.selectFrom('activities').select('id').where('title', '=', 'Pressed often').execute()
    expect(rows).toHaveLength(1)
    expect(await db.selectFrom('mails').select('id').execute()).toHaveLength(1)
  })

  it('takes thirty in an hour from one address, then says how to bring in many', async () => {
    const email = 'often@example.org'
    for (let at = 0; at < 30; at += 1) await say({ email })
    expect((await refusal(say({ email }))).key).toBe('say.too-often')
  })

  it('lets a school of thirty teachers behind one address in, and stops a machine', async () => {
    const from = (at: number) =>
      sayActivity(
        db,
        anybody,
        { ...v.parse(sayInput, typed({ email: `t${at}@example.org` })), client: '192.0.2.7' },
        now,
      )
    for (let at = 0; at < 200; at += 1) await from(at)
    expect((await refusal(from(200))).key).toBe('say.too-often')
  })

  it('refuses when the week is over', async () => {
    const later = new Date('2027-12-01T10:00:00Z')
    expect((await refusal(say({}, later))).key).toBe('say.no-week')
  })
})

describe('what cannot be meant', () => {
  const issues = (over: Record<string, unknown>) => {
    const result = v.safeParse(sayInput, typed(over))
    return result.success ? [] : result.issues.map((issue) => String(issue.path?.[0]?.key))
  }
  it.each([
    ['no kind', { kind: '' }, 'kind'],
    ['several kinds', { kind: ['cafe', 'blog'] }, 'kind'],
    ['a kind too long', { kind: 'x'.repeat(41) }, 'kind'],
    ['another when', { when: 'never' }, 'when'],
    ['several days', { day: ['2027-10-18', '2027-10-19'] }, 'day'],
    ['no place', { place: ' \u202e\u0000 ' }, 'place'],
    ['a place too long', { place: 'é'.repeat(201) }, 'place'],
    ['a huge town', { town: '99999999999999999999' }, 'town'],
    ['no country of ours', { country: 'ZZ' }, 'country'],
    ['a title too long', { title: 'a'.repeat(121) }, 'title'],
    ['several addresses', { email: ['a@b.org', 'c@d.org'] }, 'email'],
    ['no address', { email: 'nobody' }, 'email'],
    ['a key too long', { formKey: 'k'.repeat(129) }, 'formKey'],
  ])('%s is answered at its field', (_name, over, field) => {
    expect(issues(over)).toContain(field)
  })

  it('keeps titles of every script and drops what turns text around', async () => {
    const title = 'תה \u202eו☕ 茶 🫖\u0000'
    const { slug } = await say({ title })
    expect(await bySlug(slug)).toMatchObject({ title: 'תה ו☕ 茶 🫖' })
    expect(slug).toMatch(/^[a-z0-9-]+$/)
  })

  it('knows no kind that the week does not have', async () => {
    expect(await refusal(say({ kind: 'parade' }))).toEqual({ key: 'input.choose', field: 'kind' })
    expect(await refusal(say({ kind: 'other', otherKind: '../x' }))).toMatchObject({ field: 'kind' })
  })
})
