import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { day, hour, minute } from '#kernel/limits.ts'
import { anybody } from '#kernel/viewer.ts'
import { letterToConfirm } from '#letters/server/reads/confirm.ts'
import { letterBy } from '#letters/server/reads/own.ts'
import { followLetters } from '#letters/server/tasks/follow.ts'
import { testDatabase } from '../../../../test/db.ts'
import { askFor, mailNames, makeLetter, makeOffice, makeQueued, stateOf } from '../../../../test/letters.ts'
import { makeWeek } from '../../../../test/make.ts'
import { confirmLetter, refuseLetter } from './confirm.ts'
import { confirmWord } from './send.ts'

const db = await testDatabase()
const now = new Date('2027-10-19T10:00:00Z')
const after = (length: number): Date => new Date(now.getTime() + length)
beforeAll(() => makeWeek(db))
beforeEach(async () => {
  await db.deleteFrom('rateCounts').execute()
  await db.deleteFrom('letters').execute()
  await db.deleteFrom('mails').execute()
})

const dueOf = async (id: string): Promise<string | undefined> =>
  (
    await db.selectFrom('deliveries').select('due').where('id', '=', id).executeTakeFirstOrThrow()
  ).due?.toISOString()
const wordFor = (letter: { id: string }): string => confirmWord(letter.id, 'ann@people.org')

describe('a letter that is to be sent from here', () => {
  test('is kept, waits for one press, and its writer is mailed the way there', async () => {
    const { ref } = await makeOffice(db)
    const made = await makeLetter(db, now, { offices: ref })
    await askFor(db, made, now)
    const letter = await letterBy(db, made.token)
    expect(letter?.kept?.words).toBe('He hums when he is happy.')
    expect(letter?.deliveries).toMatchObject([{ channel: 'from-here', state: 'confirming' }])
    expect(await mailNames(db)).toEqual(['letter-confirm'])
    const { params } = await db.selectFrom('mails').select('params').executeTakeFirstOrThrow()
    expect(params).toMatchObject({ link: expect.stringMatching(/\/letters\/confirm\/[\w-]{22}$/) })
    expect(JSON.stringify(params)).not.toContain('hums')
  })

  test('asked for twice it is one mail; with other words the old link does not send them unread', async () => {
    const { ref } = await makeOffice(db)
    const made = await makeLetter(db, now, { offices: ref })
    await Promise.all([askFor(db, made, now), askFor(db, made, now)])
    expect(await mailNames(db)).toEqual(['letter-confirm'])
    const read = await letterToConfirm(db, wordFor(made.letter), now)
    await askFor(db, made, now, { words: 'Something else.' })
    const press = { word: wordFor(made.letter), revision: read?.revision ?? 0 }
    await expect(confirmLetter(db, anybody, press, now)).rejects.toMatchObject({ key: 'refusal.stale' })
    expect(await mailNames(db)).toEqual(['letter-confirm', 'letter-confirm'])
  })

  test('goes only to public offices of the directory that can be reached', async () => {
    const typed = await makeLetter(db, now, {
      officeName: 'My neighbour',
      officeEmail: 'neighbour@people.org',
    })
    await expect(askFor(db, typed, now)).rejects.toMatchObject({ key: 'letters.send.not-known' })
    const { ref, email } = await makeOffice(db)
    const made = await makeLetter(db, now, { offices: ref })
    await db.updateTable('directoryContacts').set({ state: 'broken' }).where('value', '=', email).execute()
    await expect(askFor(db, made, now)).rejects.toMatchObject({
      key: 'letters.send.not-known',
      field: 'delivery',
    })
    await db.updateTable('letters').set({ example: true }).execute()
    await expect(askFor(db, made, now)).rejects.toMatchObject({ key: 'letters.send.example' })
    await expect(askFor(db, { ...made, token: 'forged' }, now)).rejects.toMatchObject({ kind: 'missing' })
    expect(await mailNames(db)).toEqual([])
  })

  test('leaves when it is pressed, once, and its erasing is counted from then', async () => {
    const { ref } = await makeOffice(db)
    const { deliveries, word, token } = await makeQueued(db, now, [ref])
    await confirmLetter(db, anybody, { word, revision: 2 }, after(minute))
    expect(await stateOf(db, deliveries[0] ?? '')).toBe('queued')
    expect(await dueOf(deliveries[0] ?? '')).toBe(now.toISOString())
    expect((await letterBy(db, token))?.erase).toEqual(after(28 * day))
  })

  test('waits for the hours of its office, for the end of its pause, and for the letter before it', async () => {
    const night = new Date('2027-10-19T22:00:00Z')
    const shared = 'clerk@council.org'
    const [one, two] = [await makeOffice(db, { email: shared }), await makeOffice(db, { email: shared })]
    const first = await makeQueued(db, night, [one.ref])
    const second = await makeQueued(db, night, [two.ref])
    expect(await dueOf(first.deliveries[0] ?? '')).toBe('2027-10-20T07:00:00.000Z')
    expect(await dueOf(second.deliveries[0] ?? '')).toBe('2027-10-20T07:02:00.000Z')
    const away = await makeOffice(db)
    await db
      .insertInto('directoryPauses')
      .values({
        organisation: away.organisation,
        fromDay: '2027-10-11',
        toDay: '2027-12-03',
        reason: 'recess',
      })
      .execute()
    const third = await makeQueued(db, now, [away.ref])
    expect(await dueOf(third.deliveries[0] ?? '')).toBe('2027-12-06T08:00:00.000Z')
    const read = await letterToConfirm(db, third.word, now)
    expect(read?.offices).toMatchObject([{ pause: 'recess' }])
    // Its words are not erased before it has gone.
    expect((await letterBy(db, third.token))?.erase?.toISOString()).toBe('2028-01-03T08:00:00.000Z')
  })

  test('is reminded of once, and called off after seven days', async () => {
    const { ref } = await makeOffice(db)
    const made = await makeLetter(db, now, { offices: ref })
    await askFor(db, made, now)
    for (const at of [23 * hour, 24 * hour, 30 * hour, 5 * day]) await followLetters(db, {}, after(at))
    expect(await mailNames(db)).toEqual(['letter-confirm', 'letter-confirm-again'])
    const press = { word: wordFor(made.letter), revision: 2 }
    await expect(confirmLetter(db, anybody, press, after(7 * day))).rejects.toMatchObject({
      key: 'letters.confirm.over',
    })
    await followLetters(db, {}, after(7 * day))
    expect(await stateOf(db, made.letter.deliveries[0]?.id ?? '')).toBe('failed')
  })

  test('that somebody did not write goes nowhere, and is erased at once', async () => {
    const { ref } = await makeOffice(db)
    const { deliveries, word } = await makeQueued(db, now, [ref])
    await refuseLetter(db, anybody, { word }, after(minute))
    expect(await stateOf(db, deliveries[0] ?? '')).toBe('failed')
    const row = await db.selectFrom('letters').selectAll().executeTakeFirstOrThrow()
    expect([row.words, row.sender, row.email, row.erased, row.notMe]).toEqual([
      null,
      null,
      null,
      after(minute),
      after(minute),
    ])
    expect(await mailNames(db)).toEqual([])
    expect(await letterToConfirm(db, word, now)).toBeNull()
  })

  test('does not change its words while it is on its way to somebody', async () => {
    const [one, two] = [await makeOffice(db), await makeOffice(db)]
    const made = await makeLetter(db, now, { offices: [one.ref, two.ref] })
    const [first] = made.letter.deliveries
    await askFor(db, made, now, { delivery: first?.id ?? '' })
    await confirmLetter(db, anybody, { word: wordFor(made.letter), revision: 2 }, now)
    const other = made.letter.deliveries[1]?.id ?? ''
    await expect(askFor(db, made, now, { delivery: other, words: 'Other words' })).rejects.toMatchObject({
      key: 'letters.send.under-way',
    })
    await askFor(db, made, now, { delivery: other })
    expect(await stateOf(db, other)).toBe('confirming')
  })
})
