import { expect, test } from 'vitest'
import { waitingForSecond } from '#consent/server/reads/queue.ts'
import { standingOf } from '#consent/server/reads/standing.ts'
import { requestPermission } from '#consent/server/writes/asking.ts'
import { decide } from '#consent/server/writes/deciding.ts'
import { askForCircle, placeVersion, takeOut } from '#consent/server/writes/placing.ts'
import { checkWhoIsIn, sayWhoIsIn } from '#consent/server/writes/saying.ts'
import { restore } from '#consent/server/writes/taking-down.ts'
import { withdraw } from '#consent/server/writes/withdrawing.ts'
import { anybody } from '#kernel/viewer.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeStory, makeWeek } from '../../../../test/make.ts'
import {
  adult,
  asking,
  deciding,
  makePicture,
  placing,
  stageFor,
  tellAndAgree,
} from '../../../../test/consent/stage.ts'

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-26T12:00:00Z')
const later = (hours: number): Date => new Date(now.getTime() + hours * 3_600_000)

/** A story with two photographs, each of somebody else, both seen by everybody. */
async function twoPhotographs() {
  const stage = await stageFor(db)
  const { teacher, vetted, by } = stage
  const { id: surface } = await makeStory(db, { title: 'The drum' })
  await tellAndAgree(stage, now, { surface })
  const { version } = await makePicture(db, { surface })
  await placeVersion(db, teacher, placing(stage, { surface, version }), now)
  const who = { label: 'B', ageBand: 'adult' as const, nextChange: null }
  const saying = { surface, version, people: [adult({ who })], nobody: false, by }
  const { said, people } = await sayWhoIsIn(db, teacher, saying, now)
  await checkWhoIsIn(db, vetted, { said, wrong: [], covered: [] }, now)
  await askForCircle(db, teacher, { surface, circle: 5, by }, now)
  const person = people[0] ?? ''
  const asked = await requestPermission(db, teacher, asking({ surface, person, by }), now)
  await decide(db, anybody, deciding(asked), now)
  return { stage, surface, version, asked }
}
type Story = Awaited<ReturnType<typeof twoPhotographs>>
const lights = async ({ surface }: Story, hours: number) => {
  const { light, placements } = await standingOf(db, surface, later(hours))
  return { light, parts: placements.map((one) => [one.light, ...one.missing.map(({ key }) => key)]) }
}

test.each(['a no by the link', 'a yes taken back'])(
  'after %s that was answered by taking the photograph out, the light says that somebody has to bring the rest back, and it waits there',
  async (how) => {
    const story = await twoPhotographs()
    const { stage, surface, version, asked } = story
    expect(await lights(story, 1)).toEqual({ light: 'green', parts: [['green'], ['green']] })
    if (how === 'a no by the link') await decide(db, anybody, deciding({ ...asked, answer: 'no' }), later(2))
    else await withdraw(db, anybody, { token: asked.token, everywhere: false, formKey: '' }, later(2))
    expect(await lights(story, 3)).toEqual({
      light: 'red',
      parts: [['amber', 'consent.why.whole'], ['red']],
    })
    await takeOut(db, stage.teacher, { surface, version, by: stage.by }, later(4))
    expect(await lights(story, 5)).toEqual({
      light: 'amber',
      parts: [['amber', 'consent.why.second-person']],
    })
    const waiting = await waitingForSecond(db, stage.reviewer)
    expect(waiting.filter((one) => one.surface === surface)).toMatchObject([{ what: 'restore' }])
    await restore(db, stage.reviewer, { surface, reason: 'it is out of it' }, later(6))
    expect(await lights(story, 7)).toEqual({ light: 'green', parts: [['green']] })
  },
)

test('whoever wrote down that somebody liked it reads that a second person has to look, not that nobody has said it', async () => {
  const stage = await stageFor(db)
  const { teacher, by, vetted } = stage
  const { version, surface } = await makePicture(db)
  await placeVersion(db, teacher, placing(stage, { surface, version }), now)
  const who = { label: 'C', ageBand: '13-15' as const, nextChange: '2029-01-01' }
  const first = { surface, version, people: [adult({ who, seen: null })], nobody: false, by }
  const { said, people } = await sayWhoIsIn(db, teacher, first, now)
  await checkWhoIsIn(db, vetted, { said, wrong: [], covered: [] }, now)
  const person = people[0] ?? ''
  const asked = asking({ surface, person, by, route: 'parents' })
  const link = await requestPermission(db, teacher, { ...asked, holder: 'Mother' }, now)
  await decide(db, anybody, deciding(link), now)
  const lacks = async () =>
    (await standingOf(db, surface, now)).placements.flatMap(({ people: all }) =>
      all.flatMap(({ missing }) => missing.map(({ key }) => key)),
    )
  expect(await lacks()).toContain('consent.why.assent')
  const again = { ...first, people: [adult({ who: { person }, seen: 'yes' })] }
  const { said: later } = await sayWhoIsIn(db, teacher, again, now)
  expect(await lacks()).toContain('consent.why.assent-unchecked')
  expect(await lacks()).not.toContain('consent.why.assent')
  await checkWhoIsIn(db, vetted, { said: later, wrong: [], covered: [] }, now)
  expect((await lacks()).filter((key) => key.startsWith('consent.why.assent'))).toEqual([])
})
