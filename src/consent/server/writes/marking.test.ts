import { expect, test } from 'vitest'
import { surfacesOf, standingOf } from '#consent/server/reads/standing.ts'
import { requestPermission } from '#consent/server/writes/asking.ts'
import { decide } from '#consent/server/writes/deciding.ts'
import { markPerson } from '#consent/server/writes/people.ts'
import { restore } from '#consent/server/writes/taking-down.ts'
import { anybody } from '#kernel/viewer.ts'
import { asking, deciding, stageFor, tellAndAgree, tellAndCheck } from '../../../../test/consent/stage.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeWeek } from '../../../../test/make.ts'

const db = await testDatabase()
await makeWeek(db)
const stage = await stageFor(db)
const { lead, vetted, teacher } = stage
const now = new Date('2027-10-20T12:00:00Z')
const later = (days: number): Date => new Date(now.getTime() + days * 86_400_000)
const mark = (person: string, notLocatable: boolean, at: Date) =>
  markPerson(db, lead, { person, notLocatable, doNotShow: false }, at)
const view = async (surface: string, at: Date) => {
  const one = (await surfacesOf(db, [surface], at)).get(surface)
  return [one?.shown, one?.locatable]
}

test('rule 15: taking away that somebody must not be found shows nothing, and tells no place, until somebody other than the poster has looked', async () => {
  for (const days of [1, 20]) {
    const { surface, person } = await tellAndAgree(stage, now)
    await mark(person, true, now)
    expect(await view(surface, later(days))).toEqual([days === 20, false])
    await mark(person, false, later(days))
    expect(await view(surface, later(days))).toEqual([false, true])
    const bring = (viewer: typeof lead) =>
      restore(db, viewer, { surface, reason: 'They have moved.' }, later(days))
    await expect(bring(teacher)).rejects.toThrow()
    await bring(vetted)
    expect(await view(surface, later(days))).toEqual([true, true])
  }
})

test('rule 15: while somebody else in it must not be found, nothing is told of where, and nothing is stopped', async () => {
  const who = (label: string) => ({
    who: { label, ageBand: 'adult' as const, nextChange: null },
    modes: ['body' as const],
    names: [],
    seen: 'yes' as const,
  })
  const { surface, people } = await tellAndCheck(stage, now, { people: [who('A.A.'), who('B.B.')] })
  for (const person of people) {
    const asked = asking({ surface, person, by: stage.by })
    const { token, permission } = await requestPermission(db, teacher, asked, now)
    await decide(db, anybody, deciding({ token, permission }), now)
    await mark(person, true, now)
  }
  const [first = ''] = people
  await mark(first, false, later(20))
  expect(await view(surface, later(20))).toEqual([true, false])
})

test('whoever posted reads that it appears days later, and nothing of an activity that there is not', async () => {
  const { surface, person } = await tellAndAgree(stage, now)
  await mark(person, true, now)
  const { light, from, placements } = await standingOf(db, surface, later(1))
  expect([light, from]).toEqual(['green', later(14)])
  expect(placements[0]?.missing).toEqual([{ key: 'consent.why.later', params: {} }])
})
