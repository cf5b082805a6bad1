import { sql } from 'kysely'
import type { HostAnswer, HostMessage } from '#activities/rsvp.ts'
import { mailGuest, mailMovedUp } from '#activities/server/guest-mail.ts'
import { hostByToken } from '#activities/server/reads/host-link.ts'
import { activityBy, guestFacts, guestsBy, type Guest } from '#activities/server/reads/rsvp.ts'
import { placeInLine } from '#activities/server/reads/seats.ts'
import { lockActivity, settleSeats } from '#activities/server/writes/seats.ts'
import { day } from '#kernel/limits.ts'
import { Refusal, missing } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { writeDown } from '#platform/server/audit.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { onceOnly } from '#platform/server/form-keys.ts'
import { countOrRefuse } from '#platform/server/rates.ts'

async function lockHosted(trx: Trx, token: string, now: Date) {
  const host = await hostByToken(trx, token, now)
  if (!host) throw new Refusal('missing', 'refusal.link')
  return lockActivity(trx, 'id', host.activity)
}

/** The host says yes or no to one guest. With a yes they get a seat, or their place in the line as of when they confirmed; a no is passed on with its reason, and what they told the host is deleted. The same answer again changes nothing. */
export async function answerGuest(
  db: Db,
  viewer: Viewer,
  input: HostAnswer,
  now: Date,
): Promise<{ token: string }> {
  return inTransaction(db, async (trx) => {
    const activity = await lockHosted(trx, input.token, now)
    const [guest] = await guestsBy(trx, [input.rsvp])
    if (!guest || guest.rsvp.activity !== activity.id) throw missing()
    const yes = input.answer === 'yes'
    if (yes ? guest.rsvp.accepted : guest.rsvp.state === 'not-accepted') return { token: input.token }
    if (guest.rsvp.state !== 'asked') throw new Refusal('conflict', 'guests.not-asking')
    const facts = guestFacts(guest, now)
    if (facts.off || facts.over) throw new Refusal('conflict', facts.off ? 'come.off' : 'come.over')
    const before = await settleSeats(trx, activity, now)
    const moved = yes ? await accept(trx, guest, now) : await notAccept(trx, guest, input.reason, now)
    await writeDown(trx, viewer, {
      action: yes ? 'rsvp.accepted' : 'rsvp.not-accepted',
      subject: `activities:${activity.id}`,
      details: { rsvp: guest.rsvp.id },
      byLink: true,
    })
    const others = [...before, ...moved].filter((id) => id !== guest.rsvp.id)
    await mailMovedUp(trx, others, now)
    return { token: input.token }
  })
}

async function accept(trx: Trx, guest: Guest, now: Date): Promise<string[]> {
  await trx
    .updateTable('rsvps')
    .set({
      state: 'waiting',
      accepted: now,
      waitingSince: guest.rsvp.confirmed ?? now,
      updated: now,
      revision: sql`revision + 1`,
    })
    .where('id', '=', guest.rsvp.id)
    .execute()
  const moved = await settleSeats(trx, guest.activity, now)
  const [after] = await guestsBy(trx, [guest.rsvp.id])
  if (after?.rsvp.state === 'going') {
    const mail = { name: 'rsvp-accepted', key: `rsvp-answered:${after.rsvp.revision}` } as const
    await mailGuest(trx, after, { ...mail, urgency: 'answer', calendar: true }, now)
  } else if (after) {
    const params = { position: await placeInLine(trx, after.rsvp) }
    const mail = { name: 'rsvp-accepted-waiting', key: `rsvp-answered:${after.rsvp.revision}` } as const
    await mailGuest(trx, after, { ...mail, urgency: 'answer', params }, now)
  }
  return moved
}

async function notAccept(trx: Trx, guest: Guest, reason: string | null, now: Date): Promise<string[]> {
  const { id, revision } = guest.rsvp
  await trx
    .updateTable('rsvps')
    .set({ state: 'not-accepted', reason, waitingSince: null, updated: now, revision: revision + 1 })
    .where('id', '=', id)
    .execute()
  await trx.deleteFrom('accessRequests').where('rsvp', '=', id).execute()
  const mail = { name: 'rsvp-not-accepted', key: `rsvp-answered:${revision + 1}` } as const
  await mailGuest(trx, guest, { ...mail, urgency: 'answer', params: { reason: reason ?? '' } }, now)
  return []
}

/** Passes the host's words on to everybody who comes, waits or has asked, once a day at most; the host never sees an address, and an answer to the mail reaches nobody's. Answers how many people it goes to. */
export async function messageGuests(
  db: Db,
  viewer: Viewer,
  input: HostMessage,
  now: Date,
): Promise<{ token: string; count: number }> {
  return inTransaction(db, (trx) =>
    onceOnly(trx, 'message-guests', input.formKey, async () => {
      const activity = await lockHosted(trx, input.token, now)
      const whole = await activityBy(trx, 'id', activity.id)
      if (!whole || ['unverified', 'declined', 'withdrawn'].includes(whole.state)) throw missing()
      const since = new Date(now.getTime() - 30 * day)
      const rows = await trx
        .selectFrom('rsvps')
        .leftJoin('occurrences', 'occurrences.id', 'rsvps.occurrence')
        .select('rsvps.id')
        .where('rsvps.activity', '=', activity.id)
        .where('rsvps.state', 'in', ['going', 'waiting', 'asked'])
        .where('email', 'is not', null)
        .where((on) => on.or([on('occurrences.ends', 'is', null), on('occurrences.ends', '>', since)]))
        .execute()
      if (rows.length === 0) throw new Refusal('conflict', 'guests.nobody')
      const says = 'guests.message.too-often'
      const rate = { name: 'message-guests', of: activity.id, most: 1, minutes: 1440, says } as const
      await countOrRefuse(trx, rate, now)
      const params = {
        words: input.words,
        hostName: activity.hostName,
        named: activity.hostName === '' ? 'no' : 'yes',
      }
      const key = `host-message:${now.getTime()}`
      const guests = await guestsBy(
        trx,
        rows.map((row) => row.id),
      )
      await writeDown(trx, viewer, {
        action: 'guests.messaged',
        subject: `activities:${activity.id}`,
        details: { count: guests.length },
        byLink: true,
      })
      for (const guest of guests) {
        const mail = { name: 'host-message', key, urgency: 'notice', params } as const
        await mailGuest(trx, guest, { ...mail, useless: new Date(now.getTime() + 7 * day) }, now)
      }
      return { token: input.token, count: guests.length }
    }),
  )
}
