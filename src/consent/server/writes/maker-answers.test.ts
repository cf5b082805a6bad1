import { expect, test } from 'vitest'
import { renditionFor } from '#consent/server/reads/rendition.ts'
import { decidedHere } from '#consent/server/reads/sighting.ts'
import { standingOf } from '#consent/server/reads/standing.ts'
import { requestPermission } from '#consent/server/writes/asking.ts'
import { decide } from '#consent/server/writes/deciding.ts'
import { anybody } from '#kernel/viewer.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeWeek } from '../../../../test/make.ts'
import { asking, deciding, stageFor, tellAndCheck } from '../../../../test/consent/stage.ts'
import { refused } from '../../../../test/refused.ts'

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-20T12:00:00Z')
const stage = await stageFor(db)
const { teacher, vetted, by } = stage

const seenBy = async ({ version }: { version: string }): Promise<boolean> =>
  (await renditionFor(db, anybody, { version, width: 640, format: 'jpg' }, now)) !== null
const missingKeys = async (surface: string): Promise<string[]> =>
  (await standingOf(db, surface, now)).placements.flatMap(({ people }) =>
    people.flatMap(({ missing }) => missing.map(({ key }) => key)),
  )

test('rule 18: no yes comes by a signed-in account that posted it, said who is in it or checks it; a no always does, and another account is told of', async () => {
  const { reviewer, lead } = stage
  for (const viewer of [teacher, vetted, reviewer]) {
    const told = await tellAndCheck(stage, now)
    const asked = asking({ surface: told.surface, person: told.person, by })
    const { token, permission } = await requestPermission(db, teacher, asked, now)
    const yes = decide(db, viewer, deciding({ token, permission }), now)
    expect((await refused(yes)).key).toBe('consent.refusal.maker-answers')
    expect(await seenBy(told)).toBe(false)
    await decide(db, viewer, deciding({ token, permission, answer: 'no' }), now)
    expect(await missingKeys(told.surface)).toContain('consent.why.declined')
  }
  const told = await tellAndCheck(stage, now)
  const asked = asking({ surface: told.surface, person: told.person, by })
  const { token, permission } = await requestPermission(db, teacher, asked, now)
  await decide(db, lead, deciding({ token, permission }), now)
  expect(await seenBy(told)).toBe(true)
  expect(await decidedHere(db, reviewer, told.surface, now)).toMatchObject([
    { name: lead.name, signer: null },
  ])
})
