import { afterAll, beforeAll, expect, test } from 'vitest'
import { filled, formsIn, type Form } from '../forms.ts'
import { databaseOf, giveRole, send, sharedSite, signInAs } from '../site.ts'

const site = sharedSite()
const db = databaseOf(site)
const email = 'lists-organiser@people.org'
let cookie = ''
beforeAll(async () => {
  await giveRole(db, email, 'organiser')
  cookie = await signInAs(site, email)
})
afterAll(async () => {
  await db.deleteFrom('kinds').where('code', '=', 'picnic').execute()
  await db.destroy()
})

const read = async (path: string): Promise<string> =>
  (await fetch(site.address + path, { headers: { accept: 'text/html', cookie } })).text()
async function formAt(path: string, action: string): Promise<Form> {
  const form = formsIn(path, await read(path)).find((one) => one.action.includes(action))
  if (!form) throw new Error(`${path} has no form to ${action}`)
  return form
}
const press = (form: Form, answers: Record<string, string>) =>
  send(site, form.action, filled(form, answers), { cookie, origin: site.address })

test('an organiser adds a kind, changes it, orders it and retires it, without JavaScript', async () => {
  const form = await formAt('/desk/kinds/2027/new', '/new')
  const wrong = await press(form, { name: '', hint: 'Eat outside together.', before: 'Bring a rug.' })
  const shown = await wrong.text()
  expect([wrong.status, shown.includes('Bring a rug.'), shown.includes('Please fill this in.')]).toEqual([
    400,
    true,
    true,
  ])
  const answers = { name: 'Picnic', hint: 'Eat outside together.', drawing: 'visit', before: 'Bring a rug.' }
  for (const answer of [await press(form, answers), await press(form, answers)])
    expect(answer.headers.get('location')).toBe('/desk/kinds/2027/picnic?added')
  expect(await read('/how/picnic')).toContain('Bring a rug.')

  const change = await formAt('/desk/kinds/2027/picnic', '?/save')
  expect((await press(change, { drawing: 'visit', name: 'Feast outside' })).status).toBe(303)
  const late = await press(change, { drawing: 'visit', hint: 'Another sentence.' })
  const both = await late.text()
  expect(late.status).toBe(409)
  for (const words of ['Somebody changed this while you were writing', 'Feast outside', 'Another sentence.'])
    expect(both, words).toContain(words)
  const again = formsIn('/desk/kinds/2027/picnic', both).find((one) => one.action.includes('?/save'))
  if (!again) throw new Error('The form is gone')
  expect((await press(again, { drawing: 'visit' })).status).toBe(303)
  const saved = await read('/desk/kinds/2027/picnic')
  expect(saved).toMatch(/lists-organiser.*<del>Eat outside together\.<\/del>/s)

  const order = async () =>
    [...(await read('/desk/kinds?week=2027')).matchAll(/href="\/desk\/kinds\/2027\/([a-z-]+)"/g)]
      .map((found) => found[1] ?? '')
      .filter((code) => code !== 'new')
  const before = await order()
  const at = before.indexOf('picnic')
  const up = formsIn('/desk/kinds', await read('/desk/kinds?week=2027')).find((one) =>
    one.fields.some(({ name, value }) => name === 'code' && value === 'picnic'),
  )
  if (!up) throw new Error('Nothing to order with')
  for (const _ of [1, 2]) expect((await press(up, { to: 'up' })).status).toBe(303)
  expect((await order()).indexOf('picnic')).toBe(at - 1)

  const retire = await formAt('/desk/kinds/2027/picnic', '?/retire')
  expect((await press(retire, {})).status).toBe(303)
  expect(await read('/activities/new')).not.toContain('picnic')
  expect(await read('/how/picnic')).not.toContain('kind=picnic')
})

test('the lists are there for organisers and for nobody else', async () => {
  await giveRole(db, 'lists-reviewer@people.org', 'reviewer')
  const other = await signInAs(site, 'lists-reviewer@people.org')
  for (const path of [
    '/desk/kinds',
    '/desk/audiences/2027/friend',
    '/desk/verbs/2027/new',
    '/desk/texts/home',
  ]) {
    const answer = await fetch(site.address + path, { headers: { cookie: other } })
    expect(answer.status, path).toBe(404)
  }
  const sent = await send(
    site,
    '/desk/kinds/2027/cafe?/retire',
    { retired: 'yes' },
    { cookie: other, origin: site.address },
  )
  expect(sent.status).toBe(404)
  expect(await read('/activities/new')).toContain('value="cafe"')
})
