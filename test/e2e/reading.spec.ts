import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../app.ts'
import { filled, formsIn } from '../forms.ts'
import { makeActivity } from '../make.ts'
import { eightAtATime, fault, fingerprint, nasty } from '../nasty.ts'
import { databaseOf, giveRole, mailsTo, send, sharedSite, signInAs } from '../site.ts'

const site = sharedSite()
const db = databaseOf(site)
const organiser = 'reading-organiser@people.org'
const headers = { accept: 'text/html' }
let cookie = ''
let slug = ''

beforeAll(async () => {
  await giveRole(db, organiser, 'organiser')
  cookie = await signInAs(site, organiser)
  slug = (await makeActivity(db, { title: 'Read, not changed' })).slug
})
afterAll(() => db.destroy())

describe('an address', () => {
  const names: Record<string, string[]> = {
    '/activities': [
      'q',
      'kind',
      'country',
      'near',
      'within',
      'place',
      'online',
      'from',
      'to',
      'day',
      'language',
      'access',
      'welcome',
      'group',
      'week',
      'page',
      'limit',
      'view',
    ],
    '/activities.geojson': ['bbox', 'zoom', 'kind'],
    '/stories': ['q', 'kind', 'country', 'group', 'week', 'page', 'limit'],
    '/stories/screen': ['page'],
    '/stories/by/hamish': ['page'],
    '/activities/new': ['kind', 'place', 'group'],
    '/report': ['about', 'done', 'hid'],
    '/safety': ['country', 'about'],
    '/sign-in': ['next'],
    '/places.json': ['q', 'country'],
  }
  const sameFilter = ['.json', '.ics', '.atom', '.csv'].map((ending) => `/activities${ending}`)

  test('answers any value of any name with a page', async () => {
    const all: string[] = []
    const asked = [
      ...Object.entries(names),
      ...sameFilter.map((path) => [path, names['/activities'] ?? []] as const),
    ]
    for (const [path, known] of asked) {
      for (const name of [...known, 'unknown']) {
        const values = [
          ...Object.values(nasty).map((value) => encodeURIComponent(value.toWellFormed().slice(0, 2000))),
          '%E0%A4%A',
          '%',
          '%00',
          '',
        ]
        await eightAtATime(values, async (value) => {
          const query = `${path}?${name}=${value}&${name}=again`
          const wrong = await fault(await fetch(site.address + query, { headers, redirect: 'manual' }))
          if (wrong) all.push(`${query.slice(0, 120)}: ${wrong}`)
        })
      }
    }
    expect(all).toEqual([])
  })

  test('that is broken or forged is no bug of ours', async () => {
    const rooms = [
      '/activities',
      '/stories',
      '/stories/by',
      '/groups',
      '/weeks',
      '/how',
      '/come',
      '/edit',
      '/stories/edit',
      '/sign-in',
      '/tell-me-when',
      '/desk/activities',
      '/desk/stories',
      '/desk/weeks',
      '/desk/outbox',
      '/desk/concerns',
      '/',
    ]
    const ends = [
      '%',
      '%00',
      '%E0%A4%A',
      '%2e%2e%2fetc',
      '%F0%9F%98%80',
      'a'.repeat(5000),
      '-1',
      '1e309',
      '%5B%5D',
      '..%5c',
      ';drop',
      '\u0000'.replace('\0', '%ff%fe'),
    ]
    const all: string[] = []
    for (const path of rooms.flatMap((room) => ends.map((end) => `${room}/${end}`))) {
      const { status, body } = await ask('GET', path, { cookie, ...headers })
      if (status >= 500 || (body.trim() === '' && status >= 400)) all.push(`${path.slice(0, 60)}: ${status}`)
    }
    expect(all).toEqual([])
  })

  test('asked in a way that it does not know says so', async () => {
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND', 'LOCK']) {
      for (const path of ['/', '/activities', '/sign-in', '/activities.json', '/healthz', '/robots.txt']) {
        expect((await ask(method, path, headers)).status, `${method} ${path}`).toBeLessThan(500)
      }
    }
  })
})

describe('reading', () => {
  test('changes nothing, whatever link was mailed', async () => {
    const email = 'reader-of-all@people.org'
    const wishes = [
      ['/activities/new', { kind: 'taster', when: 'week', where: 'online', email }],
      [`/activities/${slug}/come`, { email }],
      ['/stories/new', { email, title: 'Only once', body: 'It was.' }],
      ['/sign-in', { email }],
      ['/tell-me-when', { email }],
    ] as const
    for (const [path, answers] of wishes) {
      const html = await (await fetch(site.address + path, { headers })).text()
      const form = formsIn(path, html)[0]
      if (!form) throw new Error(`${path} has no form`)
      const { status } = await send(site, form.action, filled(form, answers))
      expect(status, path).toBeLessThan(400)
    }
    await until('all links are mailed', async () => (await mailsTo(site, email)).length === wishes.length)
    const mailed = (await mailsTo(site, email)).flatMap((mail) => mail.text.match(/https?:\/\/\S+/g) ?? [])
    const own = new Set(
      mailed.filter((link) => link.startsWith(site.address)).map((link) => link.split('?')[0] ?? ''),
    )
    expect(own.size).toBeGreaterThanOrEqual(wishes.length)
    const before = await fingerprint(db)
    const queries = ['', '?/confirm', '?/back', '?/withdraw', '?/stop', '/stop', '/guests', '/report', '.ics']
    for (const link of [...own].flatMap((one) => queries.map((query) => one + query))) {
      for (const method of ['GET', 'HEAD']) {
        const { status } = await fetch(link, { method, headers, redirect: 'manual' })
        expect(status, `${method} ${link}`).toBeLessThan(500)
      }
    }
    expect(await fingerprint(db)).toEqual(before)
  })
})

/** Asks without mending the address first, as `fetch` does. */
function ask(
  method: string,
  path: string,
  own: Record<string, string>,
): Promise<{ status: number; body: string }> {
  const { hostname, port } = new URL(site.address)
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, method, path, headers: own }, (answer) => {
      let body = ''
      answer.on('data', (data: Buffer) => (body += data.toString()))
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }))
    })
    sent.on('error', reject)
    sent.end()
  })
}
