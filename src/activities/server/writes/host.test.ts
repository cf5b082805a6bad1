import { beforeAll, describe, expect, it } from 'vitest'
import { makeActivity, makeHostLink, makeWeek, type ActivityOver } from '../../../../test/make.ts'
import { testDatabase } from '../../../../test/db.ts'
import { hostPage } from '#activities/server/reads/host.ts'
import { sendHostLinks } from '#activities/server/writes/host-links.ts'
import { changeState } from '#activities/server/writes/change-state.ts'
import {
  answerReview,
  bringBack,
  cancelActivity,
  confirmHost,
  leaveActivity,
  withdrawActivity,
} from '#activities/server/writes/host.ts'
import { removeUnconfirmedActivities } from '#activities/server/tasks/unconfirmed.ts'
import { repeatActivity } from '#activities/server/writes/repeat.ts'
import { mailToConfirm } from '#activities/server/writes/say.ts'
import { textIn, type MessageParams } from '#kernel/messages.ts'
import { Refusal } from '#kernel/refusal.ts'
import { anybody, theSite } from '#kernel/viewer.ts'
import { inTransaction } from '#platform/server/db.ts'

const db = await testDatabase()
const now = new Date('2027-09-01T10:00:00Z')
let count = 0

beforeAll(async () => {
  await makeWeek(db)
})

/** An activity with its host's link; the address has said yes unless it is unverified. */
async function held(over: ActivityOver = {}, email = `host${(count += 1)}@people.org`) {
  const activity = await makeActivity(db, { ...over, hostEmail: email })
  if (over.state === 'unverified') {
    await db.updateTable('hosts').set({ confirmed: null }).where('activity', '=', activity.id).execute()
  }
  return { ...activity, email, token: await makeHostLink(db, activity.id, email) }
}
const stateOf = async (id: string) =>
  (await db.selectFrom('activities').select('state').where('id', '=', id).executeTakeFirstOrThrow()).state
const mailsTo = async (address: string) =>
  (
    await db.selectFrom('mails').select('name').where('address', '=', address).orderBy('created').execute()
  ).map((mail) => mail.name)
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'was not refused',
    (thrown: unknown) => (thrown instanceof Refusal ? thrown.key : String(thrown)),
  )

describe('a host’s own page', () => {
  it('confirms by a press, never by reading, and pressing twice mails once', async () => {
    const one = await held({ state: 'unverified' })
    const page = await hostPage(db, one.token, 'en', now)
    expect(page).toMatchObject({ confirmed: false, state: 'unverified' })
    expect(await stateOf(one.id)).toBe('unverified')
    await Promise.all([1, 2, 3].map(() => confirmHost(db, anybody, one, now)))
    expect(await stateOf(one.id)).toBe('waiting')
    expect(await mailsTo(one.email)).toEqual(['activity-received'])
  })

  it('lists the fourth of a host whose three others are listed, but not after a declined one', async () => {
    const email = 'often@people.org'
    for (let at = 0; at < 3; at += 1) await held({}, email)
    const fourth = await held({ state: 'unverified' }, email)
    await confirmHost(db, anybody, fourth, now)
    expect(await stateOf(fourth.id)).toBe('published')
    await held({ state: 'declined' }, email)
    const sixth = await held({ state: 'unverified' }, email)
    await confirmHost(db, anybody, sixth, now)
    expect(await stateOf(sixth.id)).toBe('waiting')
  })

  it('does not count what somebody wrote with another’s address and never confirmed', async () => {
    const email = 'not-mine@people.org'
    for (let at = 0; at < 3; at += 1) {
      const { id } = await held({}, email)
      await db.updateTable('hosts').set({ confirmed: null }).where('activity', '=', id).execute()
    }
    const one = await held({ state: 'unverified' }, email)
    await confirmHost(db, anybody, one, now)
    expect(await stateOf(one.id)).toBe('waiting')
  })

  it('promises in the mail what the press will do: a known host’s is read by nobody first', async () => {
    await db.insertInto('accounts').values({ email: 'known@people.org', name: '', trusted: true }).execute()
    const firstOf = async (email: string) => {
      const { id } = await held({ state: 'unverified' }, email)
      await inTransaction(db, (trx) => mailToConfirm(trx, { id, email }, now))
      const mail = await db
        .selectFrom('mails')
        .select('params')
        .where('address', '=', email)
        .executeTakeFirstOrThrow()
      return textIn('en')('mail.activity-confirm.text', {
        ...(mail.params as MessageParams),
        siteName: 'Week',
      })
    }
    expect(await firstOf('known@people.org')).toContain('it joins the list at once')
    expect(await firstOf('new@people.org')).toContain('when one of us has read it')
  })

  it('lists a trusted host’s at once', async () => {
    await db.insertInto('accounts').values({ email: 'trusted@people.org', name: '', trusted: true }).execute()
    const one = await held({ state: 'unverified' }, 'trusted@people.org')
    await confirmHost(db, anybody, one, now)
    expect(await stateOf(one.id)).toBe('published')
  })

  it.each(['', 'forged', '\u0000', '🫖'.repeat(50), 'a'.repeat(32)])('opens nothing to %j', async (token) => {
    expect(await refusal(hostPage(db, token, 'en', now))).toBe('refusal.link')
    expect(await refusal(confirmHost(db, anybody, { token }, now))).toBe('refusal.link')
    expect(await refusal(cancelActivity(db, anybody, { token, reason: 'no' }, now))).toBe('refusal.link')
  })

  it('opens nothing once a link has ended', async () => {
    const one = await held()
    expect(await refusal(hostPage(db, one.token, 'en', new Date('2029-02-01T00:00:00Z')))).toBe(
      'refusal.link',
    )
  })

  it('lets nobody cancel before the address has said yes', async () => {
    const one = await held({ state: 'unverified' })
    expect(await refusal(cancelActivity(db, anybody, { ...one, reason: 'ill' }, now))).toBe(
      'edit.refusal.confirm',
    )
  })

  it('takes away what was said with somebody else’s address', async () => {
    const one = await held({ state: 'unverified' })
    await withdrawActivity(db, anybody, { ...one, reason: null }, now)
    expect(await stateOf(one.id)).toBe('withdrawn')
  })

  it('cancels with a reason and comes back onto the list', async () => {
    const one = await held()
    await cancelActivity(db, anybody, { ...one, reason: 'Our room is flooded' }, now)
    expect(await hostPage(db, one.token, 'en', now)).toMatchObject({
      state: 'cancelled',
      reason: 'Our room is flooded',
      listed: true,
      back: 'published',
    })
    await bringBack(db, anybody, one, now)
    expect(await stateOf(one.id)).toBe('published')
  })

  it('brings back what its host took away, to be read again', async () => {
    const one = await held()
    await withdrawActivity(db, anybody, { ...one, reason: null }, now)
    await bringBack(db, anybody, one, now)
    expect(await stateOf(one.id)).toBe('waiting')
  })

  it('does not bring back what a reviewer took down', async () => {
    const one = await held()
    await inTransaction(db, (trx) =>
      changeState(trx, theSite, { id: one.id, to: 'withdrawn', mover: 'reviewer', reason: 'No' }, now),
    )
    expect(await hostPage(db, one.token, 'en', now)).toMatchObject({ back: null, takenDown: true })
    expect(await refusal(bringBack(db, anybody, one, now))).toBe('edit.refusal.taken-down')
    expect(await stateOf(one.id)).toBe('withdrawn')
  })

  it('answers a question and waits to be read again', async () => {
    const one = await held({ state: 'asked-for-more' })
    await answerReview(db, anybody, { ...one, answer: 'The door is wide.' }, now)
    await answerReview(db, anybody, { ...one, answer: 'Pressed again.' }, now)
    expect(await stateOf(one.id)).toBe('waiting')
    const changes = await db
      .selectFrom('activityChanges')
      .select('reason')
      .where('activity', '=', one.id)
      .execute()
    expect(changes).toEqual([{ reason: 'The door is wide.' }])
  })

  it('lets a co-host go but not whoever said it', async () => {
    const one = await held()
    expect(await refusal(leaveActivity(db, anybody, one, now))).toBe('edit.refusal.host-stays')
    const email = 'co@people.org'
    await db
      .insertInto('hosts')
      .values({ activity: one.id, email, part: 'co-host', confirmed: now })
      .execute()
    const token = await makeHostLink(db, one.id, email)
    await leaveActivity(db, anybody, { token }, now)
    expect(await refusal(hostPage(db, token, 'en', now))).toBe('refusal.link')
  })
})

describe('sending links again', () => {
  it('mails fresh links that open, and says the same to a stranger', async () => {
    const one = await held()
    await sendHostLinks(db, anybody, { email: one.email, formKey: 'a' }, now)
    await sendHostLinks(db, anybody, { email: one.email, formKey: 'a' }, now)
    await sendHostLinks(db, anybody, { email: 'stranger@people.org', formKey: 'a' }, now)
    const mails = await db.selectFrom('mails').selectAll().where('name', '=', 'link-again').execute()
    expect(mails.map((mail) => mail.address)).toEqual([one.email])
    const links = String((mails[0]?.params as { links?: string } | undefined)?.links)
    expect(links).toMatch(/Tuesday 19 October 2027[^\n]*\nhttp/)
    const token = /\/edit\/(\S+)/.exec(links)?.[1] ?? ''
    expect(await hostPage(db, token, 'en', now)).toMatchObject({ slug: one.slug })
  })

  it('tells activities of several years apart by their dates', async () => {
    const { email } = await held({ timing: 'week', title: 'Ten minutes' })
    const before = await makeWeek(db, { year: 2026, monday: '2026-10-12', name: 'Week 2026' })
    await makeActivity(db, {
      week: before.year,
      timing: 'week',
      title: 'Ten minutes',
      hostEmail: email,
    })
    await sendHostLinks(db, anybody, { email, formKey: 'b' }, now)
    const mails = await db.selectFrom('mails').selectAll().where('address', '=', email).execute()
    const links = JSON.stringify(mails.find(({ name }) => name === 'link-again')?.params)
    expect(links).toMatch(/Some time in the week of 18\s–\s24 October 2027/)
    expect(links).toMatch(/Some time in the week of 12\s–\s18 October 2026/)
  })
})

describe('again next year', () => {
  it('says plainly when the next week has no date, then copies onto the same day once', async () => {
    const one = await held()
    expect(await refusal(repeatActivity(db, anybody, { ...one, formKey: '' }, now))).toBe('edit.repeat.none')
    await makeWeek(db, { year: 2028, monday: '2028-10-16', name: 'Week 2028' })
    const later = new Date('2028-03-01T10:00:00Z')
    const all = []
    for (let at = 0; at < 2; at += 1) {
      all.push(await repeatActivity(db, anybody, { ...one, formKey: String(at) }, later))
    }
    const copies = await db.selectFrom('activities').selectAll().where('repeats', '=', one.id).execute()
    expect(copies).toHaveLength(1)
    expect(copies[0]).toMatchObject({
      week: 2028,
      state: 'unverified',
      startDay: '2028-10-17',
      town: 'Leeds',
      title: 'Coffee morning',
    })
    expect(copies[0]?.startLocal?.replace(' ', 'T')).toMatch(/^2028-10-17T10:00/)
    expect(await hostPage(db, all[1]?.token ?? '', 'en', later)).toMatchObject({ slug: copies[0]?.slug })
  })

  it('shows a copy to nobody until its host puts it on the list, of a trusted host too', async () => {
    const email = 'trusted-again@people.org'
    for (let at = 0; at < 3; at += 1) await held({}, email)
    const one = await held({}, email)
    const later = new Date('2028-03-01T10:00:00Z')
    const copy = await repeatActivity(db, anybody, { ...one, formKey: 'copy' }, later)
    const page = await hostPage(db, copy.token, 'en', later)
    expect(page).toMatchObject({ state: 'unverified', confirmed: true, listed: false })
    const month = new Date('2028-04-01T10:00:00Z')
    await removeUnconfirmedActivities(db, month)
    await confirmHost(db, anybody, copy, month)
    expect(await hostPage(db, copy.token, 'en', month)).toMatchObject({ state: 'published', listed: true })
  })

  it('lets go of a copy that was never put on the list once it is over', async () => {
    const one = await held()
    const copy = await repeatActivity(
      db,
      anybody,
      { ...one, formKey: 'over' },
      new Date('2028-03-01T10:00:00Z'),
    )
    await removeUnconfirmedActivities(db, new Date('2028-12-01T10:00:00Z'))
    expect(await refusal(hostPage(db, copy.token, 'en', new Date('2028-12-01T10:00:00Z')))).toBe(
      'refusal.link',
    )
  })

  it('puts no copy on the list by a co-host’s yes', async () => {
    const one = await held({ state: 'unverified' })
    await db
      .insertInto('hosts')
      .values({ activity: one.id, email: 'co-yes@people.org', name: '', part: 'co-host', created: now })
      .execute()
    await confirmHost(db, anybody, { token: await makeHostLink(db, one.id, 'co-yes@people.org') }, now)
    expect(await stateOf(one.id)).toBe('unverified')
  })
})
