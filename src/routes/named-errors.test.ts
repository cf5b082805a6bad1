import { beforeAll, expect, test } from 'vitest'
import { theSite, type Viewer } from '#kernel/viewer.ts'
import { nameErrors } from '#ui/errors.ts'
import { testDatabase } from '../../test/db.ts'
import { formsIn } from '../../test/forms.ts'
import { makeActivity, makeHostLink, makeWeek } from '../../test/make.ts'
import { ask, pageOf, type Asked } from '../../test/pages.ts'

const db = await testDatabase()
const now = new Date('2027-10-18T09:00:00Z')
await makeWeek(db)
const { id, slug } = await makeActivity(db, { startLocal: '2027-10-17T10:00', hostEmail: 'host@people.test' })
const later = await makeActivity(db, { startLocal: '2027-10-20T10:00' })
const token = await makeHostLink(db, id, 'host@people.test')
await db.insertInto('groups').values({ slug: 'leeds', name: 'Leeds', country: 'GB' }).execute()
let ann: Viewer
beforeAll(async () => {
  const { id: account } = await db
    .insertInto('accounts')
    .values({ name: 'Ann', email: 'ann@people.test' })
    .returning('id')
    .executeTakeFirstOrThrow()
  await db.insertInto('roles').values({ account, role: 'organiser' }).execute()
  ann = { ...theSite, account, email: 'ann@people.test', name: 'Ann' }
})

const servers = import.meta.glob<{
  load?: (event: never) => unknown
  actions: Record<string, (event: never) => unknown>
}>('./**/+page.server.ts')
const pages = import.meta.glob<{ default: unknown }>('./**/+page.svelte')

type Wrong = { values: Record<string, string>; errors: Record<string, string>; said: string | null }

/** Sends a form of a page, and answers what its action says is wrong with the page that then comes back; null when it went through. */
async function sent(route: string, action: string, asked: Asked & { body: Record<string, string> }) {
  const server = await servers[`.${route}/+page.server.ts`]?.()
  const page = await pages[`.${route}/+page.svelte`]?.()
  const act = server?.actions[action]
  if (!server || !page || !act) throw new Error(`${route} has no form "${action}"`)
  const failed = await ask(act, asked).then(
    (answer) => answer as { data: Wrong },
    (gone: { status?: number }) => {
      if (gone.status === 303) return null
      throw gone
    },
  )
  if (!failed) return null
  const load = server.load ?? (() => ({}))
  const { body } = await pageOf(page.default, load, { ...asked, form: failed.data })
  return { errors: failed.data.errors, html: nameErrors(body) }
}

/** The form of a page left empty, and with every answer so that it cannot be meant. */
async function bodies(route: string, action: string, asked: Asked): Promise<Record<string, string>[]> {
  const server = await servers[`.${route}/+page.server.ts`]?.()
  const page = await pages[`.${route}/+page.svelte`]?.()
  const { body } = await pageOf(page?.default, server?.load ?? (() => ({})), asked)
  const forms = formsIn(asked.path, body)
  const form = forms.find((one) => action === 'default' || one.action.endsWith(`?/${action}`)) ?? forms[0]
  const fields = form?.fields ?? []
  const hidden = fields.filter(({ type }) => type === 'hidden').map(({ name, value }) => [name, value])
  const typed = fields.filter(({ type }) => type !== 'hidden')
  return ['', `<b>${'x'.repeat(60_000)}`].map((words) =>
    Object.fromEntries([...hidden, ...typed.map(({ name }) => [name, words])]),
  )
}

const plain = (html: string): string =>
  html
    .replace(/<!--.*?-->/gs, '')
    .replace(/<[^>]*>/g, '')
    .replace(/\s+/g, ' ')
    .trim()

const forms: [route: string, action: string, params: Record<string, string>][] = [
  ['/activities/new', 'default', {}],
  ['/activities/[slug]/come', 'default', { slug: later.slug }],
  ['/activities/import', 'default', {}],
  ['/stories/new', 'default', {}],
  ['/stories/edit', 'default', {}],
  ['/sign-in', 'default', {}],
  ['/tell-me-when', 'default', {}],
  ['/report', 'default', {}],
  ['/edit', 'default', {}],
  ['/edit/[token]/change', 'default', { token }],
  ['/edit/[token]/report', 'default', { token }],
  ['/me', 'save', {}],
  ['/me', 'erase', {}],
  ['/setup', 'default', {}],
  ['/setup/people', 'default', {}],
  ['/setup/week', 'default', {}],
  ['/desk/groups/[slug]', 'save', { slug: 'leeds' }],
  ['/desk/people', 'give', {}],
  ['/desk/settings', 'save', {}],
  ['/desk/settings', 'redirect', {}],
  ['/desk/texts/[name]', 'default', { name: 'about' }],
  ['/desk/weeks/new', 'default', {}],
]

let named = 0
test.each(forms)('each mistake in %s (%s) names its field and leads to it', async (route, action, params) => {
  const path = Object.entries(params).reduce(
    (words, [name, value]) => words.replace(`[${name}]`, value),
    route,
  )
  // The set-up asks for a week only while none is coming.
  const asked = { path, params, db, now: route === '/setup/week' ? new Date('2028-02-01') : now, viewer: ann }
  for (const body of await bodies(route, action, asked)) {
    const back = await sent(route, action, { ...asked, body })
    if (!back) continue
    const { errors, html } = back
    const from = html.indexOf('<div class="error-summary"')
    const summary = from < 0 ? '' : html.slice(from, html.indexOf('</ul>', from))
    const links = [...summary.matchAll(/<a href="#([^"]+)">(.*?)<\/a>/gs)]
    const lines = Object.entries(errors).filter(([field]) => field !== 'revision')
    expect(links.map(([, field = '']) => field).toSorted()).toEqual(lines.map(([field]) => field).toSorted())
    for (const [, field = '', line = ''] of links) {
      expect(html, field).toContain(` id="${field}"`)
      // A question stands by itself, anything else before a colon.
      const [, name = '', sentence] = /^(.+?)(?:(?<=\?)|(?<!\?):) (.*)$/s.exec(plain(line)) ?? []
      expect([field, sentence]).toEqual([field, errors[field]?.replace(/\s+/g, ' ')])
      const control = html.slice(html.indexOf('</ul>', from))
      expect(plain(control), field).toContain(name)
      expect(name.length, field).toBeGreaterThan(1)
      named += 1
    }
  }
})
test('and there were many', () => {
  expect(named).toBeGreaterThan(80)
  expect(slug).toBeTruthy()
})
