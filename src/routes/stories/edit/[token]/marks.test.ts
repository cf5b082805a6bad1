import { expect, test } from 'vitest'
import { makePicture } from '../../../../../test/consent/stage.ts'
import { testDatabase } from '../../../../../test/db.ts'
import { makeStory, makeStoryLink, makeWeek } from '../../../../../test/make.ts'
import { pageOf } from '../../../../../test/pages.ts'
import { load } from './+page.server.ts'
import page from './+page.svelte'

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-22T12:00:00Z')

/** What the page of a story with one photograph says to whoever tells it. */
async function saidOf(body: string): Promise<string> {
  const { id: surface } = await makeStory(db, { state: 'draft', body })
  const token = await makeStoryLink(db, surface)
  await makePicture(db, { surface, words: 'Two cups.' })
  const at = { path: `/stories/edit/${token}`, db, now, params: { token } }
  const { body: html } = await pageOf(page, load, at)
  return html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')
}

test('a mark in the words of a story that shows nothing is said with the reason', async () => {
  const said = await saidOf('One.\n\n[picture 1]\n\nTwo [picture 1] three.\n\n[picture 2]')
  expect(said).toContain('2 marks in your words show nothing')
  expect(said).toContain('[picture 1] stands inside other words. Give it a line of its own.')
  expect(said).toContain('[picture 2]: this story has no photograph with that number yet.')
})

test('of marks that each place a photograph nothing is said', async () => {
  expect(await saidOf('One.\n\n[picture 1]')).not.toMatch(/shows? nothing/)
})
