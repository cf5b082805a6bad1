import { expect, test } from 'vitest'
import * as v from 'valibot'
import { theSite } from '#kernel/viewer.ts'
import { changedAsk, newAsk } from '#weeks/lists.ts'
import { asksOf } from '#weeks/server/reads.ts'
import { addAsk, changeAsk } from '#weeks/server/writes/asks.ts'
import { retireEntry } from '#weeks/server/writes/lists.ts'
import { saveWeek } from '#weeks/server/writes/week.ts'
import { testDatabase } from '../../../../test/db.ts'

const db = await testDatabase()
const now = new Date('2026-05-04T10:00Z')
const week = 2026
const makeWeek = (year: number, monday: string, from: number | null) => {
  const nothing = { theme: null, dayThemes: [], hashtag: null, announcement: null, policy: null }
  const form = { ...nothing, year, monday, name: `Week ${year}`, from, formKey: '', fresh: true }
  return saveWeek(db, theSite, form, now)
}

test('an ask ships with a week, is added and changed as it was read, and comes along', async () => {
  await makeWeek(week, '2026-10-19', null)
  expect((await asksOf(db, week)).map((one) => one.code)).toContain('visit-us')
  const typed = { week: String(week), name: 'Sing', words: 'Will you sing?', answer: 'yes-no' }
  const form = v.parse(newAsk, { ...typed, starters: 'We sing when\n\nYou would hear' })
  const code = await addAsk(db, theSite, { ...form, language: 'en' }, now)
  expect((await asksOf(db, week)).at(-1)).toMatchObject({
    code: 'sing',
    prompts: { en: { starters: ['We sing when', 'You would hear'], questions: [] } },
  })
  const change = (words: string) =>
    changeAsk(
      db,
      theSite,
      { ...v.parse(changedAsk, { ...typed, words, answer: 'date', code, revision: '1' }), language: 'en' },
      now,
    )
  await change('On which day will you sing?')
  await expect(change('Late')).rejects.toMatchObject({ key: 'refusal.stale' })
  await retireEntry(db, theSite, { list: 'asks', week, code: 'meet-us', retired: 'yes' }, now)
  await makeWeek(2027, '2027-10-18', week)
  const brought = await asksOf(db, 2027)
  expect(brought.map((one) => one.code)).not.toContain('meet-us')
  expect(brought.at(-1)).toMatchObject({ answer: 'date', words: { en: 'On which day will you sing?' } })
})
