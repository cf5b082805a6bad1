import { expect, test } from 'vitest'
import { testDatabase } from '../../../test/db.ts'
import { makeActivity, makeWeek } from '../../../test/make.ts'
import { pageOf } from '../../../test/pages.ts'
import { load } from './+page.server.ts'
import Page from './+page.svelte'

const db = await testDatabase()
const now = new Date('2027-10-01T12:00:00Z')
await makeWeek(db)

test('a card shows what was asked for before anything else of its kind', async () => {
  const access = ['step-free', 'accessible-toilet', 'changing-places', 'hearing-loop', 'quiet-space']
  await makeActivity(db, { access, signLanguages: ['bfi'], languages: ['en'] })
  const cards = async (query: string) => {
    const { body } = await pageOf(Page, load, { path: `/activities${query}`, db, now })
    const [, list = ''] = body.split('class="cards')
    return list.split('</ul></li>')[0] ?? ''
  }
  expect(await cards('')).not.toContain('Quiet space')
  const quiet = await cards('?access=quiet-space&access=step-free')
  expect(quiet).toMatch(/Step-free[^]*Quiet space[^]*Accessible toilet/)
  expect(quiet).not.toContain('Changing Places')
  expect(await cards(`?${access.map((code) => `access=${code}`).join('&')}`)).toMatch(
    /Changing Places[^]*Hearing loop[^]*Quiet space/,
  )
  expect(await cards('')).not.toContain('British Sign Language')
  expect(await cards('?language=bfi')).toContain('British Sign Language')
})

test('a week that was is headed as one that was', async () => {
  await makeWeek(db, { year: 2022, monday: '2022-10-17', name: 'Week 2022' })
  const heading = async (query: string) => {
    const { body } = await pageOf(Page, load, { path: `/activities${query}`, db, now })
    return /<h1[^>]*>(.*?)<\/h1>/s.exec(body)?.[1]?.replaceAll(/<[^>]*>/g, '')
  }
  expect(await heading('?week=2022')).toBe('What was on')
  expect(await heading('')).toBe('What is on')
})
