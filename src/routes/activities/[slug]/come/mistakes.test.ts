import { expect, test } from 'vitest'
import { testDatabase } from '../../../../../test/db.ts'
import { makeActivity, makeWeek } from '../../../../../test/make.ts'
import { ask } from '../../../../../test/pages.ts'
import { actions } from './+page.server.ts'

const db = await testDatabase()
const now = new Date('2027-10-01T12:00:00Z')
await makeWeek(db)

async function wrongIn(slug: string, body: Record<string, string>) {
  const asked = {
    path: `/activities/${slug}/come`,
    params: { slug },
    db,
    now,
    body: { formKey: 'one', ...body },
  }
  const answer: unknown = await ask(actions['default'] as (event: unknown) => Promise<unknown>, asked)
  return (answer as { data: { errors: Record<string, string> } }).data.errors
}

test('all that is wrong is said at once, each at its field and in the order of the form', async () => {
  const { slug } = await makeActivity(db, {
    mode: 'hybrid',
    capacity: 2,
    occurrences: [{ day: '2027-10-19' }, { day: '2027-10-26' }],
  })
  const wrong = await wrongIn(slug, { email: 'me at home', seats: '1' })
  expect(Object.keys(wrong)).toEqual(['occurrence', 'joining', 'email'])
  const more = await wrongIn(slug, { email: 'me at home', joining: 'in-person', seats: '5' })
  expect(Object.keys(more)).toEqual(['occurrence', 'email', 'seats'])
  const rest = await wrongIn(slug, { email: 'me@people.org', joining: 'in-person', seats: '5' })
  expect(Object.keys(rest)).toEqual(['occurrence', 'seats'])
  expect(await db.selectFrom('rsvps').select('id').execute()).toEqual([])
})

test('of what cannot be come to, only what was typed is wrong', async () => {
  const { slug } = await makeActivity(db, { state: 'cancelled', mode: 'hybrid' })
  expect(Object.keys(await wrongIn(slug, { email: 'me at home' }))).toEqual(['email'])
})
