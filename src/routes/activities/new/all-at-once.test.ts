import { expect, test } from 'vitest'
import { testDatabase } from '../../../../test/db.ts'
import { makeWeek } from '../../../../test/make.ts'
import { ask } from '../../../../test/pages.ts'
import { actions } from './+page.server.ts'

const db = await testDatabase()
const now = new Date('2027-10-19T20:13:00Z')
await makeWeek(db)

const form = { kind: 'cafe', where: 'place', place: 'Leeds', private: '', email: 'jo@example.org' }
const press = async (over: Record<string, string>) => {
  const answer = await ask(actions['default'] as never, {
    path: '/activities/new',
    db,
    now,
    body: { ...form, ...over },
  })
  return answer as { status: number; data: { errors: Record<string, string>; values: object } }
}

test('everything that is wrong is said at once, in the order of the form', async () => {
  const wrong = { when: 'day', day: '2027-10-01', place: 'Xyzzyville', email: 'nobody' }
  const { status, data } = await press(wrong)
  expect(status).toBe(400)
  expect(Object.keys(data.errors)).toEqual(['day', 'town', 'email'])
  expect(data.values).toMatchObject(wrong)
  const rest = await press({ ...wrong, email: form.email })
  expect(Object.keys(rest.data.errors)).toEqual(['day', 'town'])
  const nowhere = await press({ when: 'time', timeDay: '2027-10-21', time: '10:00', place: '' })
  expect(Object.keys(nowhere.data.errors)).toEqual(['place'])
})

test('a time that has gone today is refused by the clock of its place', async () => {
  const { data } = await press({ when: 'time', timeDay: '2027-10-19', time: '06:00', place: 'Leeds, GB' })
  expect(data.errors).toEqual({ time: '06:00 has gone today. Please choose a later time or another day.' })
})
