import { expect, test } from 'vitest'
import { giveRole } from '#accounts/server/writes/roles.ts'
import { saveDuty } from '#accounts/server/writes/duty.ts'
import { tellBackup } from '#desk/server/tasks.ts'
import { raiseConcern } from '#desk/server/raise.ts'
import { anybody, theSite } from '#kernel/viewer.ts'
import { saveSettings } from '#site/server/writes.ts'
import { testDatabase } from '../../../test/db.ts'
import { makeActivity, makeWeek } from '../../../test/make.ts'
import { ask } from '../../../test/pages.ts'
import { load } from './+page.server.ts'
import { load as loadRoster } from './duty/+page.server.ts'

const db = await testDatabase()
await makeWeek(db)

test('whoever is on duty by the clock of the site is on the desk and hears of concerns, also where it is tomorrow already', async () => {
  const now = new Date('2027-10-18T20:30:00Z')
  await saveSettings(db, theSite, { zone: 'Pacific/Auckland' }, now)
  const people: string[] = []
  for (const name of ['yesterday', 'today', 'backup']) {
    await giveRole(db, theSite, { email: `${name}@people.test`, role: 'reviewer', name }, now)
    const { id } = await db
      .selectFrom('accounts')
      .select('id')
      .where('name', '=', name)
      .executeTakeFirstOrThrow()
    people.push(id)
  }
  const asked = { path: '/desk', db, now, viewer: theSite }
  const roster = await ask(loadRoster, asked)
  const today = String(roster?.['today'])
  expect(today).toBe('2027-10-19')
  const [yesterday = '', duty = '', backup = ''] = people
  const days = [
    { day: '2027-10-18', duty: yesterday, backup: null },
    { day: today, duty, backup },
  ]
  await saveDuty(db, theSite, { from: '2027-10-18', days }, now)

  expect(await ask(load, asked)).toMatchObject({
    duty: ['today'],
    backup: ['backup'],
  })
  const concern = { door: 'wrong', about: null, words: null, email: null, country: null } as const
  await raiseConcern(db, anybody, { ...concern, formKey: crypto.randomUUID() }, now)
  await makeActivity(db, { state: 'waiting', updated: '2027-10-16T10:00:00Z' })
  await tellBackup(db, {}, now)
  const mails = await db
    .selectFrom('mails')
    .select(['address', 'name', 'key', 'params'])
    .where('name', 'in', ['concern-duty', 'backup'])
    .execute()
  expect(mails).toMatchObject([
    {
      address: 'today@people.test',
      name: 'concern-duty',
      params: { when: 'Tuesday 19 October, 09:30 (New Zealand Daylight Time)' },
    },
    { address: 'backup@people.test', name: 'backup', key: 'backup:2027-10-19:backup@people.test' },
  ])
})
