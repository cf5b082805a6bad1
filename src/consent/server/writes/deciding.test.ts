import { describe, expect, test } from 'vitest'
import { renditionFor } from '#consent/server/reads/rendition.ts'
import { surfacesOf, standingOf } from '#consent/server/reads/standing.ts'
import { anybody } from '#kernel/viewer.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeWeek } from '../../../../test/make.ts'
import { stageFor, tellAndAgree, tellAndCheck } from '../../../../test/consent/stage.ts'

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-20T12:00:00Z')
const stage = await stageFor(db)

describe('a picture of somebody', () => {
  test('is seen by everybody once they said yes, and by nobody before', async () => {
    const told = await tellAndCheck(stage, now)
    const wish = { version: told.version, width: 640, format: 'jpg' as const }
    expect(await renditionFor(db, anybody, wish, now)).toBeNull()
    console.log(JSON.stringify(await standingOf(db, told.surface, now), null, 1))
    const agreed = await tellAndAgree(stage, now)
    const shown = { version: agreed.version, width: 640, format: 'jpg' as const }
    expect(await renditionFor(db, anybody, shown, now)).toEqual({
      key: agreed.key,
      type: 'image/jpeg',
      bytes: 40_000,
    })
    console.log(JSON.stringify(await standingOf(db, agreed.surface, now), null, 1))
    console.log(await surfacesOf(db, [agreed.surface], now))
  })
})
