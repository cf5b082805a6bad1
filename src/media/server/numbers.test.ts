import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { anybody } from '#kernel/viewer.ts'
import { uploadPass } from '#media/server/pass.ts'
import { uploadsOn, versionsOn } from '#media/server/reads.ts'
import { coverVersion, orderVersions, takeAwayVersion } from '#media/server/writes/versions.ts'
import { testDatabase } from '../../../test/db.ts'
import { another } from '../../../test/pictures/files.ts'
import { now, openWorkshop } from '../../../test/pictures/workshop.ts'

const db = await testDatabase()
const { make, send } = openWorkshop(db)

/** Sends so many pictures for a new surface, those at some places cut off; answers their versions. */
async function sent(count: number, cut: readonly number[] = []) {
  const surface = randomUUID()
  const versions: string[] = []
  for (let at = 0; at < count; at += 1) {
    const bytes = await another()
    const whole = cut.includes(at) ? bytes.subarray(0, -100) : bytes
    const { version, upload } = await send(whole, { surface })
    versions.push(version)
    // One after the other, as files come in.
    const created = new Date(now.getTime() - 1000 + at)
    await db.updateTable('uploads').set({ created }).where('id', '=', upload).execute()
  }
  const numbers = async () => (await versionsOn(db, surface)).map(({ number }) => number)
  return { surface, versions, numbers, pass: uploadPass(surface, null, null, now) }
}

test('a file that is refused uses up no number, whichever is made first', async () => {
  const { versions, numbers } = await sent(3, [0])
  const [bad = '', good = '', last = ''] = versions
  await make(db, { version: last }, now)
  expect(await numbers()).toEqual([0, 0, 0])
  await make(db, { version: bad }, now)
  expect(await numbers()).toEqual([0, 0])
  await make(db, { version: good }, now)
  expect(await numbers()).toEqual([1, 2])
})

test('a picture that is taken out while it is made keeps no other from its number', async () => {
  const { surface, versions, numbers, pass } = await sent(2)
  const [first = '', second = ''] = versions
  await make(db, { version: second }, now)
  await takeAwayVersion(db, anybody, { version: first, pass }, now)
  expect(await numbers()).toEqual([1])
  expect((await uploadsOn(db, anybody, { surface, pass }, now)).map(({ at }) => at)).toEqual([2])
})

test('a number stays with its picture when it is covered, when it is moved and when another goes', async () => {
  const { surface, versions, numbers, pass } = await sent(3)
  for (const version of versions) await make(db, { version }, now)
  const [first = '', second = '', third = ''] = versions
  await orderVersions(db, anybody, { surface, pass, versions: [third, first, second] }, now)
  expect(await numbers()).toEqual([3, 1, 2])
  await takeAwayVersion(db, anybody, { version: first, pass }, now)
  const covers = [{ shape: 'rectangle' as const, x: 0.1, y: 0.1, w: 0.2, h: 0.2 }]
  const { version } = await coverVersion(
    db,
    anybody,
    { version: third, pass, covers, formKey: randomUUID() },
    now,
  )
  expect(await numbers()).toEqual([3, 2])
  await make(db, { version }, now)
  expect(await numbers()).toEqual([3, 2])
  const { version: late } = await send(await another(), { surface })
  await make(db, { version: late }, now)
  expect(await numbers()).toEqual([3, 2, 4])
})
