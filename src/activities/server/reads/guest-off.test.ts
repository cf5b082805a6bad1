import { sql } from 'kysely'
import { beforeEach, expect, test } from 'vitest'
import type { Off } from '#activities/rsvp.ts'
import { guestCalendar } from '#activities/server/guest-calendar.ts'
import { readGuestPage } from '#activities/server/reads/guest-page.ts'
import { guestByWord } from '#activities/server/reads/rsvp.ts'
import { tellGuestsItIsOff } from '#activities/server/tasks/changed.ts'
import { changeState, type StateChange } from '#activities/server/writes/change-state.ts'
import { isMessageKey, textIn } from '#kernel/messages.ts'
import { anybody, theSite } from '#kernel/viewer.ts'
import { inTransaction } from '#platform/server/db.ts'
import { testDatabase } from '../../../../test/db.ts'
import { early, queued, withGuest, wordOf } from '../../../../test/guests.ts'
import { makeWeek } from '../../../../test/make.ts'

const db = await testDatabase()
const text = textIn('en')
await makeWeek(db)
beforeEach(async () => {
  for (const table of ['activities', 'mails', 'rateCounts'] as const) await db.deleteFrom(table).execute()
  await sql`delete from graphile_worker._private_jobs`.execute(db)
})

type Step = Pick<StateChange, 'to' | 'mover'>
const reason = 'REASON'

/** Somebody comes, and then it goes the way of the step; answers the guest's page, calendar, and the mails that guests are owed. */
async function after(step: Step | 'date') {
  const { id } = await withGuest(db)
  if (step === 'date') {
    await db.updateTable('occurrences').set({ status: 'cancelled' }).where('activity', '=', id).execute()
    await tellGuestsItIsOff(db, { activity: id }, early)
  } else {
    await inTransaction(db, (trx) => changeState(trx, theSite, { id, reason, ...step }, early))
    const told = await sql<{ n: number }>`select count(*)::int as n from graphile_worker.jobs
      where task_identifier = 'activity.cancelled'`.execute(db)
    if (told.rows[0]?.n) await tellGuestsItIsOff(db, { activity: id }, early)
  }
  const token = await wordOf(db, 'ann@people.org')
  const page = await readGuestPage(db, anybody, { token, language: 'en' }, early)
  const guest = await guestByWord(db, token)
  if (!page || !guest) throw new Error('The guest is gone')
  const mails = (await queued(db)).filter((mail) => mail.endsWith('ann@people.org'))
  return { page, calendar: guestCalendar(guest, early), mails }
}

test.each<[Step | 'date', Off, string[]]>([
  [{ to: 'cancelled', mover: 'host' }, 'called-off', ['activity-cancelled']],
  ['date', 'date-off', ['activity-cancelled']],
  [{ to: 'withdrawn', mover: 'host' }, 'taken-away', ['activity-cancelled']],
  [{ to: 'declined', mover: 'reviewer' }, 'not-shown', ['activity-not-shown']],
  [{ to: 'withdrawn', mover: 'reviewer' }, 'not-shown', []],
])('after %j a guest reads "%s" and has %j by mail', async (step, off, mails) => {
  const found = await after(step)
  expect(found.page.off).toBe(off)
  expect(found.mails).toEqual(mails.map((name) => `${name} → ann@people.org`))
  for (const key of [`guest.off.${off}`, `guest.off.${off}.words`]) expect(isMessageKey(key)).toBe(true)
})

test('of what is not shown nobody says that its host called it off, or why, or that it will not happen', async () => {
  for (const step of [
    { to: 'declined', mover: 'reviewer' },
    { to: 'withdrawn', mover: 'reviewer' },
  ] as const) {
    const { page, calendar } = await after(step)
    expect(JSON.stringify(page)).not.toContain(reason)
    expect(page.readable).toBe(false)
    expect(calendar).toContain('STATUS:TENTATIVE')
    expect(calendar).not.toContain('CANCEL')
    const params = await db
      .selectFrom('mails')
      .select('params')
      .where('address', '=', 'ann@people.org')
      .execute()
    expect(JSON.stringify(params)).not.toContain(reason)
    await db.deleteFrom('activities').execute()
    await db.deleteFrom('mails').execute()
  }
  const words = [
    'guest.off.not-shown',
    'guest.off.not-shown.words',
    'mail.activity-not-shown.text',
    'come.off',
  ] as const
  for (const key of words)
    expect(
      text(key, { title: '', when: '', where: '', listLink: '', siteName: '', stopLink: '' }),
    ).not.toMatch(/called it off|will not happen|does not happen/i)
})

test('what the host called off says why, as the mail did', async () => {
  const { page, calendar } = await after({ to: 'cancelled', mover: 'host' })
  expect(page).toMatchObject({ off: 'called-off', reason, readable: true })
  expect(calendar).toContain('STATUS:CANCELLED')
})
