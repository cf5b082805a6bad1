import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { requestPermission } from '#consent/server/writes/asking.ts'
import { decide } from '#consent/server/writes/deciding.ts'
import { markPerson } from '#consent/server/writes/people.ts'
import { anybody } from '#kernel/viewer.ts'
import { namesCookie } from '#media/receipt.ts'
import {
  adult,
  asking,
  deciding,
  makePicture,
  stageFor,
  tellAndCheck,
} from '../../../../../../test/consent/stage.ts'
import { testDatabase } from '../../../../../../test/db.ts'
import { makeStory, makeStoryLink, makeWeek } from '../../../../../../test/make.ts'
import { pageOf } from '../../../../../../test/pages.ts'
import { load } from './+page.server.ts'
import page from './+page.svelte'

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-22T12:00:00Z')

test('each file that was not taken is said by number, by its own name as words, and with its reason; so is one that was refused before', async () => {
  const { id: surface } = await makeStory(db, { state: 'draft' })
  const token = await makeStoryLink(db, surface)
  const problem = JSON.stringify({ key: 'media.wrong.kind', params: { most: 64 } })
  const row = { surface, bytes: 9, received: 9, state: 'refused' as const, problem, created: now }
  await db.insertInto('uploads').values([row, row]).execute()
  await makePicture(db, { surface })
  const read = async (search: string, cookie: string) => {
    const path = `/stories/edit/${token}/pictures${search}`
    return (
      await pageOf(page, load, { path, db, now, params: { token }, cookies: { [namesCookie]: cookie } })
    ).body
  }
  const search = '?received=2&refused=2&of=4&why=media.wrong.kind&at=2&why=media.wrong.bytes&at=4'
  const body = await read(search, JSON.stringify({ '2': '<img src=x>.jpg', '7': 'Of another time.jpg' }))
  const words = body.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')
  expect(words).toMatch(/File 2 of 4 &lt;img src=x>.jpg This is no picture/)
  expect(words).toMatch(/File 4 of 4 [^.]*64 MB/)
  expect(words).toContain('2 photographs have arrived.')
  expect(words).toContain('2 photographs could not be taken')
  expect(words).toMatch(/One photograph could not be taken File [23] of all you sent This is no picture/)
  expect(words).not.toContain('Of another time')
  expect(await read('?received=1', '{"2": "Sam.jpg"}')).not.toContain('Sam.jpg')
  expect(await read(search, randomUUID())).toContain('File 2 of 4')
})

test('where all that was sent was refused nothing says that photographs have arrived or are kept', async () => {
  const { id: surface } = await makeStory(db, { state: 'draft' })
  const token = await makeStoryLink(db, surface)
  const problem = JSON.stringify({ key: 'media.wrong.broken', params: {} })
  const row = { surface, bytes: 9, received: 9, state: 'refused' as const, problem, created: now }
  await db.insertInto('uploads').values([row, row]).execute()
  const path = `/stories/edit/${token}/pictures?received=2&of=2`
  const { body } = await pageOf(page, load, { path, db, now, params: { token } })
  expect(body).toContain('2 photographs could not be taken')
  expect(body).toContain('You can send them again in another form.')
  expect(body).not.toMatch(/have arrived|others are kept/)
})

test('a file that was refused after it was sent is said by its place among all that were sent and its reason, and the others stay', async () => {
  const { id: surface } = await makeStory(db, { state: 'draft' })
  const token = await makeStoryLink(db, surface)
  const { version: kept } = await makePicture(db, { surface, words: 'Two cups.' })
  const problem = JSON.stringify({ key: 'media.wrong.broken', params: {} })
  const row = { surface, bytes: 9, received: 9, state: 'refused' as const, problem, created: now }
  const [one, two] = await db.insertInto('uploads').values([row, row]).returning('id').execute()
  if (!one || !two) throw new Error('Both were sent')
  const version = (upload: string) => ({ upload, surface, state: 'refused' as const, created: now })
  await db
    .insertInto('versions')
    .values([version(one.id), version(two.id)])
    .execute()
  const at = { path: `/stories/edit/${token}/pictures`, db, now, params: { token } }
  const { body } = await pageOf(page, load, at)
  const words = body.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')
  expect(words).toContain('2 photographs could not be taken')
  expect(words).toMatch(/File 2 of all you sent This/)
  expect(words).toMatch(/File 3 of all you sent This/)
  expect(body).toContain(`data-sent="${two.id}"`)
  expect(words).toContain('The others are kept.')
  expect(body).toContain(kept)
})

test('beside somebody who said no stands that, and beside somebody whom a rule keeps from being shown that they cannot be', async () => {
  const stage = await stageFor(db)
  const [refuses, barred] = ['R.N.', 'B.D.'].map((label) =>
    adult({ who: { label, ageBand: 'adult', nextChange: null } }),
  )
  const { id: surface } = await makeStory(db)
  const people = [refuses, barred].filter((one) => one !== undefined)
  const told = await tellAndCheck(stage, now, { surface, people })
  const [no = '', mark = ''] = told.people
  const asked = await requestPermission(db, stage.teacher, asking({ surface, person: no, by: stage.by }), now)
  await decide(db, anybody, deciding({ ...asked, answer: 'no' }), now)
  await markPerson(db, stage.lead, { person: mark, notLocatable: false, doNotShow: true }, now)
  const token = await makeStoryLink(db, surface)
  const { body } = await pageOf(page, load, {
    path: `/stories/edit/${token}/pictures`,
    db,
    now,
    params: { token },
  })
  const words = body.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')
  expect(words).toMatch(/R\.N\. No They said no/)
  expect(words).toMatch(/B\.D\. Cannot be shown They are not shown/)
})
