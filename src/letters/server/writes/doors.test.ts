import * as v from 'valibot'
import { beforeAll, expect, test } from 'vitest'
import { doorInput, newDoor } from '#letters/door.ts'
import { allDoors, doorOf, doorsOf } from '#letters/server/reads/doors.ts'
import { addDoor, offerDoor, saveDoor } from '#letters/server/writes/doors.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { seedDoors } from '../../../../scripts/seed/doors.ts'
import { testDatabase } from '../../../../test/db.ts'
import { refused } from '../../../../test/refused.ts'
import { somebody } from '../../../../test/viewers.ts'

const db = await testDatabase()
const now = new Date('2027-10-19T10:00:00Z')
const organiser: Viewer = { ...somebody('organiser'), account: null }
const reviewer: Viewer = { ...somebody('reviewer'), account: null }
beforeAll(() => seedDoors(db))

const school = { nation: 'wales', subject: 'school' } as const
const save = (over: object, viewer = organiser) =>
  saveDoor(
    db,
    viewer,
    v.parse(doorInput, {
      ...school,
      name: 'A school',
      answer: 'The head.',
      looksFor: 'school',
      revision: '1',
      ...over,
    }),
    now,
  )
const add = (over: object, viewer = organiser) =>
  addDoor(db, viewer, v.parse(newDoor, { nation: 'wales', answer: 'The council.', ...over }), now)
const offered = async (nation: string, subject: string) =>
  (await doorsOf(db, nation, 'en')).find((one) => one.subject === subject)

test('a door is changed by an organiser, who says when it was checked; the start does not put it back', async () => {
  await expect(save({}, reviewer)).rejects.toMatchObject({ kind: 'forbidden' })
  await save({ checked: '2027-10-19' })
  await seedDoors(db)
  expect(await offered('wales', 'school')).toMatchObject({ answer: 'The head.', checked: '2027-10-19' })
  await expect(save({ subject: 'nothing-here' })).rejects.toMatchObject({ kind: 'missing' })
  expect(await refused(save({ answer: 'Somebody else.' }))).toMatchObject({ key: 'refusal.stale' })
  expect(await offered('wales', 'school')).toMatchObject({ answer: 'The head.' })
  await save({ answer: 'Its governors.', revision: '2' })
})

test('a door that is taken away is not offered, not even after the next start, and comes back as it was', async () => {
  const before = await offered('wales', 'school')
  await offerDoor(db, organiser, { ...school, offered: 'no' }, now)
  await seedDoors(db)
  expect(await offered('wales', 'school')).toBeUndefined()
  expect(await doorOf(db, organiser, { ...school, language: 'en' })).toMatchObject({ retired: true })
  await offerDoor(db, organiser, { ...school, offered: 'yes' }, now)
  expect(await offered('wales', 'school')).toEqual(before)
  await expect(offerDoor(db, reviewer, { ...school, offered: 'no' }, now)).rejects.toMatchObject({
    kind: 'forbidden',
  })
})

test('a new subject comes last and is taken away again when it was a mistake', async () => {
  await expect(add({ name: 'A library' }, reviewer)).rejects.toMatchObject({ kind: 'forbidden' })
  const added = await add({ name: 'A library' })
  expect(added).toEqual({ nation: 'wales', subject: 'a-library' })
  expect((await doorsOf(db, 'wales', 'en')).at(-1)).toMatchObject({
    name: 'A library',
    answer: 'The council.',
    checked: null,
  })
  await offerDoor(db, organiser, { nation: 'wales', subject: added.subject, offered: 'no' }, now)
  expect(await offered('wales', 'a-library')).toBeUndefined()
  expect((await refused(add({ name: 'A library' }))).key).toBe('directory.door.there')
})

test('a subject of one nation is added to another under its own name and in its own place', async () => {
  await add({ nation: 'england', name: 'A museum' })
  await add({ nation: 'scotland', subject: 'a-museum' })
  expect(await offered('scotland', 'a-museum')).toMatchObject({ name: 'A museum' })
  expect((await refused(add({ nation: 'scotland', subject: 'a-museum' }))).field).toBe('subject')
  expect((await refused(add({ subject: 'a-moon-base' }))).field).toBe('subject')
  expect((await refused(add({ name: '??' }))).field).toBe('name')
  expect(v.safeParse(newDoor, { nation: 'wales', answer: 'The council.' }).success).toBe(false)
  const places = (await allDoors(db, organiser, 'en')).map((one) => one.subject)
  expect(places.indexOf('a-museum')).toBe(places.lastIndexOf('a-museum') - 1)
})
