import { expect, test } from 'vitest'
import { remindGuests, askHosts } from '#activities/server/tasks/by-the-clock.ts'
import { textIn } from '#kernel/messages.ts'
import { deliverAll, joinAs } from '../../test/guests.ts'
import { testDatabase } from '../../test/db.ts'
import { seedExample } from '../seed.ts'

const db = await testDatabase()

test('of the example nobody is written to but whoever gives their own address, and its banner says so', async () => {
  const now = new Date('2027-10-01T12:00:00Z')
  await seedExample(db, now)
  for (const moment of ['2027-10-18T12:00:00Z', '2027-10-20T18:00:00Z', '2027-10-25T12:00:00Z']) {
    await remindGuests(db, {}, new Date(moment))
    await askHosts(db, {}, new Date(moment))
  }
  expect(await db.selectFrom('mails').select('address').execute()).toEqual([])
  const { slug } = await db
    .selectFrom('activities')
    .select('slug')
    .where('example', '=', true)
    .where('state', '=', 'published')
    .where('takesRsvps', '=', true)
    .where('mode', '=', 'in-person')
    .where('privatePlace', '=', false)
    .where('series', 'is', null)
    .where('timing', '=', 'time')
    .where('capacity', 'is', null)
    .orderBy('slug')
    .limit(1)
    .executeTakeFirstOrThrow()
  await joinAs(db, slug, 'me@people.org')
  const letters = await deliverAll(db, now)
  expect(letters.length).toBeGreaterThan(0)
  expect(new Set(letters.map(({ to }) => to))).toEqual(new Set(['me@people.org']))
  const banner = textIn('en')('site.example')
  expect(banner).toContain('no mail goes to them')
  expect(banner).toContain('If you give your own address, we do write to it.')
})
