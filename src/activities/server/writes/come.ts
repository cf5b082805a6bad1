import { sql } from 'kysely'
import { readableByLink } from '#activities/activity.ts'
import { requestKept, type Coming } from '#activities/rsvp.ts'
import { guestLink, mailGuest, mailMovedUp } from '#activities/server/guest-mail.ts'
import {
  activityBy,
  asksFirst,
  calledOff,
  endOf,
  guestsBy,
  guestWord,
  occurrencesOf,
  type Activity,
  type Occurrence,
  type Rsvp,
} from '#activities/server/reads/rsvp.ts'
import { takenSeats, waitingIn } from '#activities/server/reads/seats.ts'
import { lockActivity, settleSeats } from '#activities/server/writes/seats.ts'
import { capacityOf, fitsNow, keptFor, waysToJoin, type Joining } from '#activities/seats.ts'
import { Refusal, missing } from '#kernel/refusal.ts'
import { localOf, sayTime, sayZone } from '#kernel/times.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { onceOnly } from '#platform/server/form-keys.ts'
import { countOrRefuse } from '#platform/server/rates.ts'
import { hashToken } from '#platform/server/tokens.ts'
import { randomUUID } from 'node:crypto'

type Wish = { activity: Activity; occurrence: Occurrence | null; joining: Joining }

/** Writes down that somebody would like to come, keeps seats for 30 minutes when there are any, and mails the link to confirm with. Says the same whether the address is known or not: somebody who is already coming gets their link again. The second press of one form does nothing. */
export async function comeTo(
  db: Db,
  _viewer: Viewer,
  input: Coming & { from?: string },
  now: Date,
): Promise<{ slug: string }> {
  await countOrRefuse(db, { name: 'come', of: input.email, most: 10, minutes: 60 }, now)
  if (input.from !== undefined) {
    await countOrRefuse(db, { name: 'come-from', of: input.from, most: 60, minutes: 60 }, now)
  }
  return inTransaction(db, (trx) =>
    onceOnly(trx, 'come', input.formKey, async () => {
      const found = await activityBy(trx, 'slug', input.slug)
      if (!found || !readableByLink.includes(found.state)) throw missing()
      const activity = await lockActivity(trx, found.id)
      const wish = await chosen(trx, activity, input, now)
      const moved = await settleSeats(trx, activity, now)
      const before = await earlierWord(trx, wish, input.email)
      if (before && before.state !== 'held') await sendAgain(trx, before.id, input.formKey, now)
      else await hold(trx, wish, input, { before, now })
      await mailMovedUp(trx, moved, now)
      return { slug: activity.slug }
    }),
  )
}

async function chosen(trx: Trx, activity: Activity, input: Coming, now: Date): Promise<Wish> {
  const ways = waysToJoin(activity.mode)
  if (calledOff(activity, null)) throw new Refusal('conflict', 'come.off')
  if (!activity.takesRsvps || ways.length === 0) throw new Refusal('conflict', 'come.no-rsvps')
  const dates = await occurrencesOf(trx, activity.id)
  const ahead = dates.filter((date) => date.status === 'on' && date.ends > now)
  if (activity.lastEnd <= now || (dates.length > 0 && ahead.length === 0)) {
    const all = dates.length > 0 && dates.every((date) => date.status === 'cancelled')
    throw new Refusal('conflict', all ? 'come.off' : 'come.over')
  }
  const occurrence =
    input.occurrence === null && ahead.length === 1
      ? ahead[0]
      : ahead.find((date) => date.id === input.occurrence)
  if (dates.length > 0 && !occurrence) {
    const gone = dates.some((date) => date.id === input.occurrence)
    throw new Refusal('invalid', gone ? 'come.date-gone' : 'come.choose-date', {}, 'occurrence')
  }
  const joining = input.joining ?? (ways.length === 1 ? ways[0] : undefined)
  if (joining === undefined || !ways.includes(joining)) {
    throw new Refusal('invalid', 'come.choose-joining', {}, 'joining')
  }
  const capacity = capacityOf(activity, joining)
  if (capacity !== null && input.seats > capacity) {
    throw new Refusal('invalid', 'come.too-many', { capacity }, 'seats')
  }
  return { activity, occurrence: occurrence ?? null, joining }
}

/** What the same address has said about the same date before, when it still counts; a host's no counts too. */
async function earlierWord(trx: Trx, wish: Wish, email: string): Promise<Rsvp | null> {
  const row = await trx
    .selectFrom('rsvps')
    .selectAll()
    .where('activity', '=', wish.activity.id)
    .where(sql<boolean>`occurrence is not distinct from ${wish.occurrence?.id ?? null}::uuid`)
    .where('email', '=', email)
    .where('state', 'in', ['held', 'asked', 'going', 'waiting', 'not-accepted'])
    .orderBy(sql`state = 'not-accepted'`)
    .executeTakeFirst()
  return (row as Rsvp | undefined) ?? null
}

async function sendAgain(trx: Trx, id: string, formKey: string, now: Date): Promise<void> {
  const [guest] = await guestsBy(trx, [id])
  if (!guest) return
  const links = `${guest.activity.title}\n${guestLink(id)}`
  const key = `rsvp-again:${formKey || now.getTime()}`
  await mailGuest(trx, guest, { name: 'link-again', key, urgency: 'answer', params: { links } }, now)
}

async function hold(
  trx: Trx,
  wish: Wish,
  input: Coming,
  { before, now }: { before: Rsvp | null; now: Date },
): Promise<void> {
  const { activity, occurrence, joining } = wish
  const pool = { activity: activity.id, occurrence: occurrence?.id ?? null, joining }
  const taken = await takenSeats(trx, pool, now, before?.id ?? null)
  // Where the host has to say yes first, a seat is given with the yes; nobody else is kept out until then.
  const seatKept =
    !asksFirst(activity) &&
    fitsNow(capacityOf(activity, joining), taken, await waitingIn(trx, pool), input.seats)
  const heldUntil = new Date(now.getTime() + keptFor)
  const said = {
    name: input.name ?? '',
    seats: input.seats,
    joining,
    isNew: input.isNew === null ? null : input.isNew === 'yes',
    seatKept,
    heldUntil,
    updated: now,
  }
  const id = before?.id ?? randomUUID()
  if (before) {
    await trx
      .updateTable('rsvps')
      .set({ ...said, revision: sql`revision + 1` })
      .where('id', '=', id)
      .execute()
  } else {
    const own = { id, activity: activity.id, occurrence: pool.occurrence, email: input.email }
    const token = hashToken(guestWord(id))
    await trx
      .insertInto('rsvps')
      .values({ ...said, ...own, token, state: 'held', created: now })
      .execute()
  }
  await keepRequest(trx, id, { words: input.request, ends: endOf(activity, occurrence), now })
  const [guest] = await guestsBy(trx, [id])
  if (!guest) throw missing()
  const zone = activity.zone ?? 'Etc/UTC'
  const until = `${sayTime(localOf(heldUntil, zone))} (${sayZone(heldUntil, zone, guest.rsvp.language)})`
  const key = `rsvp-confirm:${guest.rsvp.revision}`
  const name = seatKept ? 'rsvp-confirm' : asksFirst(activity) ? 'rsvp-confirm-ask' : 'rsvp-confirm-full'
  await mailGuest(trx, guest, { name, key, urgency: 'answer', params: { until } }, now)
}

async function keepRequest(
  trx: Trx,
  rsvp: string,
  { words, ends, now }: { words: string | null; ends: Date; now: Date },
): Promise<void> {
  await trx.deleteFrom('accessRequests').where('rsvp', '=', rsvp).execute()
  if (words === null) return
  const deleteAfter = new Date(ends.getTime() + requestKept)
  await trx
    .insertInto('accessRequests')
    .values({ rsvp, words, agreed: now, deleteAfter, created: now })
    .execute()
}
