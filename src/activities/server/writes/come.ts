import { sql } from 'kysely'
import { readableByLink } from '#activities/activity.ts'
import { requestKept, type Coming, type ComingWish } from '#activities/rsvp.ts'
import { guestLink, mailGuest, mailMovedUp } from '#activities/server/guest-mail.ts'
import {
  activityBy,
  asksFirst,
  calledOff,
  endOf,
  guestsBy,
  guestWord,
  mondayOf,
  occurrencesOf,
  zoneOfActivity,
  type Activity,
  type Occurrence,
  type Rsvp,
} from '#activities/server/reads/rsvp.ts'
import { takenSeats, waitingIn, type Pool } from '#activities/server/reads/seats.ts'
import { lockActivity, settleSeats } from '#activities/server/writes/seats.ts'
import { capacityOf, fitsNow, keptFor, waysToJoin, type Joining } from '#activities/seats.ts'
import { permissionClosed } from '#consent/server/reads/ledger.ts'
import { Refusal, missing, refuseAll } from '#kernel/refusal.ts'
import { localOf, sayTime, sayZone } from '#kernel/times.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { onceOnly } from '#platform/server/form-keys.ts'
import { countOrRefuse, type Rate } from '#platform/server/rates.ts'
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
  return inTransaction(db, (trx) =>
    onceOnly(trx, 'come', input.formKey, async () => {
      const activity = await lockActivity(trx, 'slug', input.slug)
      await countOrRefuse(trx, ratesOf(input), now)
      if (!readableByLink.includes(activity.state) || (await permissionClosed(trx))) throw missing()
      const dates = await occurrencesOf(trx, activity.id)
      const earlier = await earlierWords(trx, activity.id, input.email)
      const moved = await settleSeats(trx, activity, now)
      const wish = chosen(activity, dates, input, now)
      const before = earlier.find((word) => word.occurrence === (wish.occurrence?.id ?? null)) ?? null
      if (before && before.state !== 'held') await sendAgain(trx, before.id, input.formKey, now)
      else await hold(trx, wish, input, { before, now })
      await mailMovedUp(trx, moved, now)
      return { slug: activity.slug }
    }),
  )
}

function ratesOf(input: Coming & { from?: string }): Rate[] {
  const byAddress = { name: 'come', of: input.email, most: 10, minutes: 60 }
  if (input.from === undefined) return [byAddress]
  return [byAddress, { name: 'come-from', of: input.from, most: 60, minutes: 60 }]
}

function chosen(activity: Activity, dates: readonly Occurrence[], input: ComingWish, now: Date): Wish {
  const ways = waysToJoin(activity.mode)
  if (calledOff(activity, null)) throw new Refusal('conflict', 'come.off')
  if (!activity.takesRsvps || ways.length === 0) throw new Refusal('conflict', 'come.no-rsvps')
  const ahead = dates.filter((date) => date.status === 'on' && date.ends > now)
  if (activity.lastEnd <= now || (dates.length > 0 && ahead.length === 0)) {
    const all = dates.length > 0 && dates.every((date) => date.status === 'cancelled')
    throw new Refusal('conflict', all ? 'come.off' : 'come.over')
  }
  const occurrence =
    input.occurrence === null && ahead.length === 1
      ? ahead[0]
      : ahead.find((date) => date.id === input.occurrence)
  const wrong: Refusal[] = []
  if (dates.length > 0 && !occurrence) {
    const gone = dates.some((date) => date.id === input.occurrence)
    wrong.push(new Refusal('invalid', gone ? 'come.date-gone' : 'come.choose-date', {}, 'occurrence'))
  }
  const joining = ways.find((way) => way === input.joining || (input.joining === null && ways.length === 1))
  if (joining === undefined) wrong.push(new Refusal('invalid', 'come.choose-joining', {}, 'joining'))
  const capacity = joining === undefined ? null : capacityOf(activity, joining)
  if (capacity !== null && input.seats > capacity) {
    wrong.push(new Refusal('invalid', 'come.too-many', { capacity }, 'seats'))
  }
  refuseAll(wrong)
  return { activity, occurrence: occurrence ?? null, joining: joining ?? 'in-person' }
}

/** Answers what is wrong with a date, a way and a number of people, while something else of the form is wrong as well; nothing of what cannot be come to at all. Changes nothing. */
export async function mistakesOfWish(db: Db, input: ComingWish, now: Date): Promise<Refusal[]> {
  const activity = await activityBy(db, 'slug', input.slug)
  if (!activity || !readableByLink.includes(activity.state)) return []
  try {
    chosen(activity, await occurrencesOf(db, activity.id), input, now)
    return []
  } catch (error) {
    if (error instanceof Refusal) return [error, ...error.others]
    throw error
  }
}

/** What the same address has said about the dates of an activity before, when it still counts; a host's no counts too, but last. */
const earlierWords = (trx: Trx, activity: string, email: string): Promise<Rsvp[]> =>
  trx
    .selectFrom('rsvps')
    .selectAll()
    .where('activity', '=', activity)
    .where('email', '=', email)
    .where('state', 'in', ['held', 'asked', 'going', 'waiting', 'not-accepted'])
    .orderBy(sql`state = 'not-accepted'`)
    .execute()

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
  const waiting = await waitingIn(trx, pool)
  // Where the host has to say yes first, a seat is given with the yes; nobody else is kept out until then.
  const seatKept = !asksFirst(activity) && fitsNow(capacityOf(activity, joining), taken, waiting, input.seats)
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
  const rsvp = await (before ? sayAgain(trx, before.id, said) : sayFirst(trx, pool, input.email, said))
  const ends = endOf(activity, occurrence)
  // A second form without one takes back nothing: whoever wants to do that has their own page.
  if (input.request !== null) await keepRequest(trx, rsvp.id, { words: input.request, ends, now })
  const zone = await zoneOfActivity(trx, activity)
  const monday = await mondayOf(trx, activity.week)
  const guest = { rsvp, activity: { ...activity, zone }, occurrence, monday, off: null }
  const clock = zone ?? 'Etc/UTC'
  const until = `${sayTime(localOf(heldUntil, clock))} (${sayZone(heldUntil, clock, rsvp.language)})`
  const key = `rsvp-confirm:${rsvp.revision}`
  const name = seatKept ? 'rsvp-confirm' : asksFirst(activity) ? 'rsvp-confirm-ask' : 'rsvp-confirm-full'
  await mailGuest(trx, guest, { name, key, urgency: 'answer', params: { until } }, now)
}

type Said = Pick<Rsvp, 'name' | 'seats' | 'joining' | 'isNew' | 'seatKept' | 'heldUntil' | 'updated'>

const sayAgain = (trx: Trx, id: string, said: Said): Promise<Rsvp> =>
  trx
    .updateTable('rsvps')
    .set({ ...said, revision: sql`revision + 1` })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()

function sayFirst(trx: Trx, pool: Pool, email: string, said: Said): Promise<Rsvp> {
  const id = randomUUID()
  const token = hashToken(guestWord(id))
  const own = { id, activity: pool.activity, occurrence: pool.occurrence, email, token }
  const row = { ...said, ...own, state: 'held' as const, created: said.updated }
  return trx.insertInto('rsvps').values(row).returningAll().executeTakeFirstOrThrow()
}

async function keepRequest(
  trx: Trx,
  rsvp: string,
  { words, ends, now }: { words: string; ends: Date; now: Date },
): Promise<void> {
  const deleteAfter = new Date(ends.getTime() + requestKept)
  await trx
    .insertInto('accessRequests')
    .values({ rsvp, words, agreed: now, deleteAfter, created: now })
    .onConflict((conflict) =>
      conflict.column('rsvp').doUpdateSet({ words, agreed: now, deleteAfter, created: now }),
    )
    .execute()
}
