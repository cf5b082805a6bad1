import { expect, test } from 'vitest'
import type { Viewer } from '#kernel/viewer.ts'
import { stageFor } from '../../../../test/consent/stage.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeWeek } from '../../../../test/make.ts'
import { ask, pageOf } from '../../../../test/pages.ts'
import { load as layout } from '../../+layout.server.ts'
import { load as begin } from '../../desk/+page.server.ts'
import { load } from './+page.server.ts'
import Page from './+page.svelte'

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-26T12:00:00Z')
const stage = await stageFor(db)
const asked = (viewer: Viewer) => ({ path: '/me/organisations', db, now, viewer })
const desk = async (viewer: Viewer): Promise<unknown> =>
  ((await ask(layout as (event: unknown) => Promise<object>, asked(viewer))) as { desk: unknown }).desk

test('a vetted practitioner finds the photographs they check, in the navigation and where the desk begins', async () => {
  const page = async (viewer: Viewer) => (await pageOf(Page, load, asked(viewer))).body
  expect(await page(stage.vetted)).toContain('href="/desk/pictures"')
  expect(await page(stage.teacher)).not.toContain('href="/desk/pictures"')
  expect(await desk(stage.vetted)).toBe('/desk/pictures')
  const first = (viewer: Viewer) =>
    ask(begin as (event: unknown) => unknown, { ...asked(viewer), path: '/desk' }).catch(
      (error: unknown) => error,
    )
  expect(await first(stage.vetted)).toMatchObject({ status: 303, location: '/desk/pictures' })
  expect(await first(stage.teacher)).toMatchObject({ kind: 'forbidden' })
  expect(await desk(stage.teacher)).toBeNull()
  expect(await desk(stage.reviewer)).toBe('/desk')
})
