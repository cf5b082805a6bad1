import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { storyStates } from '#stories/story.ts'
import type { Db } from '#platform/server/db.ts'
import { directoryPages, letterPages } from './letters.ts'
import { makeStory, makeStoryLink } from './make.ts'
import { permissionPages, type Mistake } from './permission-pages.ts'
import { privatePages } from './private-pages.ts'
import { send, type Site } from './site.ts'

/** Every public page there is one of, and the states of those that have several; more come from their links. */
const openStarts = [
  '/',
  '/activities',
  '/activities?view=map',
  '/activities?view=calendar',
  '/activities?q=nothing-is-called-so',
  '/activities?from=never&page=nine',
  '/activities?page=99',
  '/activities/new',
  '/activities/new/sent',
  '/stories',
  '/stories/new',
  '/stories/edit',
  '/stories/screen',
  '/stories/screen?play',
  '/stories/three-in-the-morning',
  '/stories/told-in-pictures',
  '/stories/i-stopped-talking',
  '/stories/by/hamish',
  '/stories/by/hamish?page=9',
  '/stories/by/nobody-here',
  '/stories?q=nothing-is-called-so',
  '/letters',
  '/letters/new',
  '/letters/new?ask=visit-us',
  '/letters/forged',
  '/letters/sign/forged',
  '/reply',
  '/groups',
  '/how',
  '/weeks',
  '/letters/who',
  '/letters/who?nation=england&subject=school',
  '/letters/who?nation=wales&q=nothing-is-called-so',
  '/report',
  '/report?about=/stories',
  '/source',
  '/safety',
  '/sign-in',
  '/sign-in/forged',
  '/come',
  '/come/forged',
  '/consent/forged',
  '/consent/family/forged',
  '/edit',
  '/edit/forged',
  '/edit/co-host/forged',
  '/edit/forged/thanks',
  '/certificates/forged',
  '/kit/week-2027',
  '/kit/forged',
  '/stories/edit/forged',
  '/stories/three-in-the-morning/reply',
  '/stories/three-in-the-morning?liked',
  '/replies/forged',
  '/stories/edit/forged/pictures',
  '/tell-me-when',
  '/tell-me-when/forged',
  '/me/join/forged',
  '/for-offices',
  '/letters/confirm/forged',
  '/letters/confirm/forged?not-me',
  '/letters/forged/send',
  '/letters/forged/send?asked',
  '/letters/forged/replies',
  '/reply/forged',
  '/too-large',
  '/not/there',
]
const deskStarts = [
  '/desk',
  '/desk/groups',
  '/desk/groups/new',
  '/desk/organisations',
  '/desk/organisations/new',
  '/desk/concerns',
  '/desk/pictures',
  '/desk/replies',
  '/desk/letters',
  '/desk/hidden',
  '/desk/pictures/policy',
  '/desk/duty',
  '/desk/people',
  '/desk/weeks',
  '/desk/weeks/new',
  '/desk/weeks/2027',
  '/desk/kinds',
  '/desk/kinds/2027/new',
  '/desk/kinds/2027/cafe',
  '/desk/audiences',
  '/desk/audiences/2027/friend',
  '/desk/verbs',
  '/desk/verbs/2027/show',
  '/desk/asks',
  '/desk/asks/2027/visit-us',
  '/desk/texts',
  '/desk/texts/home',
  '/desk/texts/about',
  '/desk/settings',
  '/desk/log',
  '/desk/outbox',
  '/desk/retention',
  '/desk/imports',
  '/desk/directory',
  '/desk/directory/imports',
  '/desk/directory/doors',
  '/desk/directory/doors/england/school',
  '/desk/directory/doors/new',
  '/desk/directory/pauses',
  '/activities/import',
  '/me',
  '/stories/mine',
  '/me/organisations',
  '/setup',
  '/setup/week',
  '/setup/people',
  '/setup/mail',
  '/setup/example',
  '/setup/done',
]
/** So many pages of one sort (the same address but for its last part) come from links; the starts come on top. */
const ofOneSort = 1

/** The addresses of all pages, by who may see them: everybody, whoever has a mailed link, an organiser; and forms of an organiser's to send as they stand. */
export type Pages = { open: string[]; own: string[]; desk: string[]; mistakes: Mistake[] }

/** Answers at least one page of every sort there is, with something on it to see. The cookie is an organiser's. */
export async function everyPage(site: Site, db: Db, cookie: string): Promise<Pages> {
  const asked = await permissionPages(db)
  const own = [
    ...(await privatePages(site, db)),
    ...(await tellersPages(db)),
    ...(await letterPages(db)),
    ...asked.own,
  ]
  const worried = { door: 'worried', words: 'Somebody should look.', formKey: crypto.randomUUID() }
  await send(site, '/report', worried)
  await makeStory(db, { state: 'waiting' })
  const preview = await previewOfTwoRows(site, cookie)
  const [open, desk] = await Promise.all([
    crawl(site, openStarts, (path) => !organisersOnly.test(path)),
    crawl(site, deskStarts, (path) => organisersOnly.test(path), { cookie }),
  ])
  const one = open.find((path) => routeOf(path) === '/activities/[slug]') ?? ''
  const school = await pagesOfSchool(db)
  const directory = await directoryPages(db)
  return {
    open: [...open, `${one}/new-to-you`, `${one}/come`, directory.open],
    own,
    desk: [...desk, preview, directory.desk, ...school, ...asked.desk],
    mistakes: asked.mistakes,
  }
}

/** The page of whoever tells a story, in each state the story can be in. */
async function tellersPages(db: Db): Promise<string[]> {
  const pages: string[] = []
  for (const state of storyStates) {
    const { id } = await makeStory(db, { state, title: `A story, ${state}`, reason: 'Please say who came.' })
    pages.push(`/stories/edit/${await makeStoryLink(db, id)}`)
  }
  return pages
}

/** The pages of an organisation as its lead has them: every organiser of the tests leads the example's school. */
export async function pagesOfSchool(db: Db): Promise<string[]> {
  const { id, slug } = await db
    .selectFrom('organisations')
    .select(['id', 'slug'])
    .where('slug', '=', 'beck-view-school')
    .executeTakeFirstOrThrow()
  const organisers = db.selectFrom('roles').where('role', '=', 'organiser')
  await db
    .insertInto('roles')
    .columns(['account', 'role', 'organisation'])
    .expression(
      organisers.select((on) => ['account', on.val('organisation-lead').as('r'), on.val(id).as('o')]),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const form = await db
    .selectFrom('paperForms')
    .select('id')
    .where('organisation', '=', id)
    .executeTakeFirstOrThrow()
  const person = await db
    .selectFrom('supportedPeople')
    .select('id')
    .where('organisation', '=', id)
    .executeTakeFirstOrThrow()
  const parts = [
    '',
    '/change',
    '/members',
    '/people',
    '/people/new',
    '/policy',
    '/policy/1',
    '/forms',
    '/forms/new',
  ]
  return [...parts, `/forms/${form.id}`, `/forms/${form.id}/change`, `/people/${person.id}`].map(
    (part) => `/desk/organisations/${slug}${part}`,
  )
}

const organisersOnly = /^\/(desk|setup|me|activities\/import|stories\/mine)(\/|$)/
const aFile = /\.\w+$/

const sortOf = (path: string): string => path.replace(/[?#].*$/, '').replace(/(?<=.)\/[^/]+$/, '/…')

/** The starts and, bounded, what they link to. */
async function crawl(
  site: Site,
  starts: readonly string[],
  wanted: (path: string) => boolean,
  headers: Record<string, string> = {},
): Promise<string[]> {
  const found = new Set(starts)
  const perSort = new Map<string, number>()
  for (const start of starts) {
    const answer = await fetch(site.address + start, { headers: { accept: 'text/html', ...headers } })
    for (const [, path = ''] of (await answer.text()).matchAll(/<a [^>]*href="(\/[^"#?]*)"/g)) {
      if (!wanted(path) || aFile.test(path) || found.has(path)) continue
      const seen = perSort.get(sortOf(path)) ?? 0
      if (seen >= ofOneSort) continue
      perSort.set(sortOf(path), seen + 1)
      found.add(path)
    }
  }
  return [...found]
}

/** The page of an import that was read and not yet brought in, with one row that can be and one that cannot. */
async function previewOfTwoRows(site: Site, cookie: string): Promise<string> {
  const form = new FormData()
  form.set('formKey', crypto.randomUUID())
  const rows = ['title,kind,date,town', 'Tea,cafe,2027-10-19,Leeds', 'Not,cafe,some day,Leeds']
  form.set('file', new File([rows.join('\n')], 'two.csv', { type: 'text/csv' }))
  const { headers } = await send(site, '/activities/import', form, { cookie })
  return headers.get('location') ?? ''
}

const routesFolder = join(import.meta.dirname, '../src/routes')

/** Every page the site has, as its route says it: "/activities/[slug]". */
export const routes: readonly string[] = readdirSync(routesFolder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('+page.svelte'))
  .map((name) => `/${name}`.replace(/\/\+page\.svelte$/, '') || '/')
  .toSorted()

const patterns = routes
  .map((route) => ({
    route,
    free: route.split('[').length - 1,
    pattern: new RegExp(`^${route.replaceAll(/\[[^\]]+\]/g, '[^/]+')}$`),
  }))
  .toSorted((one, other) => one.free - other.free)

/** The route that a path leads to: of several, the one that leaves least open. */
export function routeOf(path: string): string | undefined {
  const { pathname } = new URL(path, 'http://site')
  return patterns.find(({ pattern }) => pattern.test(pathname))?.route
}
