import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import kinds from '../../scripts/seed/kinds.json' with { type: 'json' }
import { makeActivity } from '../make.ts'
import { privatePages } from '../private-pages.ts'
import { databaseOf, giveRole, mailsTo, send, sharedSite } from '../site.ts'

const site = sharedSite()
const db = databaseOf(site)
afterAll(() => db.destroy())

const get = (path: string) =>
  fetch(site.address + path, { headers: { accept: 'text/html' }, redirect: 'manual' })
const wordsOf = (html: string): string =>
  html
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
const headingOf = (html: string): string => wordsOf(/<h1[^>]*>.*?<\/h1>/s.exec(html)?.[0] ?? '')
const formats = ['json', 'atom', 'ics', 'csv', 'geojson'] as const

type Listed = { activities: { slug: string; start: unknown }[]; next: string | null; total: number }
const json = async (path: string): Promise<Listed> => (await (await get(path)).json()) as Listed

describe('the filter in an address', () => {
  test.each(formats)('of .%s leaves alone the names that it does not know', async (format) => {
    const plain = await get(`/activities.${format}?kind=cafe`)
    const more = await get(`/activities.${format}?kind=cafe&utm_source=mail&constructor=1&__proto__=2`)
    expect([plain.status, more.status]).toEqual([200, 200])
    expect(await more.text()).toBe(await plain.text())
  })

  test('of the page leaves them alone, too', async () => {
    const found = async (path: string) =>
      /<h2 id="found">(.*?)<\/h2>/s.exec(await (await get(path)).text())?.[1]
    expect(await found('/activities?kind=cafe&utm_source=mail')).toBe(await found('/activities?kind=cafe'))
  })

  const bad = [
    'kind=rocket',
    'country=ZZ',
    'near=here',
    'online=perhaps',
    'day=2027-02-30',
    'from=yesterday',
    'language=english',
    'access=lift',
    'welcome=nobody',
    'group=../etc',
    'week=2050',
    'page=0',
    'limit=0',
    'limit=101',
    'day=2027-10-19&day=2027-10-20',
    'from=2027-10-20&to=2027-10-18',
  ]

  test.each(bad)(
    'that says "%s" is a page with a note, and a problem in every other format',
    async (query) => {
      const page = await get(`/activities?${query}`)
      const words = wordsOf(await page.text())
      expect([page.status, words.includes('We could not read all of that')]).toEqual([200, true])
      for (const format of formats) {
        const answer = await get(`/activities.${format}?${query}`)
        expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'application/problem+json'])
        const problem = (await answer.json()) as {
          status: number
          detail: string
          errors: { name: string }[]
        }
        expect(problem.status).toBe(400)
        expect(problem.errors.map(({ name }) => name)).toEqual([
          query.includes('to=') ? 'to' : query.split('=')[0],
        ])
        expect(words).toContain(wordsOf(problem.detail))
      }
    },
  )

  test('takes a limit from 1 to 100 and gives 50 without one', async () => {
    for (const [query, length] of [
      ['limit=1', 1],
      ['limit=100', 100],
      ['', 50],
    ] as const)
      expect((await json(`/activities.json?${query}`)).activities).toHaveLength(length)
  })

  test('with a town goes on to its point, in every format, and loses nothing else of the question', async () => {
    const where = async (path: string) => {
      const answer = await get(path)
      return [answer.status, answer.headers.get('location')?.replace(site.address, '')]
    }
    const near = 'near=53.796,-1.548'
    const [, galway] = await where('/activities?place=Galway')
    expect(String(galway)).toMatch(/^\/activities\?near=53\.\d+,-9\.\d+&town=Galway$/)
    expect(await (await get(String(galway))).text()).toContain('km of Galway')
    expect(await where('/activities?place=Leeds&kind=cafe&view=map')).toEqual([
      303,
      `/activities?kind=cafe&${near}&view=map`,
    ])
    for (const format of formats)
      expect(await where(`/activities.${format}?kind=cafe&place=Leeds&limit=7`)).toEqual([
        303,
        `/activities.${format}?kind=cafe&limit=7&${near}`,
      ])
    expect(await where('/activities.geojson?place=Leeds&bbox=-3,53,0,55&zoom=7')).toEqual([
      303,
      `/activities.geojson?${near}&bbox=-3%2C53%2C0%2C55&zoom=7`,
    ])
    for (const format of formats)
      expect((await get(`/activities.${format}?place=Richmond`)).status, format).toBe(400)
    expect((await get('/activities?place=Nowhereatall')).status).toBe(200)
    for (const format of formats)
      expect((await get(`/activities.${format}?place=Nowhereatall`)).status).toBe(400)
  })

  test('with ten thousand places in the box for one answers in words', async () => {
    const many = Array.from({ length: 10_000 }, (_, at) => `Place ${at}`).join(', ')
    const fields = { kind: 'cafe', when: 'week', where: 'place', email: 'many@people.org', formKey: '' }
    const said = await send(site, '/activities/new', { ...fields, place: many })
    expect([said.status, wordsOf(await said.text()).includes('This is too long')]).toEqual([400, true])
    // An address cannot be so long, for our server as for most.
    expect((await get(`/activities?place=${encodeURIComponent(many.slice(0, 9000))}`)).status).toBe(200)
    expect((await get(`/activities?place=${encodeURIComponent(many)}`)).status).toBe(431)
  })
})

describe('what is sent in another way than by the form', () => {
  const sent = async (path: string, body: string, type: string) => {
    const headers = { 'content-type': type, accept: 'text/html' }
    const answer = await fetch(site.address + path, { method: 'POST', headers, body })
    return [answer.status, wordsOf(await answer.text())] as const
  }

  test('as JSON is told that the address takes a form', async () => {
    const [status, words] = await sent('/activities/new', '{"title":"Tea"}', 'application/json')
    expect(status).toBe(415)
    expect(words).toContain('This address takes what the form on its page sends')
    expect(words).not.toContain('We cannot find that')
  })

  test('to a page without a form is told that it can only be read', async () => {
    const [status, words] = await sent('/accessibility', '{}', 'application/json')
    expect(status).toBe(405)
    expect(words).toContain('nothing can be sent to it')
  })
})

describe('the formats', () => {
  test.each([
    ['json', 'application/json'],
    ['atom', 'application/atom+xml; charset=utf-8'],
    ['ics', 'text/calendar; charset=utf-8'],
    ['csv', 'text/csv; charset=utf-8; header=present'],
    ['geojson', 'application/geo+json'],
  ])('.%s says that it is %s and may be read by any page', async (format, type) => {
    const answer = await get(`/activities.${format}`)
    expect(answer.headers.get('content-type')).toBe(type)
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
    await answer.body?.cancel()
  })

  test('.json has pages that lead on to each other until all are told, in the order of the list', async () => {
    const seen: string[] = []
    let path: string | null = '/activities.json?limit=40'
    let total = 0
    while (path !== null) {
      const { activities, next, total: all }: Listed = await json(path)
      seen.push(...activities.map(({ slug }) => slug))
      total = all
      path = next && next.replace(site.address, '')
    }
    expect(seen).toHaveLength(total)
    expect(new Set(seen).size).toBe(total)
    const csv = (await (await get('/activities.csv')).text()).trim().split('\r\n').slice(1)
    expect(csv.length).toBeGreaterThanOrEqual(total)
  })

  test('an activity of some time in the week is a whole-day event that keeps nobody busy, and one alone is kept the same way', async () => {
    const { slug } = await makeActivity(db, {
      timing: 'week',
      mode: 'online',
      title: 'Ten minutes with a sceptic',
      lat: null,
      lon: null,
      placeName: null,
    })
    const answer = await get(`/activities/${slug}.ics`)
    expect(answer.headers.get('content-type')).toBe('text/calendar; charset=utf-8')
    const alone = await answer.text()
    for (const line of ['DTSTART;VALUE=DATE:20271018', 'DTEND;VALUE=DATE:20271025', 'TRANSP:TRANSPARENT'])
      expect(alone).toContain(line)
    const whole = await (await get('/activities.ics?q=sceptic')).text()
    expect(whole).toContain(/BEGIN:VEVENT.*END:VEVENT/s.exec(alone)?.[0] ?? 'nothing')
    expect(
      (await json('/activities.json?q=sceptic')).activities.find((one) => one.slug === slug)?.start,
    ).toBeNull()
  })
})

describe('a private address', () => {
  let mine: string[] = []
  beforeAll(async () => {
    mine = await privatePages(site, db)
    await giveRole(db, 'known@people.org', 'reviewer')
  })

  const knows = {
    '/edit': 'hosts',
    '/come': 'rsvps',
    '/stories/edit': 'stories',
    '/sign-in': 'accounts',
  } as const

  test.each(Object.entries(knows))(
    '%s says the same to an address it knows and to one it does not',
    async (path, table) => {
      const { email } = await db
        .selectFrom(table)
        .select('email')
        .where('email', 'like', '%@people.org')
        .executeTakeFirstOrThrow()
      const ask = async (address: string) => {
        const answer = await send(site, path, { email: address, next: '/me', formKey: crypto.randomUUID() })
        const location = answer.headers.get('location')
        const next = location === null ? answer : await get(location.replace(site.address, ''))
        return [answer.status, location, headingOf(await next.text())]
      }
      const stranger = `${crypto.randomUUID()}@people.org`
      const known = await ask(email ?? '')
      expect(await ask(stranger)).toEqual(known)
      if (table !== 'accounts') expect(await mailsTo(site, stranger)).toEqual([])
    },
  )

  test('with a forged word or one that has ended says so alike, and offers a new one', async () => {
    await sql`update host_links set expires = now() - interval '1 hour' where activity in
      (select activity from hosts where email like '%@people.org')`.execute(db)
    await sql`update story_links set expires = now() - interval '1 hour' where story in
      (select id from stories where email like '%@people.org')`.execute(db)
    const own = mine.filter((path) => /^\/(stories\/)?edit\/[\w-]{20,}/.test(path))
    expect(own.length).toBeGreaterThan(5)
    for (const path of own) {
      const forged = path.replace(/[\w-]{20,}/, 'x'.repeat(32))
      expect(forged).not.toBe(path)
      const [ended, never] = await Promise.all([get(path), get(forged)])
      const pages = await Promise.all([ended.text(), never.text()])
      expect([path, ended.status, never.status]).toEqual([path, 404, 404])
      expect(headingOf(pages[0])).toBe(headingOf(pages[1]))
      for (const page of pages) {
        expect(page).toMatch(/<form[^>]* action="\/(edit|stories\/edit)"/)
        expect(page).toContain('name="email"')
      }
    }
    for (const path of [
      '/come/forged',
      '/come/forged/stop',
      '/sign-in/forged',
      '/edit/co-host/a.2027-01-01.x',
    ]) {
      const page = await (await get(path)).text()
      expect([path, /name="email"|href="\/sign-in"/.test(page)]).toEqual([path, true])
    }
  })
})

test('how to host one is there for every kind: before, on the day and after, and for strangers in shot', async () => {
  for (const { code } of kinds) {
    const page = await get(`/how/${code}`)
    expect([code, page.status]).toEqual([code, 200])
    const parts = [...(await page.text()).matchAll(/<h2[^>]*>(.*?)<\/h2>/gs)].map(([part]) => wordsOf(part))
    expect([code, parts]).toEqual([code, expect.arrayContaining(['Before', 'On the day', 'After'])])
    expect([code, parts.some((part) => /stranger|shot/i.test(part))]).toEqual([code, code === 'flash-mob'])
  }
  expect((await get('/how/parade')).status).toBe(404)
})
