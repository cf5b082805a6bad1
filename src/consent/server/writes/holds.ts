import { randomUUID } from 'node:crypto'
import type { Facts, Id } from '#consent/events.ts'
import { mayHold, mayNameOpeners, mayOpenHold } from '#consent/may.ts'
import { happened } from '#consent/server/happened.ts'
import { handOf } from '#consent/server/hands.ts'
import { lockConsent, type Draft } from '#consent/server/log.ts'
import { missing, Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { writeDown } from '#platform/server/audit.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'

/** How long a hold lasts, days, unless somebody puts it on anew. */
export const holdDays = 28

export type HoldInput = {
  surface: Id
  concern: Id | null
  /** Accounts that may open it; two, once somebody has named them. */
  openers: readonly Id[]
  until: Date
}

/** Hides a surface from all and keeps it from erasure and purge, in the transaction in which somebody says that they are worried; never refuses, whoever there is to open it. What is held already stays as it is. */
export const holdAtOnce = async (trx: Trx, viewer: Viewer, input: HoldInput, now: Date): Promise<void> => {
  await lockConsent(trx)
  if ((await openHolds(trx, input.surface)).some(({ until }) => until > now)) return
  await hold(trx, viewer, input, now)
}

/** Names the two accounts that may open what is held, from now for so long; the newer names and moment count. Also puts something under a hold that is not. */
export const holdSurface = (db: Db, viewer: Viewer, input: HoldInput, now: Date): Promise<{ hold: Id }> =>
  inTransaction(db, async (trx) => {
    await lockConsent(trx)
    const { surface, openers } = input
    const [open] = await openHolds(trx, surface)
    if (!mayHold(viewer) || (open && !mayNameOpeners(viewer, open.openers))) throw missing()
    const two = new Set(openers).size === 2 && openers.every((one) => /^[0-9a-f-]{36}$/.test(one))
    if (!two) throw new Refusal('invalid', 'consent.refusal.two-openers', {}, 'openers')
    return {
      hold: await hold(trx, viewer, { ...input, concern: input.concern ?? open?.concern ?? null }, now),
    }
  })

const openHolds = (trx: Trx, surface: Id) =>
  trx
    .selectFrom('holds')
    .select(['id', 'concern', 'openers', 'until'])
    .where('surface', '=', surface)
    .where('ended', 'is', null)
    .orderBy('created', 'desc')
    .execute()

async function hold(trx: Trx, viewer: Viewer, input: HoldInput, now: Date): Promise<Id> {
  const { surface, concern, openers, until } = input
  const by = handOf(viewer)
  const before = await openHolds(trx, surface)
  const id = randomUUID()
  await trx
    .insertInto('holds')
    .values({ id, surface, concern, openers: [...openers], until, created: now })
    .execute()
  const stop: Facts = {
    kind: 'stopped',
    stop: randomUUID(),
    surface,
    placement: null,
    why: 'held',
    own: false,
  }
  const drafts: Draft[] = [
    { facts: { kind: 'hold', hold: id, surface, openers, until: until.getTime() }, by },
    // What the hold hid stays hidden after it, until somebody brings it back.
    ...(before.length > 0 ? [] : [{ facts: stop, by }]),
    ...before.map((one): Draft => ({ facts: { kind: 'hold-ended', hold: one.id, surface }, by })),
  ]
  await endRows(trx, surface, id, now)
  await happened(trx, { surfaces: [surface], people: [], drafts }, now)
  await writeDown(trx, viewer, { action: 'consent.held', subject: `surfaces:${surface}` })
  return id
}

const endRows = (trx: Trx, surface: Id, but: Id, now: Date) =>
  trx
    .updateTable('holds')
    .set({ ended: now })
    .where('surface', '=', surface)
    .where('id', '<>', but)
    .where('ended', 'is', null)
    .execute()

const heldFor = async (trx: Trx, viewer: Viewer, hold: Id) => {
  const row = await trx
    .selectFrom('holds')
    .select(['id', 'surface', 'openers', 'until', 'ended'])
    .where('id', '=', hold)
    .executeTakeFirst()
  if (!row || !mayOpenHold(viewer, row.openers)) throw missing()
  return row
}

/** Opens what is held for one of its two openers, and writes down that they did and why; refuses when its time is over. */
export const openHold = (
  db: Db,
  viewer: Viewer,
  input: { hold: Id; why: string },
  now: Date,
): Promise<{ surface: Id; versions: Id[] }> =>
  inTransaction(db, async (trx) => {
    await lockConsent(trx)
    const { surface, until, ended } = await heldFor(trx, viewer, input.hold)
    if (ended !== null || until <= now) throw new Refusal('conflict', 'consent.refusal.hold-over')
    const facts: Facts = { kind: 'opened', surface, person: null, what: `hold:${input.hold}` }
    await happened(trx, { surfaces: [], people: [], drafts: [{ facts, by: handOf(viewer) }] }, now)
    await writeDown(trx, viewer, {
      action: 'consent.hold-opened',
      subject: `surfaces:${surface}`,
      details: { hold: input.hold, why: input.why },
    })
    const rows = await trx
      .selectFrom('placements')
      .select('version')
      .distinct()
      .where('surface', '=', surface)
      .where('version', 'is not', null)
      .execute()
    return { surface, versions: rows.flatMap(({ version }) => version ?? []) }
  })

/** Ends a hold; what it hid stays hidden until somebody restores it. Idempotent. */
export const endHold = (db: Db, viewer: Viewer, input: { hold: Id; why: string }, now: Date): Promise<void> =>
  inTransaction(db, async (trx) => {
    await lockConsent(trx)
    const { surface, ended } = await heldFor(trx, viewer, input.hold)
    if (ended !== null) return
    await trx.updateTable('holds').set({ ended: now }).where('id', '=', input.hold).execute()
    const facts: Facts = { kind: 'hold-ended', hold: input.hold, surface }
    await happened(trx, { surfaces: [surface], people: [], drafts: [{ facts, by: handOf(viewer) }] }, now)
    await writeDown(trx, viewer, {
      action: 'consent.hold-ended',
      subject: `surfaces:${surface}`,
      details: { hold: input.hold, why: input.why },
    })
  })

/** Writes down which holds are over because their time is; what they hid stays hidden until somebody brings it back. Answers how many. Idempotent. */
export const endHoldsOver = (db: Db, now: Date): Promise<number> =>
  inTransaction(db, async (trx) => {
    await lockConsent(trx)
    const over = await trx
      .updateTable('holds')
      .set({ ended: now })
      .where('ended', 'is', null)
      .where('until', '<=', now)
      .returning(['id', 'surface'])
      .execute()
    if (over.length === 0) return 0
    const drafts = over.map(({ id, surface }): Draft => ({
      facts: { kind: 'hold-ended', hold: id, surface },
      by: 'site',
    }))
    await happened(trx, { surfaces: over.map(({ surface }) => surface), people: [], drafts }, now)
    return over.length
  })
