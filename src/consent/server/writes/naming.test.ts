import { describe, expect, test } from 'vitest'
import { renditionFor } from '#consent/server/reads/rendition.ts'
import { toCheck } from '#consent/server/reads/second-person.ts'
import { requestPermission } from '#consent/server/writes/asking.ts'
import { decide } from '#consent/server/writes/deciding.ts'
import { noticeNames } from '#consent/server/writes/naming.ts'
import { checkWhoIsIn, sayWhoIsIn } from '#consent/server/writes/saying.ts'
import { Refusal } from '#kernel/refusal.ts'
import { anybody } from '#kernel/viewer.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeWeek } from '../../../../test/make.ts'
import { adult, asking, deciding, stageFor, tellAndCheck } from '../../../../test/consent/stage.ts'

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-20T12:00:00Z')
const stage = await stageFor(db)
const seen = async (version: string, at: Date): Promise<boolean> =>
  (await renditionFor(db, anybody, { version, width: 640, format: 'jpg' }, at)) !== null

describe('rule 14: what was found', () => {
  const young = { label: 'Z', ageBand: '16-17' as const, nextChange: '2029-01-01' }
  const { teacher, vetted, lead, by } = stage
  const notice = (surface: string, words: string) =>
    noticeNames(
      db,
      teacher,
      { surface, texts: [{ place: 'title', version: null, number: null, words }], by },
      now,
    )
  /** A young person's picture with their own yes and their name in the title. */
  async function named(words: string) {
    const told = await tellAndCheck(stage, now, { people: [adult({ who: young, names: ['May Nagy'] })] })
    const { surface, person } = told
    await notice(surface, words)
    const ask = asking({ surface, person, by, route: 'young-person' })
    await decide(db, anybody, deciding(await requestPermission(db, teacher, ask, now)), now)
    return told
  }
  /** Says anew who is in it, as whoever posts does when they are stuck; answers what a second person can look at. */
  const again = async ({
    surface,
    version,
    person,
  }: {
    surface: string
    version: string
    person: string
  }) => {
    const people = [adult({ who: { person }, modes: ['face'] })]
    return (await sayWhoIsIn(db, teacher, { surface, version, people, nobody: false, by }, now)).said
  }

  test('a name that is taken out of the words stops nothing any more, and one that comes back does', async () => {
    const told = await named('May by the river')
    expect(await seen(told.version, now)).toBe(false)
    await notice(told.surface, 'By the river')
    expect(await seen(told.version, now)).toBe(true)
    await notice(told.surface, 'By the river, Mays day')
    expect(await seen(told.version, now)).toBe(false)
  })

  test('a second person says that a word is not their name: not whoever posted it, and other words are found again', async () => {
    const told = await named('A day in May')
    const said = await again(told)
    const { names } = await toCheck(db, vetted, said)
    expect(names).toMatchObject([{ person: told.person, label: 'Z' }])
    const wrong = names.map(({ id }) => id)
    await expect(checkWhoIsIn(db, teacher, { said, wrong, covered: [] }, now)).rejects.toThrow(Refusal)
    await checkWhoIsIn(db, vetted, { said, wrong, covered: [] }, now)
    expect(await seen(told.version, now)).toBe(true)
    expect(await notice(told.surface, 'A day in May')).toEqual([])
    expect(await seen(told.version, now)).toBe(true)
    await notice(told.surface, 'A day with May')
    expect(await seen(told.version, now)).toBe(false)
  })

  test('what a second person looked at is not what was written meanwhile', async () => {
    const told = await named('A day in May')
    const said = await again(told)
    const wrong = (await toCheck(db, vetted, said)).names.map(({ id }) => id)
    await notice(told.surface, 'A day with May')
    const late = checkWhoIsIn(db, vetted, { said, wrong, covered: [] }, now)
    await expect(late).rejects.toMatchObject({ key: 'consent.refusal.said-anew' })
    expect(await seen(told.version, now)).toBe(false)
  })

  test('a name that was said of the picture itself by mistake is taken back by a second person', async () => {
    const people = [adult({ who: young, modes: ['face', 'name'] })]
    const told = await tellAndCheck(stage, now, { people })
    const ask = asking({ surface: told.surface, person: told.person, by, route: 'young-person' })
    await decide(db, anybody, deciding(await requestPermission(db, teacher, ask, now)), now)
    const said = await again(told)
    const { appearances } = await toCheck(db, lead, said)
    expect(appearances.map(({ modes, before }) => ({ modes, before }))).toEqual([
      { modes: ['face', 'name'], before: true },
      { modes: ['face'], before: false },
    ])
    const wrong = appearances.filter(({ before }) => before).map(({ id }) => id)
    await checkWhoIsIn(db, lead, { said, wrong, covered: [] }, now)
    expect(await seen(told.version, now)).toBe(true)
    expect((await toCheck(db, lead, said)).appearances).toHaveLength(1)
  })
})
