import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { databaseOf, giveRole, send, sharedSite, signInAs } from '../site.ts'

const site = sharedSite()
const db = databaseOf(site)
afterAll(async () => {
  await db.deleteFrom('settings').where('name', '=', 'source').execute()
  await db.destroy()
})

const page = async (path: string): Promise<string> =>
  (await fetch(site.address + path, { headers: { accept: 'text/html' } })).text()

test('every page leads to the source as it runs here', async () => {
  for (const path of ['/', '/activities', '/about', '/not/there'])
    expect(await page(path), path).toMatch(/<footer.*href="\/source"/s)
  expect(await page('/source')).toContain('href="/source.tar.gz"')
  const answer = await fetch(`${site.address}/source.tar.gz`)
  expect(answer.headers.get('content-type')).toBe('application/gzip')
  const bytes = gunzipSync(Buffer.from(await answer.arrayBuffer()))
  for (const path of ['LICENSE', 'src/web.ts', 'package-lock.json'])
    expect(bytes.includes(readFileSync(path)), path).toBe(true)
  expect(bytes.includes(readFileSync(`${site.dataDir}/secret`))).toBe(false)
})

test('organisers can name another address for it', async () => {
  const email = 'source-organiser@people.org'
  await giveRole(db, email, 'organiser')
  const cookie = await signInAs(site, email)
  const fields = { name: 'A', organiser: 'B', country: 'GB', zone: 'Europe/London' }
  const before = await db.selectFrom('settings').selectAll().execute()
  const save = (source: string) =>
    send(site, '/desk/settings?/save', { ...fields, source }, { cookie, origin: site.address })
  const wrong = await save('javascript:alert(1)')
  expect([wrong.status, (await wrong.text()).includes('It starts with https://')]).toEqual([400, true])
  expect((await save('https://code.example.org/our-week')).status).toBe(303)
  const html = await (await fetch(`${site.address}/source`, { headers: { cookie } })).text()
  expect(html).toContain('href="https://code.example.org/our-week"')
  expect(html).not.toContain('/source.tar.gz')
  await db.deleteFrom('settings').execute()
  await db
    .insertInto('settings')
    .values(before.map((row) => ({ ...row, value: JSON.stringify(row.value) })))
    .execute()
})
