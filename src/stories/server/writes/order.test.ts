import { expect, test } from 'vitest'
import { anybody } from '#kernel/viewer.ts'
import { ownPictures } from '#stories/server/reads/own-pictures.ts'
import { ownStory } from '#stories/server/reads/own.ts'
import { openStory } from '#stories/server/writes/change.ts'
import { movePicture } from '#stories/server/writes/order.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeStory, makeWeek } from '../../../../test/make.ts'
import { makePicture } from '../../../../test/consent/stage.ts'

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-22T12:00:00Z')

/** A story with three photographs, and what its teller sees of their order: their numbers. */
async function withThree() {
  const { id: surface } = await makeStory(db, { state: 'draft', body: 'One.\n\n[picture 3]\n\nTwo.' })
  const token = await openStory(db, surface, now)
  const versions: string[] = []
  for (const position of [0, 1, 2]) {
    const { version } = await makePicture(db, { surface })
    await db.updateTable('versions').set({ position }).where('id', '=', version).execute()
    versions.push(version)
  }
  const order = async () =>
    (await ownPictures(db, anybody, token, now)).pictures.map(({ number }) => number).join('')
  const move = (at: number, from: number, to: 'earlier' | 'later') =>
    movePicture(db, anybody, { token, version: versions[at] ?? '', from, to }, now)
  return { token, versions, order, move }
}

test('a picture goes one place earlier, and later again; its number and the words stay', async () => {
  const { token, versions, order, move } = await withThree()
  expect(await order()).toBe('123')
  expect(await move(2, 2, 'earlier')).toEqual({ version: versions[2] })
  expect(await order()).toBe('132')
  expect(await move(2, 1, 'earlier')).toEqual({ version: versions[2] })
  expect(await order()).toBe('312')
  const story = await ownStory(db, anybody, token, now)
  expect(story?.body).toBe('One.\n\n[picture 3]\n\nTwo.')
  expect(story?.pictures.map(({ number }) => number)).toEqual([3, 1, 2])
  await move(2, 0, 'later')
  await move(2, 1, 'later')
  expect(await order()).toBe('123')
})

test('pressed twice it goes one place; the first goes no earlier, the last no later', async () => {
  const { order, move } = await withThree()
  await move(1, 1, 'earlier')
  await move(1, 1, 'earlier')
  expect(await order()).toBe('213')
  await move(1, 0, 'earlier')
  await move(2, 2, 'later')
  expect(await order()).toBe('213')
})

test('a picture of another story is not moved, and looks as if it were not there', async () => {
  const [mine, other] = [await withThree(), await withThree()]
  const input = { token: mine.token, version: other.versions[1] ?? '', from: 1, to: 'earlier' as const }
  await expect(movePicture(db, anybody, input, now)).rejects.toMatchObject({ kind: 'missing' })
  expect(await other.order()).toBe('123')
})
