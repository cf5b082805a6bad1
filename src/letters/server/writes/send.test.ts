import { sql } from 'kysely'
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { day, hour, minute } from '#kernel/limits.ts'
import { anybody, theSite } from '#kernel/viewer.ts'
import { letterToConfirm } from '#letters/server/reads/confirm.ts'
import { letterBy } from '#letters/server/reads/own.ts'
import { composeLetter } from '#letters/server/tasks/compose.ts'
import { followLetters } from '#letters/server/tasks/follow.ts'
import { testDatabase } from '../../../../test/db.ts'
import { askFor, mailNames, makeLetter, makeOffice, makeQueued, stateOf } from '../../../../test/letters.ts'
import { makeWeek } from '../../../../test/make.ts'
import { confirmLetter, refuseLetter } from './confirm.ts'
import { callOff } from './call-off.ts'
import { addPause, endPause } from './pauses.ts'
import { confirmWord } from './send.ts'
import { eraseLetter } from './words.ts'

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

  test('to several offices is one mail and one yes, and each has its own turn: the one that was shown', async () => {
    const shared = 'clerk@council.org'
    const made = [await makeOffice(db, { email: shared }), await makeOffice(db, { email: shared })]
    const abroad = await makeOffice(db, { email: 'z@county.org' })
    const offices = [...made, abroad].map(({ ref }) => ref)
    const letter = await makeLetter(db, now, { offices })
    const zone = 'America/New_York'
    await db.updateTable('deliveries').set({ zone }).where('email', '=', abroad.email).execute()
    await askFor(db, letter, now)
    expect(await mailNames(db)).toEqual(['letter-confirm'])
    const word = wordFor(letter.letter)
    const read = await letterToConfirm(db, word, now)
    const press = () => confirmLetter(db, anybody, { word, revision: read?.revision ?? 0 }, now)
    await Promise.all([press(), press()])
    const dues = await Promise.all((read?.offices ?? []).map(({ id }) => dueOf(id)))
    expect(dues).toEqual(read?.offices.map(({ due }) => due?.toISOString()))
    expect(dues).toEqual(['2027-10-19T10:00:00.000Z', '2027-10-19T10:02:00.000Z', '2027-10-19T12:00:00.000Z'])
    expect(await mailNames(db)).toEqual(['letter-confirm'])
  })

  test('leaves out examples, which are never sent, without a mail for each', async () => {
    vi.stubEnv('SMTP_URL', 'smtp://127.0.0.1:9')
    const emails = ['clerk@council.org', 'clerk@council.example', 'chair@council.example']
    const offices = await Promise.all(emails.map((email) => makeOffice(db, { email })))
    const { word, deliveries } = await makeQueued(
      db,
      now,
      offices.map(({ ref }) => ref),
    )
    const states = await Promise.all(deliveries.map((id) => stateOf(db, id)))
    vi.unstubAllEnvs()
    expect(states.toSorted()).toEqual(['failed', 'failed', 'queued'])
    expect((await letterToConfirm(db, word, now))?.offices.map(({ why }) => why).toSorted()).toEqual([
      'example',
      'example',
      null,
    ])
    expect(await mailNames(db)).toEqual(['letter-confirm'])
  })

  test('goes to at most twenty offices, however often it is asked', async () => {
    const refs = await Promise.all(Array.from({ length: 20 }, () => makeOffice(db)))
    const made = await makeLetter(db, now, { offices: refs.map(({ ref }) => ref) })
    await askFor(db, made, now)
    const { delivery } = await db
      .insertInto('deliveries')
      .columns(['letter', 'office', 'email', 'channel', 'code', 'post'])
      .expression((on) =>
        on
          .selectFrom('deliveries')
          .select(['letter', 'office', 'email', 'channel', on.val('ZZZZ-ZZZZ').as('code'), 'post'])
          .limit(1),
      )
      .returning('id as delivery')
      .executeTakeFirstOrThrow()
    await expect(askFor(db, made, now, { delivery })).rejects.toMatchObject({
      key: 'letters.send.too-many',
      field: 'delivery',
    })
  })

  test('shows its writer all that its offices will read, their postal address and who signed as well', async () => {
    const { ref } = await makeOffice(db)
    const made = await makeLetter(db, now, { offices: ref })
    await askFor(db, made, now)
    await db
      .insertInto('signatures')
      .values({
        letter: made.letter.id,
        shown: 'a parent in Leeds',
        email: 's@people.org',
        token: Buffer.from('s'),
        confirmed: now,
      })
      .execute()
    const { mail } = (await letterToConfirm(db, wordFor(made.letter), now)) ?? {}
    const sent = await composeLetter(db, made.letter.deliveries[0]?.id ?? '', 'A Bit Extra')
    expect(mail?.text).toContain('1 Long Road\nLeeds LS1 1AA\n\nSigned as well by:\na parent in Leeds')
    expect(sent?.text.startsWith(`${mail?.text}\n\n-- \n`)).toBe(true)
    expect(sent).toMatchObject({ replyTo: mail?.replyTo, subject: mail?.subject })
    expect(mail?.foot).not.toContain('seal=')
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
    // Without the pause they leave at once, one after the other.
    const fourth = await makeQueued(db, now, [away.ref])
    const pause = await db.selectFrom('directoryPauses').select('id').executeTakeFirstOrThrow()
    const asked: string[] = []
    const watched = db.withPlugin({
      transformQuery: ({ node }) => {
        asked.push(JSON.stringify(node))
        return node
      },
      transformResult: async ({ result }) => result,
    })
    await endPause(watched, theSite, pause, now)
    expect(asked.filter((node) => /^\{"kind":"Select.*directory_?pauses/i.test(node))).toHaveLength(1)
    expect(await dueOf(third.deliveries[0] ?? '')).toBe('2027-10-19T10:00:00.000Z')
    expect(await dueOf(fourth.deliveries[0] ?? '')).toBe('2027-10-19T10:02:00.000Z')
    const job = sql<{ due: Date }>`select run_at as due from graphile_worker.jobs
      where key = ${`letter:${third.deliveries[0]}`}`
    expect((await job.execute(db)).rows).toEqual([{ due: now }])
    // A pause that is written down later moves those that wait at once, in their order.
    const again = { organisation: away.organisation, from: '2027-10-11', to: '2027-12-03' }
    await addPause(db, theSite, { ...again, reason: 'recess' }, after(-minute))
    expect(await dueOf(third.deliveries[0] ?? '')).toBe('2027-12-06T08:00:00.000Z')
    expect(await dueOf(fourth.deliveries[0] ?? '')).toBe('2027-12-06T08:02:00.000Z')
    expect((await job.execute(db)).rows).toEqual([{ due: new Date('2027-12-06T08:00:00Z') }])
    expect((await letterBy(db, fourth.token))?.erase?.toISOString()).toBe('2028-01-03T08:02:00.000Z')
  })

  test('is reminded of once each time it is asked for, and called off after seven days', async () => {
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
    // Its page says that it can be asked for again.
    await askFor(db, made, after(8 * day))
    expect(await stateOf(db, made.letter.deliveries[0]?.id ?? '')).toBe('confirming')
    for (const at of [8.5, 9, 10]) await followLetters(db, {}, after(at * day))
    expect((await mailNames(db)).slice(2)).toEqual(['letter-confirm', 'letter-confirm-again'])
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

  test('can be called off until it leaves, and asked for anew with another e-mail', async () => {
    const [one, two] = [await makeOffice(db), await makeOffice(db)]
    const made = await makeLetter(db, now, { offices: [one.ref, two.ref] })
    const [first = '', second = ''] = made.letter.deliveries.map(({ id }) => id)
    await askFor(db, made, now, { delivery: [first, second] })
    await callOff(db, anybody, { token: made.token, delivery: first }, now)
    const read = await letterToConfirm(db, wordFor(made.letter), now)
    expect(
      read?.offices.map(({ id }) => id),
      'its yes is about the other alone',
    ).toEqual([second])
    await confirmLetter(db, anybody, { word: wordFor(made.letter), revision: read?.revision ?? 0 }, now)
    for (const at of [now, after(minute)]) {
      await callOff(db, anybody, { token: made.token, delivery: second }, at)
    }
    expect(await Promise.all([first, second].map((id) => stateOf(db, id)))).toEqual(['planned', 'planned'])
    expect(await dueOf(second)).toBeUndefined()
    expect(await letterToConfirm(db, wordFor(made.letter), now), 'the link leads nowhere').toBeNull()
    await askFor(db, made, now, { delivery: first, email: 'ann@right.org' })
    expect(await mailNames(db, 'ann@right.org')).toEqual(['letter-confirm'])
    await eraseLetter(db, anybody, { token: made.token }, now)
    expect(await stateOf(db, first), 'what is erased waits for no yes').toBe('planned')
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
