import { describe, expect, test } from 'vitest'
import { renditionFor } from '#consent/server/reads/rendition.ts'
import { askForCircle } from '#consent/server/writes/placing.ts'
import { anybody } from '#kernel/viewer.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeMember, makeOrganisation } from '../../../../test/organisations.ts'
import { makeWeek } from '../../../../test/make.ts'
import { stageFor, tellAndAgree } from '../../../../test/consent/stage.ts'

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-20T12:00:00Z')
const stage = await stageFor(db)
const { lead, teacher } = stage
const seen = async (told: { version: string }, at: Date, viewer = anybody): Promise<boolean> =>
  (await renditionFor(db, viewer, { version: told.version, width: 640, format: 'jpg' }, at)) !== null

describe('circles', () => {
  test('what is for the organisation is seen by its members, and by nobody else', async () => {
    const told = await tellAndAgree(stage, now)
    await askForCircle(db, teacher, { surface: told.surface, circle: 2, by: stage.by }, now)
    const elsewhere = await makeMember(db, (await makeOrganisation(db)).id, {
      name: 'other-school',
      vetted: true,
    })
    expect([await seen(told, now, teacher), await seen(told, now, lead)]).toEqual([true, true])
    expect([await seen(told, now), await seen(told, now, elsewhere)]).toEqual([false, false])
  })

  test('what is for vetted practitioners is seen by those of any organisation', async () => {
    const told = await tellAndAgree(stage, now)
    await askForCircle(db, teacher, { surface: told.surface, circle: 4, by: stage.by }, now)
    const elsewhere = await makeMember(db, (await makeOrganisation(db)).id, {
      name: 'far-vetted',
      vetted: true,
    })
    const member = await makeMember(db, (await makeOrganisation(db)).id, { name: 'far-member' })
    expect([await seen(told, now, elsewhere), await seen(told, now, member), await seen(told, now)]).toEqual([
      true,
      false,
      false,
    ])
  })
})
