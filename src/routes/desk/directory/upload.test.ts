import { beforeAll, beforeEach, expect, test } from 'vitest'
import { anybody, type Viewer } from '#kernel/viewer.ts'
import { textIn } from '#kernel/messages.ts'
import { leftReasons, mostBytes, sorts } from '#letters/directory.ts'
import { sayField } from '#letters/say-field.ts'
import { previewStep } from '#letters/server/import/steps.ts'
import { testDatabase } from '../../../../test/db.ts'
import { importing, popolo } from '../../../../test/directory.ts'
import { makeAccount } from '../../../../test/organisations.ts'
import { ask, pageOf } from '../../../../test/pages.ts'
import { actions, load } from './imports/+page.server.ts'
import Imports from './imports/+page.svelte'
import { load as loadImport } from './imports/[id]/+page.server.ts'
import Import from './imports/[id]/+page.svelte'

const db = await testDatabase()
const now = new Date('2027-10-19T10:00:00Z')
const { empty, imported } = importing(db)
const path = '/desk/directory/imports'
let organiser: Viewer
let reviewer: Viewer

beforeAll(async () => {
  organiser = await makeAccount(db, 'organiser', { role: 'organiser' })
  reviewer = await makeAccount(db, 'reviewer', { role: 'reviewer' })
})
beforeEach(empty)

const said = {
  source: 'Leeds councillors',
  link: 'https://leeds.example/councillors',
  licence: 'Open Government Licence 3.0',
  retrieved: '2027-10-01',
}
const file = (words: string, name = 'people.csv') => new File([words], name)
const send = (over: Record<string, string | File>, viewer = organiser) =>
  ask(actions['default'] as never, {
    db,
    now,
    viewer,
    path,
    body: { formKey: crypto.randomUUID(), ...said, ...over },
  })
/** The page with what came back from its form. */
const shown = async (form: unknown): Promise<string> => {
  const { data } = form as { data: unknown }
  return (await pageOf(Imports, load, { db, now, viewer: organiser, path, form: data })).body
}
const imports = () => db.selectFrom('directoryImports').selectAll().execute()
/** Reads what was sent as the worker does; answers its page. */
async function preview(): Promise<{ id: string; body: string }> {
  const [row] = await imports()
  const id = row?.id ?? ''
  await previewStep(db, id)
  return {
    id,
    body: (await pageOf(Import, loadImport, { db, now, viewer: organiser, path, params: { id } })).body,
  }
}

test.each([
  ['csv', file('council,name\nLeeds,Sam Lee\n')],
  ['popolo', file(popolo(), 'people.json')],
])('a file of %s is kept with where it comes from, once for one form, and previewed', async (format, one) => {
  const formKey = `one-${format}`
  const pressed = await Promise.allSettled([send({ file: one, formKey }), send({ file: one, formKey })])
  const [row, ...more] = await imports()
  expect(more).toEqual([])
  expect(row).toMatchObject({ ...said, state: 'reading', account: organiser.account })
  for (const press of pressed)
    expect(press).toMatchObject({ reason: { status: 303, location: `${path}/${row?.id}` } })
  const { id, body } = await preview()
  expect(await imported(id)).toMatchObject({ state: 'previewed', format })
  expect(body).toContain('Bring it in')
})

test('a row whose e-mail is none comes in without it, and the preview says so with its line', async () => {
  await send({
    file: file('council,name,email\nLeeds,Sam Lee,at the hall\nLeeds,Jo Day,jo@leeds.example\n'),
  }).catch(() => null)
  const { body } = await preview()
  expect(body).toContain('1 row comes in without something')
  expect(body).toContain('“at the hall” is not an e-mail address.')
  expect(body).not.toContain('left out</h2>')
  expect(body).toContain('Bring it in')
})

test('the preview counts as left out only what is: a person who stands there again with another e-mail comes in', async () => {
  const lines = [
    'council,name,email,id',
    'Leeds,Sam Lee,sam@leeds.example,1',
    'Leeds,Sam Lee,lee@leeds.example,1',
    'Leeds,Somebody Else,else@leeds.example,1',
  ]
  await send({ file: file(lines.join('\n')) }).catch(() => null)
  const { body } = await preview()
  expect(body).toContain('1 row is left out')
  expect(body).toMatch(/>4<.*This person stands there twice.*The first one counts\. Somebody Else</s)
  expect(body).toContain('1 row comes in without something')
  expect(body).toMatch(
    />3<.*This way to reach them stands there twice.*The first one counts\. lee@leeds\.example</s,
  )
  expect(body).not.toContain('leeds-councillors:')
})

test('every reason for which something is left out is said in words', () => {
  const params = { found: 1, named: 2, day: 'x', email: 'x', field: 'value', most: 9, id: 'x' }
  for (const of of sorts)
    for (const reason of leftReasons) {
      const full = { ...params, sort: of, of, what: 'x', missing: 'x' }
      const said = textIn('en')(`directory.left.${reason}`, sayField(full, 'en'))
      expect(said).toMatch(/^[A-Z“][^{}]+/)
      expect(said).not.toContain('directory.')
    }
})

test('a form without a file, and one with an empty file, say so at the file and keep what was typed', async () => {
  for (const over of [{}, { file: '' }, { file: file('') }] as Record<string, string | File>[]) {
    const answer = await send(over)
    expect(answer).toMatchObject({
      status: 400,
      data: { errors: { file: expect.stringContaining('nothing') } },
    })
    const body = await shown(answer)
    expect(body).toContain('There is nothing in this file.')
    expect(body).toContain('value="Leeds councillors"')
    expect(body).toMatch(/id="file"[^>]*aria-invalid="true"/)
  }
  expect(await imports()).toEqual([])
})

test('what is missing about a file is said at each field, together with the file', async () => {
  const answer = await send({ source: '', link: 'not a link', licence: '', retrieved: 'yesterday' })
  expect(answer).toMatchObject({ status: 400 })
  const { errors } = (answer as { data: { errors: object } }).data
  expect(Object.keys(errors).toSorted()).toEqual(['file', 'licence', 'link', 'retrieved', 'source'])
  expect(await shown(answer)).toContain('value="not a link"')
  const whole = await send({ source: '', file: file('council,name\nLeeds,Sam\n') })
  expect(whole).toMatchObject({ status: 400, data: { errors: { source: expect.any(String) } } })
  expect(await imports()).toEqual([])
})

test.each([
  ['other JSON', '{"events": [{"id": 1}]}', 'previewed', 'There are no lists of people'],
  ['cut JSON', '{"persons": [{"id": "a", "name": "A', 'failed', 'The file ends too early, on line 1.'],
  ['only a head', 'council,name\n', 'failed', 'There is nothing in this file.'],
  ['an open quote', 'council,name\nLeeds,"Sam\n', 'failed', 'The table is broken on line 2'],
])('a wrong file (%s) brings nothing in, and its page says why', async (...of) => {
  const [, words, state, why] = of
  const sent = new File([Buffer.from(words, 'latin1')], 'people.csv')
  await expect(send({ file: sent })).rejects.toMatchObject({ status: 303 })
  const { id, body } = await preview()
  expect([(await imported(id)).state, body.includes('Bring it in')]).toEqual([state, false])
  expect(body).toContain(why)
})

test.each([
  ['a picture', '\x89PNG\r\n', 'neither a table (CSV) nor JSON'],
  ['a spreadsheet', 'PK\x03\x04[Content_Types].xml', 'save it as CSV'],
  ['blanks', ' \n \n', 'There is nothing in this file.'],
  ['bytes of a program', `${'council,name\n'.repeat(9)}${'\0\x01\x7f'.repeat(9)}`, 'neither a table'],
  ['words that are called JSON', 'not, what\nit, says\n', 'there is none in it'],
])('what is no such file (%s) is refused where it was chosen, and what was typed is kept', async (...of) => {
  const [, words, why] = of
  const answer = await send({ file: new File([Buffer.from(words, 'latin1')], 'people.json') })
  expect(answer).toMatchObject({ status: 400, data: { errors: { file: expect.stringContaining(why) } } })
  expect(await shown(answer)).toContain('value="Leeds councillors"')
  expect(await imports()).toEqual([])
})

test('a file that is too large is refused at the file, and nothing of it is kept', async () => {
  const megabyte = Buffer.alloc(1024 * 1024, 'a,b\n')
  const parts = function* () {
    for (const [name, value] of Object.entries({ formKey: 'large', ...said }))
      yield Buffer.from(`--cut\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
    yield Buffer.from('--cut\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n')
    for (let size = 0; size <= mostBytes; size += megabyte.length) yield megabyte
    yield Buffer.from('\r\n--cut--\r\n')
  }
  const left = parts()
  const body = new ReadableStream<Uint8Array>({
    pull: (stream) => {
      const { value } = left.next()
      if (value) stream.enqueue(value)
      else stream.close()
    },
  })
  const headers = { 'content-type': 'multipart/form-data; boundary=cut' }
  const init = { method: 'POST', headers, body, duplex: 'half' }
  const request = new Request(`https://week.example${path}`, init)
  const locals = { db, viewer: organiser, now, language: 'en' }
  const answer = await actions['default']?.({ request, locals } as never)
  expect(answer).toMatchObject({
    status: 400,
    data: { values: said, errors: { file: expect.stringContaining('larger than 100 MB') } },
  })
  expect(await imports()).toEqual([])
  expect(await db.selectFrom('directoryFiles').select('import').execute()).toEqual([])
})

test('half a form, another sort of form, and whoever may not are refused', async () => {
  const cut = '--cut\r\nContent-Disposition: form-data; name="source"\r\n\r\nLeeds'
  const types = [
    'multipart/form-data; boundary=cut',
    'multipart/form-data',
    'application/x-www-form-urlencoded',
  ]
  for (const type of types) {
    const request = new Request(`https://week.example${path}`, {
      method: 'POST',
      headers: { 'content-type': type },
      body: cut,
    })
    const locals = { db, viewer: organiser, now, language: 'en' }
    const answer = await actions['default']?.({ request, locals } as never)
    expect(answer, type).toMatchObject({ status: 400 })
  }
  for (const viewer of [reviewer, anybody])
    expect(await send({ file: file('council,name\nLeeds,Sam\n') }, viewer)).toMatchObject({ status: 403 })
  expect(await imports()).toEqual([])
})
