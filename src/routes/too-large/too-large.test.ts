import { expect, test } from 'vitest'
import { testDatabase } from '../../../test/db.ts'
import { pageOf } from '../../../test/pages.ts'
import { load } from './+page.server.ts'
import Page from './+page.svelte'

const db = await testDatabase()
const seen = async (search: string): Promise<string> =>
  (await pageOf(Page, load, { path: `/too-large${search}`, db })).body

test('what is too large is answered with the limit, and the way back to its form', async () => {
  const file = await seen('?from=%2Factivities%2Fimport')
  expect(file).toContain('We can take 10 MB at most here')
  expect(file).toMatch(/href="\/activities\/import"/)
  expect(await seen('?from=%2Fedit%2Fabc_-D%2Freport')).toMatch(/href="\/edit\/abc_-D\/report"/)
})

test.each([
  '',
  'https://elsewhere.example/',
  '//elsewhere.example',
  '/\\elsewhere.example',
  'javascript:alert(1)',
])('the way back never leads elsewhere (%j)', async (from) => {
  const body = await seen(`?from=${encodeURIComponent(from)}`)
  expect(body).not.toMatch(/elsewhere|javascript/)
  expect(body).toContain('href="/"')
})
