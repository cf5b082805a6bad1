import { expect, test } from 'vitest'
import type { Shown } from '#consent/permission.ts'
import { standingOf } from '#consent/server/reads/standing.ts'
import { placeVersion } from '#consent/server/writes/placing.ts'
import { sayWhoIsIn } from '#consent/server/writes/saying.ts'
import { adult, makePicture, placing, stageFor } from '../../../../test/consent/stage.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeStory, makeWeek } from '../../../../test/make.ts'
import { makeAccount } from '../../../../test/organisations.ts'
import { ask, pageOf } from '../../../../test/pages.ts'
import { actions as check, load as loadCheck } from './[said]/+page.server.ts'
import Check from './[said]/+page.svelte'

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-26T12:00:00Z')
const stage = await stageFor(db)
const second = await makeAccount(db, 'second', { role: 'reviewer' })

/** Says yes to what was said, as somebody from outside. */
const press = (said: string): Promise<unknown> =>
  ask((check as Record<string, unknown>)['default'] as (event: unknown) => Promise<unknown>, {
    path: '/desk/pictures',
    db,
    now,
    viewer: second,
    params: { said },
    body: {},
  }).catch((error: unknown) => error)

test('where nobody can be recognised, whoever checks it reads whom it is about, or that it is nobody in particular', async () => {
  const surface = (await makeStory(db)).id
  const { version } = await makePicture(db, { surface })
  await placeVersion(db, stage.teacher, placing(stage, { surface, version }), now)
  const read = async (people: Shown[]): Promise<string> => {
    const saying = { surface, version, people, nobody: true, by: stage.by }
    const { said } = await sayWhoIsIn(db, stage.teacher, saying, now)
    const asked = { path: `/desk/pictures/${said}`, params: { said }, db, now, viewer: stage.vetted }
    return (await pageOf(Check, loadCheck, asked)).body
  }
  expect(await read([])).toContain('it is about nobody in particular')
  const about = await read([adult({ who: { label: 'H.H.', ageBand: 'adult', nextChange: null } })])
  expect(about).toContain('Whom it is about stands below.')
  expect(about.replaceAll(/<[^>]*>/g, '')).toMatch(/H\.H\.: it is about them/)
  expect(about).not.toContain('nobody in particular')
})

test('a covered picture that is said to show nobody names whom it is about once, and one yes covers them', async () => {
  const surface = (await makeStory(db)).id
  const { version: source } = await makePicture(db, { surface })
  await placeVersion(db, stage.teacher, placing(stage, { surface, version: source }), now)
  const person = adult({ who: { label: 'Y.Z.', ageBand: 'adult', nextChange: null } })
  const of = { surface, people: [person], by: stage.by }
  const before = await sayWhoIsIn(db, stage.teacher, { ...of, version: source, nobody: false }, now)
  const { version } = await makePicture(db, { surface, source, coveredBy: stage.by })
  await placeVersion(db, stage.teacher, placing(stage, { surface, version }), now)
  const people = [adult({ who: { person: before.people[0] ?? '' } })]
  const { said } = await sayWhoIsIn(db, stage.teacher, { ...of, version, people, nobody: true }, now)
  const asked = { path: `/desk/pictures/${said}`, params: { said }, db, now, viewer: second }
  const { body } = await pageOf(Check, loadCheck, asked)
  expect(body.match(/<strong>Somebody \d<\/strong>/g)).toEqual(['<strong>Somebody 1</strong>'])
  const words = body.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')
  expect(words).toMatch(
    /it is about them, and they cannot be recognised.*Before, this was said: Their face\./,
  )
  expect(words).toContain('Yes, nobody can be recognised')
  expect(await press(said)).toMatchObject({ status: 303 })
  const [row] = (await standingOf(db, surface, now)).placements.filter((one) => one.version === version)
  expect(row?.people.map(({ missing }) => missing)).toEqual([[]])
})
