import { expect, test } from 'vitest'
import { renditionFor } from '#consent/server/reads/rendition.ts'
import { noteDeath } from '#consent/server/writes/people.ts'
import { restore } from '#consent/server/writes/taking-down.ts'
import { anybody, type Viewer } from '#kernel/viewer.ts'
import { stageFor, tellAndAgree } from '../../../../../test/consent/stage.ts'
import { testDatabase } from '../../../../../test/db.ts'
import { makeStory, makeWeek } from '../../../../../test/make.ts'
import { ask, pageOf } from '../../../../../test/pages.ts'
import { actions as name, load as loadDesk } from '../../../desk/pictures/family/[person]/+page.server.ts'
import Desk from '../../../desk/pictures/family/[person]/+page.svelte'
import { load as loadRecords } from '../../[token]/records/+page.server.ts'
import Records from '../../[token]/records/+page.svelte'
import { load as loadTheirs } from '../../[token]/+page.server.ts'
import Theirs from '../../[token]/+page.svelte'
import { actions, load } from './+page.server.ts'
import Page from './+page.svelte'
import { GET } from './picture/[version]/[file]/+server.ts'

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-20T12:00:00Z')
const later = (minutes: number): Date => new Date(now.getTime() + minutes * 60_000)
const stage = await stageFor(db)
const { lead, vetted, reviewer } = stage

async function mourned() {
  const story = await makeStory(db, { title: 'She led the song', body: 'She sang first.' })
  const told = await tellAndAgree(stage, now, { surface: story.id })
  await noteDeath(db, lead, { person: told.person }, later(1))
  return told
}
type Action = (event: unknown) => Promise<unknown>
const desk = async (person: string, viewer: Viewer): Promise<string> => {
  const asked = { path: `/desk/pictures/family/${person}`, db, now: later(2), viewer, params: { person } }
  return (await pageOf(Desk, loadDesk, asked)).body
}
const give = (person: string, called: string, viewer: Viewer = lead) =>
  ask(name['link'] as Action, {
    path: `/desk/pictures/family/${person}`,
    db,
    now: later(2),
    viewer,
    params: { person },
    body: { called, formKey: '' },
  }).catch((error: unknown) => error)
const linkFor = async (person: string): Promise<string> => {
  const { made } = (await give(person, 'sister')) as { made: { link: string } }
  return made.link.slice(-32)
}
const open = async (token: string, query = ''): Promise<string> => {
  const path = `/consent/family/${token}${query}`
  return (await pageOf(Page, load, { path, db, now: later(3), viewer: anybody, params: { token } })).body
}
const press = (token: string, answer: string) =>
  ask(actions['default'] as Action, {
    path: `/consent/family/${token}?screen=ask`,
    db,
    now: later(3),
    viewer: anybody,
    params: { token },
    body: { answer, formKey: '' },
  }).catch((error: unknown) => error)

test('a lead and a reviewer come to it from where the death was written down, and hand over a link; others do not', async () => {
  const { person, token } = await mourned()
  const at = { path: `/consent/${token}/records`, db, now: later(2), params: { token } }
  const way = `/desk/pictures/family/${person}`
  for (const viewer of [lead, reviewer])
    expect((await pageOf(Records, loadRecords, { ...at, viewer })).body).toContain(way)
  const other = (await pageOf(Records, loadRecords, { ...at, viewer: vetted })).body
  expect(other).toContain('Everything of them is taken down')
  expect(other).not.toContain(way)
  expect(other).not.toContain('?write=')
  expect(await desk(person, lead)).toContain('We send nothing to the family')
  expect(await give(person, '')).toMatchObject({ status: 400 })
  expect(await give(person, 'brother', vetted)).toMatchObject({ status: 404 })
  await linkFor(person)
  expect(await desk(person, reviewer)).toMatch(/sister[\s\S]*No answer yet/)
})

test('the page of the family is gentle, shows the real thing, and asks one question a screen', async () => {
  const told = await mourned()
  const token = await linkFor(told.person)
  const first = await open(token)
  for (const said of ['We are so sorry', 'There is no hurry', 'She led the song', 'She sang first.'])
    expect(first).toContain(said)
  expect(first).toContain('Everybody who visits this site')
  const asks = await open(token, '?screen=ask')
  for (const said of ['Keep it taken down', 'as it was allowed', 'Not now']) expect(asks).toContain(said)
  expect(asks).not.toContain('She sang first.')
  expect(await open(token, '?screen=sure')).toContain('for good')
  expect(await press(token, '')).toMatchObject({ status: 400 })
  const picture = (version: string) =>
    ask(GET as unknown as Action, {
      path: `/consent/family/${token}/picture/${version}/640.jpg`,
      db,
      now: later(3),
      viewer: anybody,
      params: { token, version, file: '640.jpg' },
    })
  await expect(picture(crypto.randomUUID())).rejects.toMatchObject({ kind: 'missing' })
})

test('with “again” it waits for somebody else’s look; after that only “taken down” is left to say', async () => {
  const told = await mourned()
  const token = await linkFor(told.person)
  expect(await press(token, 'as-allowed')).toMatchObject({ status: 303 })
  expect(await open(token)).toContain('Somebody else looks at it first')
  const asks = await open(token, '?screen=ask')
  expect(asks).toContain('Keep it taken down')
  expect(asks).not.toContain('Not now')
  await restore(db, vetted, { surface: told.surface, reason: 'Asked.' }, later(4))
  const wish = { version: told.version, width: 640, format: 'jpg' } as const
  expect(await renditionFor(db, anybody, wish, later(5))).not.toBeNull()
})

test('with “taken down” there is nothing more to look at, for others of the family too', async () => {
  const told = await mourned()
  const [token, other] = [await linkFor(told.person), await linkFor(told.person)]
  await press(token, 'keep-down')
  for (const query of ['', '?screen=see', '?screen=ask']) {
    expect(await open(token, query)).toContain('Nobody asks you anything more')
    expect(await open(other, query)).toContain('Somebody else of the family')
  }
  expect(await desk(told.person, lead)).toContain('That is final')
  expect(await desk(told.person, lead)).not.toContain('name="called"')
})

test('“not now” changes nothing, and the desk is told not to ask again', async () => {
  const told = await mourned()
  const token = await linkFor(told.person)
  await press(token, 'not-now')
  expect(await open(token)).toContain('we do not ask you again')
  expect(await desk(told.person, lead)).toContain('Please do not ask again')
  expect(await open(token, '?screen=see')).toContain('She sang first.')
})

test('the link of somebody who has died says that everything rests, and asks for nothing', async () => {
  const { token } = await mourned()
  const at = { path: `/consent/${token}?screen=ask`, db, now: later(2), viewer: anybody, params: { token } }
  const { body } = await pageOf(Theirs, loadTheirs, at)
  expect(body).toContain('Nothing of S.K. is shown now')
  expect(body).toContain('It should stay taken down')
  for (const word of ['She sang first.', '?/decide', '?/sign']) expect(body).not.toContain(word)
})
