import { expect, test } from 'vitest'
import { sayWhoIsIn } from '#consent/server/writes/saying.ts'
import { placeVersion } from '#consent/server/writes/placing.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { adult, makePicture, placing, stageFor } from '../../../../test/consent/stage.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeStory, makeWeek } from '../../../../test/make.ts'
import { ask, pageOf } from '../../../../test/pages.ts'
import { load as layout } from '../../+layout.server.ts'
import { load } from './+page.server.ts'
import Page from './+page.svelte'

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-26T12:00:00Z')
const stage = await stageFor(db)
const asked = (viewer: Viewer) => ({ path: '/me/organisations', db, now, viewer })
const desk = async (viewer: Viewer): Promise<unknown> =>
  ((await ask(layout as (event: unknown) => Promise<object>, asked(viewer))) as { desk: unknown }).desk

test('a vetted practitioner finds the photographs they check, in the navigation while one waits', async () => {
  const page = async (viewer: Viewer) => (await pageOf(Page, load, asked(viewer))).body
  expect(await page(stage.vetted)).toContain('href="/desk/pictures"')
  expect(await page(stage.teacher)).not.toContain('href="/desk/pictures"')
  expect(await desk(stage.vetted)).toBeNull()
  const { id: surface } = await makeStory(db)
  const { version } = await makePicture(db, { surface })
  await placeVersion(db, stage.teacher, placing(stage, { surface, version }), now)
  const saying = { surface, version, people: [adult()], nobody: false, by: stage.by }
  await sayWhoIsIn(db, stage.teacher, saying, now)
  expect(await desk(stage.vetted)).toBe('/desk/pictures')
  expect(await desk(stage.teacher)).toBeNull()
  expect(await desk(stage.reviewer)).toBe('/desk')
})
