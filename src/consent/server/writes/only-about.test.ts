import { expect, test } from 'vitest'
import { personPage } from '#consent/server/reads/person.ts'
import { renditionFor } from '#consent/server/reads/rendition.ts'
import { linkForSupporter, requestPermission } from '#consent/server/writes/asking.ts'
import { decide } from '#consent/server/writes/deciding.ts'
import { askForCircle, placeVersion } from '#consent/server/writes/placing.ts'
import { checkWhoIsIn, sayWhoIsIn } from '#consent/server/writes/saying.ts'
import { objectObserved, withdraw } from '#consent/server/writes/withdrawing.ts'
import { anybody } from '#kernel/viewer.ts'
import { adult, asking, deciding, makePicture, placing, stageFor } from '../../../../test/consent/stage.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeWeek } from '../../../../test/make.ts'

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-20T12:00:00Z')
const later = (minutes: number): Date => new Date(now.getTime() + minutes * 60_000)
const stage = await stageFor(db)
const { teacher, vetted, by } = stage

/** A picture in which nobody can be recognised, about somebody, that somebody else has looked at. */
async function hands() {
  const { version, surface } = await makePicture(db)
  await placeVersion(db, teacher, placing(stage, { surface, version }), now)
  const saying = { surface, version, people: [adult()], nobody: true, by }
  const { said, people } = await sayWhoIsIn(db, teacher, saying, now)
  await askForCircle(db, teacher, { surface, circle: 5, by }, now)
  const seen = async (at: Date): Promise<boolean> =>
    (await renditionFor(db, anybody, { version, width: 640, format: 'jpg' }, at)) !== null
  expect(await seen(now)).toBe(false)
  await checkWhoIsIn(db, vetted, { said, wrong: [], covered: [] }, now)
  expect(await seen(now)).toBe(true)
  return { surface, version, seen, person: people[0] ?? '' }
}
type Hands = Awaited<ReturnType<typeof hands>>
const ask = ({ surface, person }: Hands) =>
  requestPermission(db, teacher, { ...asking({ surface, person, by }), modes: [] }, now)

test('whom a picture of hands is about can be asked, sees it, and their own no takes it down', async () => {
  const one = await hands()
  const asked = await ask(one)
  expect((await personPage(db, asked.token, now))?.placements).toMatchObject([{ version: one.version }])
  expect(await one.seen(later(1))).toBe(true)
  await decide(db, anybody, deciding({ ...asked, answer: 'no' }), later(2))
  expect(await one.seen(later(3))).toBe(false)
})

test('they can change their mind, also when nobody has asked for their yes', async () => {
  const one = await hands()
  const { token } = await ask(one)
  await withdraw(db, anybody, { token, everywhere: false, formKey: '' }, later(1))
  expect(await one.seen(later(2))).toBe(false)
})

test('a no that a supporter saw takes it down as well', async () => {
  const one = await hands()
  const { token } = await linkForSupporter(db, teacher, { ...one, by }, now)
  const tap = { token, person: null, surface: null, version: null, seen: '', formKey: '' }
  await objectObserved(db, anybody, tap, later(1))
  expect(await one.seen(later(2))).toBe(false)
})
