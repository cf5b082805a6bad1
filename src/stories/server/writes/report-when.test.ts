import { beforeAll, describe, expect, test } from 'vitest'
import { anybody } from '#kernel/viewer.ts'
import { reportPage } from '#stories/server/reads/own.ts'
import { storiesOfActivity } from '#stories/server/reads/wall.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeAudiences, makeWeek } from '../../../../test/make.ts'
import { refused } from '../../../../test/refused.ts'
import { after, reportsIn } from '../../../../test/reports.ts'

const db = await testDatabase()
const { held, press, reportOf } = reportsIn(db)
const before = new Date('2027-10-19T10:59:00Z')

beforeAll(async () => {
  await makeWeek(db)
  await makeAudiences(db)
})

describe('when it can be said', () => {
  test('not before it has ended', async () => {
    const { id, token } = await held()
    expect((await refused(press(token, {}, before))).key).toBe('stories.report.too-early')
    expect(await reportOf(id)).toBeUndefined()
    expect(await reportPage(db, anybody, token, before)).toMatchObject({
      open: 'too-early',
      timing: 'time',
      day: '2027-10-19',
    })
  })

  test('an act of a day can be told of on that day, wherever it is, and its page names that day', async () => {
    const { id, token } = await held({
      timing: 'day',
      startDay: '2027-10-18',
      endDay: '2027-10-24',
      zone: null,
    })
    const opening = new Date('2027-10-23T10:00:00Z')
    const early = new Date(opening.getTime() - 1)
    expect((await refused(press(token, {}, early))).key).toBe('stories.report.too-early')
    expect(await reportPage(db, anybody, token, early)).toMatchObject({
      open: 'too-early',
      timing: 'day',
      day: '2027-10-24',
    })
    await press(token, {}, opening)
    expect(await reportOf(id)).toMatchObject({ came: 8 })
  })

  test('when all dates were called off, the last of them counts', async () => {
    const occurrences = ['2027-10-18', '2027-10-20'].map((day) => ({ day, status: 'cancelled' as const }))
    const { token } = await held({ occurrences })
    expect(await reportPage(db, anybody, token, before)).toMatchObject({ day: '2027-10-20' })
  })

  test('a series after its first date that was not called off; its story waits for the last', async () => {
    const days = ['2027-10-18', '2027-10-19', '2027-10-26']
    const { id, token } = await held({
      occurrences: days.map((day) => ({ day, status: day === '2027-10-18' ? 'cancelled' : 'on' })),
    })
    expect((await refused(press(token, {}, before))).key).toBe('stories.report.too-early')
    await press(token, { words: 'A good start.' })
    await db
      .updateTable('stories')
      .set({ state: 'published', published: after })
      .where('activity', '=', id)
      .execute()
    expect(await storiesOfActivity(db, id, after)).toEqual([])
    expect(await storiesOfActivity(db, id, new Date('2027-10-26T12:00:00Z'))).toHaveLength(1)
  })

  test('some time this week: from the moment the week begins anywhere, and the report says it is over', async () => {
    const { id, token } = await held({ timing: 'week' })
    const opening = new Date('2027-10-17T10:00:00Z')
    const early = new Date(opening.getTime() - 1)
    expect((await refused(press(token, {}, early))).key).toBe('stories.report.too-early')
    // The week begins somewhere on its Sunday before, but its day is the Monday.
    expect(await reportPage(db, anybody, token, early)).toMatchObject({ timing: 'week', day: '2027-10-18' })
    await press(token, { words: 'Posted.' }, opening)
    await db
      .updateTable('stories')
      .set({ state: 'published', published: opening })
      .where('activity', '=', id)
      .execute()
    expect(await storiesOfActivity(db, id, opening)).toHaveLength(1)
  })

  test('not of one that was called off', async () => {
    const { token } = await held({ state: 'cancelled', published: '2027-09-01T00:00:00Z' })
    expect((await refused(press(token))).key).toBe('stories.report.not-held')
    expect(await reportPage(db, anybody, token, after)).toMatchObject({ open: 'not-held' })
  })

  test('a forged or expired link says what a missing one says', async () => {
    const { id, token } = await held()
    await db.updateTable('hostLinks').set({ expires: before }).where('activity', '=', id).execute()
    expect((await refused(press(token))).kind).toBe('missing')
    expect((await refused(press('x'.repeat(32)))).kind).toBe('missing')
    expect(await reportPage(db, anybody, token, after)).toBeNull()
  })
})
