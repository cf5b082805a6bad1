import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { filled, formsIn, type Form } from '../forms.ts'
import { eightAtATime, fault, fingerprint, nasty } from '../nasty.ts'
import { pagesOfSchool } from '../every-page.ts'
import { privatePages } from '../private-pages.ts'
import { anybodyElse, databaseOf, giveRole, send, sharedSite, signInAs } from '../site.ts'

const site = sharedSite()
const db = databaseOf(site)
const organiser = 'hostile-organiser@people.org'
const headers = { accept: 'text/html' }
let cookie = ''
/** The pages of a school that the organiser leads as well. */
let led: string[] = []
let slug = ''

beforeAll(async () => {
  await giveRole(db, organiser, 'organiser')
  cookie = await signInAs(site, organiser)
  led = await pagesOfSchool(db)
  const { activities } = (await (await fetch(`${site.address}/activities.json?limit=5`)).json()) as {
    activities: { slug: string }[]
  }
  slug = activities[0]?.slug ?? ''
})
afterAll(() => db.destroy())

const pagesWithForms = () => [
  '/activities/new',
  `/activities/${slug}/come`,
  `/activities/${slug}/new-to-you`,
  '/stories/new',
  '/stories/edit',
  '/sign-in',
  '/sign-in/forged',
  '/tell-me-when',
  '/report',
  '/come',
  '/edit',
]
const deskPages = [
  '/desk',
  '/activities/import',
  '/desk/duty',
  '/desk/people',
  '/desk/weeks/new',
  '/desk/settings',
  '/desk/texts/about',
  '/desk/organisations/new',
  '/me/organisations',
]

async function formsOf(paths: string[], own: Record<string, string> = {}): Promise<Form[]> {
  const pages = paths.map(async (path) =>
    formsIn(path, await (await fetch(site.address + path, { headers: { ...headers, ...own } })).text()),
  )
  return (await Promise.all(pages)).flat()
}

const plausible = (form: Form): Record<string, string> =>
  Object.fromEntries(
    form.fields.flatMap(({ name, type }) =>
      type === 'email' || name === 'email' ? [[name, `${crypto.randomUUID()}@people.org`]] : [],
    ),
  )

/** What stands in every row of a form or a page is one for each: the first row and the last speak for all. */
function firstAndLast<Item>(items: Item[], shape: (item: Item) => string): Item[] {
  const rows = Map.groupBy(items, shape)
  return items.filter((item) => {
    const same = rows.get(shape(item)) ?? []
    return item === same[0] || item === same.at(-1)
  })
}
/** Fields of rows are named by a day, a person, a number or a code. */
const shapeOfField = ({ name, type }: Form['fields'][number]) => `${type} ${name.replace(/-.*$/, '-')}`
const shapeOfForm = ({ page, action, fields }: Form) =>
  [page, action, ...fields.map(({ name }) => name)].join(' ')

async function press(form: Form, own: Record<string, string>): Promise<string[]> {
  const usual = Object.entries(filled(form, plausible(form))) as [string, string][]
  const attempts = firstAndLast(form.fields, shapeOfField).flatMap(({ name }) => {
    const others = usual.filter(([other]) => other !== name)
    return [
      ...Object.entries(nasty).map(([sort, value]) => ({
        what: `${name} ${sort}`,
        body: [...others, [name, value]],
      })),
      { what: `${name} twice`, body: [...usual, [name, 'one'], [name, 'two']] },
      { what: `${name} left out`, body: others },
    ]
  })
  attempts.push({ what: 'nothing', body: [] })
  attempts.push({
    what: 'a thousand unknown fields',
    body: Array.from({ length: 1000 }, (_, at) => [`x${at}`, 'y']),
  })
  const all: string[] = []
  await eightAtATime(attempts, async ({ what, body }) => {
    const wrong = await fault(await send(site, form.action, body as [string, string][], own))
    if (wrong) all.push(`${form.action} ${what}: ${wrong}`)
  })
  return all
}

async function pressAll(forms: Form[], own: Record<string, string>): Promise<string[]> {
  const all: string[] = []
  for (const form of firstAndLast(forms, shapeOfForm)) all.push(...(await press(form, own)))
  return all
}

describe('a form', () => {
  test('that anybody can send answers whatever is typed with a page', async () => {
    const forms = await formsOf(pagesWithForms())
    expect(forms.length).toBeGreaterThanOrEqual(8)
    expect(await pressAll(forms, {})).toEqual([])
  })

  test('on a page with a mailed link answers whatever is typed with a page', async () => {
    const forms = await formsOf(await privatePages(site, db))
    expect(forms.length).toBeGreaterThanOrEqual(10)
    expect(await pressAll(forms, {})).toEqual([])
  })

  test('of the desk answers whatever is typed with a page', async () => {
    const forms = await formsOf(deskPages, { cookie })
    expect(forms.length).toBeGreaterThanOrEqual(5)
    expect(await pressAll(forms, { cookie })).toEqual([])
  })

  test('of an organisation answers whatever is typed with a page', async () => {
    const forms = await formsOf(led, { cookie })
    expect(forms.length).toBeGreaterThanOrEqual(10)
    expect(await pressAll(forms, { cookie })).toEqual([])
  })

  test('of the desk does nothing for somebody who is not signed in', async () => {
    const before = await fingerprint(db)
    for (const form of await formsOf([...deskPages, ...led], { cookie })) {
      const { status } = await send(site, form.action, filled(form, plausible(form)))
      expect([303, 400, 401, 403, 404], form.action).toContain(status)
    }
    expect(await fingerprint(db)).toEqual(before)
  })

  test('from another site, or from nowhere, is refused', async () => {
    const before = await fingerprint(db)
    for (const form of await formsOf(pagesWithForms())) {
      for (const origin of ['https://evil.example', 'null', '']) {
        const { status } = await send(site, form.action, filled(form, plausible(form)), { origin })
        expect(status, `${form.action} from “${origin}”`).toBe(403)
      }
    }
    expect(await fingerprint(db)).toEqual(before)
  })

  test('in another shape than a form is no bug of ours', async () => {
    const all: string[] = []
    const shapes: [string, string | undefined, string][] = [
      ['json', 'application/json', '{"email":"a@b.org"}'],
      ['plain text', 'text/plain', 'email=a@b.org'],
      ['no type', undefined, 'email=a@b.org'],
      ['an unknown type', 'image/png', '\x89PNG'],
      ['a multipart without a boundary', 'multipart/form-data', 'x'],
      [
        'a multipart that ends early',
        'multipart/form-data; boundary=x',
        '--x\r\nContent-Disposition: form-data; name="em',
      ],
      ['broken percent signs', 'application/x-www-form-urlencoded', 'email=%E0%A4%A&%=%&=&&email=%00'],
      [
        'a file where a word belongs',
        'multipart/form-data; boundary=x',
        '--x\r\nContent-Disposition: form-data; name="email"; filename="a.txt"\r\n\r\nhello\r\n--x--\r\n',
      ],
      ['more than a form may be', 'application/x-www-form-urlencoded', `words=${'a'.repeat(600_000)}`],
    ]
    for (const page of [...pagesWithForms(), ...deskPages]) {
      for (const [what, type, body] of shapes) {
        const own = { ...headers, cookie, origin: site.address, 'x-forwarded-for': anybodyElse() }
        const answer = await fetch(site.address + page, {
          method: 'POST',
          redirect: 'manual',
          body: new Blob([body]),
          headers: type === undefined ? own : { ...own, 'content-type': type },
        })
        const wrong = await fault(answer)
        if (wrong) all.push(`${page} ${what}: ${wrong}`)
      }
    }
    expect(all).toEqual([])
  })
})
