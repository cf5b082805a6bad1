import { XMLParser } from 'fast-xml-parser'
import ICAL from 'ical.js'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { urlOf } from '#platform/server/db.ts'
import { clusterOf } from '#platform/server/postgres/place.ts'
import { readPidFile } from '#platform/server/postgres/postmaster.ts'
import { startApp } from '../app.ts'
import { makeActivity } from '../make.ts'
import { answersOf, databaseOf, sharedSite } from '../site.ts'

const site = sharedSite()
const db = databaseOf(site)
afterAll(() => db.destroy())

const get = (path: string, address = site.address) =>
  fetch(new URL(path, address), { headers: { accept: '*/*' }, redirect: 'manual' })

describe('a group', () => {
  const group = { slug: 'wire-group', name: 'Wire group', country: 'GB' }
  let slug = ''
  beforeAll(async () => {
    const { id } = await db.insertInto('groups').values(group).returning('id').executeTakeFirstOrThrow()
    await db
      .insertInto('groups')
      .values({ ...group, slug: 'wire-hidden', hidden: true })
      .execute()
    slug = (await makeActivity(db, { title: 'Only of this group', group: id })).slug
  })
  const followed = async (path: string) => {
    const answer = await get(path)
    expect(answer.status, path).toBe(307)
    return get(answer.headers.get('location') ?? '')
  }

  test('is a calendar with its own activities and no others', async () => {
    const answer = await followed('/groups/wire-group.ics')
    expect(answer.headers.get('content-type')).toMatch(/^text\/calendar/)
    const events = new ICAL.Component(ICAL.parse(await answer.text())).getAllSubcomponents('vevent')
    expect(events.map((event) => new ICAL.Event(event).summary)).toEqual(['Only of this group'])
  })

  test('is a feed with its own activities and no others', async () => {
    const answer = await followed('/groups/wire-group.atom')
    expect(answer.headers.get('content-type')).toMatch(/^application\/atom\+xml/)
    const parser = new XMLParser({ ignoreAttributes: false, isArray: (name) => name === 'entry' })
    const { feed } = parser.parse(await answer.text()) as {
      feed: { entry: { id: string; title: unknown }[] }
    }
    expect(feed.entry).toHaveLength(1)
    expect(JSON.stringify(feed.entry[0])).toContain(`/activities/${slug}`)
  })

  test('that is hidden, or was never there, has neither', async () => {
    const bodies = await Promise.all(
      ['wire-hidden', 'wire-never'].flatMap((name) =>
        ['ics', 'atom'].map(async (format) => {
          const answer = await get(`/groups/${name}.${format}`)
          expect(answer.status, name).toBe(404)
          return answer.text()
        }),
      ),
    )
    expect(new Set(bodies).size).toBe(1)
  })

  test('offers both on its page', async () => {
    const page = await (await get('/groups/wire-group')).text()
    expect(page).toContain('href="/groups/wire-group.ics"')
    expect(page).toContain('href="/groups/wire-group.atom"')
  })
})

describe('what cannot be meant', () => {
  test.each(['activities.json', 'activities.geojson', 'activities.ics', 'activities.atom', 'activities.csv'])(
    'is a problem in the shape of RFC 9457 at /%s, which names each value',
    async (path) => {
      const answer = await get(`/${path}?limit=1000&day=tomorrow`)
      expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'application/problem+json'])
      const problem = (await answer.json()) as Record<string, unknown>
      expect(problem).toMatchObject({
        type: expect.stringMatching(/^(about:blank|https?:\/\/)/),
        title: expect.stringMatching(/\w/),
        status: 400,
        detail: expect.stringMatching(/1000.*tomorrow|tomorrow.*1000/s),
      })
      const errors = problem['errors'] as { name: string; value: string; detail: string }[]
      expect(errors.map(({ name, value }) => `${name}=${value}`).toSorted()).toEqual([
        'day=tomorrow',
        'limit=1000',
      ])
    },
  )

  test('is one for stories, too', async () => {
    for (const path of ['/stories.json?page=x', '/stories.atom?page=x']) {
      const answer = await get(path)
      expect([answer.status, answer.headers.get('content-type')], path).toEqual([
        400,
        'application/problem+json',
      ])
      expect(await answer.json(), path).toMatchObject({ status: 400, title: expect.any(String) })
    }
  })
})

describe('an activity', () => {
  test('goes into calendars and to others by plain links, each with its own address', async () => {
    const { slug } = await makeActivity(db, { title: 'Tea & cake' })
    const html = await (await get(`/activities/${slug}`)).text()
    const links = [...html.matchAll(/<a\b[^>]*href="([^"]+)"[^>]*rel="noreferrer"/g)].map(
      ([, href = '']) => new URL(href.replaceAll('&amp;', '&')),
    )
    const here = `${site.address}/activities/${slug}`
    const to = (part: string) => links.filter(({ href }) => href.includes(part))
    for (const part of [
      'calendar.google.com',
      'outlook.live.com',
      'wa.me',
      'facebook.com',
      'linkedin.com',
      'bsky.app',
      'joinmastodon.org',
      'mailto:',
    ]) {
      expect(to(part), part).toHaveLength(1)
      expect(decodeURIComponent(to(part)[0]?.href ?? '').replaceAll('+', ' '), part).toContain(here)
    }
    expect(to('calendar.google.com')[0]?.searchParams.get('dates')).toBe('20271019T090000Z/20271019T110000Z')
    expect(to('outlook.live.com')[0]?.searchParams.get('startdt')).toMatch(/^2027-10-19T09:00:00/)
  })
})

describe('what is measured', () => {
  test('counts what was kept and what was rendered', async () => {
    const kept = await answersOf(site.address, 'cache')
    const made = await answersOf(site.address, 'rendered')
    const path = `/weeks?measured=${crypto.randomUUID()}`
    const first = await (await get(path)).text()
    expect(await answersOf(site.address, 'rendered')).toBeGreaterThan(made)
    for (let again = 0; again < 3; again++) expect(await (await get(path)).text()).toBe(first)
    expect(await answersOf(site.address, 'cache')).toBeGreaterThan(kept)
  })

  test('with CACHE=off is all rendered', async () => {
    const { dataDir } = site
    const host = readPidFile(clusterOf(site.dataDir))?.socket ?? ''
    const other = await startApp({
      DATA_DIR: dataDir,
      DATABASE_URL: urlOf({ host, user: 'abitextra', database: 'abitextra' }),
      ROLE: 'web',
      CACHE: 'off',
    })
    onTestFinished(() => other.stop())
    const made = await answersOf(other.address, 'rendered')
    for (let again = 0; again < 4; again++) expect((await get('/weeks', other.address)).status).toBe(200)
    expect(await answersOf(other.address, 'rendered')).toBeGreaterThanOrEqual(made + 4)
    expect(await answersOf(other.address, 'cache')).toBe(0)
  })
})
