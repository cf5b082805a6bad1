import { randomUUID } from 'node:crypto'
import type { Facts, Id } from '#consent/events.ts'
import { mayHold, mayOpenHold } from '#consent/may.ts'
import { happened } from '#consent/server/happened.ts'
import { handOf } from '#consent/server/hands.ts'
import { lockConsent, type Draft } from '#consent/server/log.ts'
import { stateOf } from '#consent/server/surface.ts'
import { missing, Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { writeDown } from '#platform/server/audit.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'

export type HoldInput = {
  surface: Id
  concern: Id | null
  /** Two accounts. */
  openers: readonly [Id, Id]
  until: Date
}

/** Hides a surface from all and keeps it from erasure and purge; two named accounts may open it, until a moment. Held again, the newer names and moment count. */
export const holdSurface = (db: Db, viewer: Viewer, input: HoldInput, now: Date): Promise<{ hold: Id }> =>
  inTransaction(db, async (trx) => {
    if (!mayHold(viewer)) throw missing()
    const { surface, concern, openers, until } = input
    if (openers[0] === openers[1]) throw new Refusal('invalid', 'consent.refusal.two-openers', {}, 'openers')
    await lockConsent(trx)
    const by = handOf(viewer)
    const open = await trx
      .selectFrom('holds')
      .select('id')
      .where('surface', '=', surface)
      .where('ended', 'is', null)
      .execute()
    const hold = randomUUID()
    await trx
      .insertInto('holds')
      .values({ id: hold, surface, concern, openers: [...openers], until, created: now })
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
      { facts: { kind: 'hold', hold, surface, openers, until: until.getTime() }, by },
      // What the hold hid stays hidden after it, until somebody brings it back.
      { facts: stop, by },
      ...open.map(({ id }): Draft => ({ facts: { kind: 'hold-ended', hold: id, surface }, by })),
    ]
    if (open.length > 0) await endRows(trx, surface, hold, now)
    await happened(trx, { surfaces: [surface], people: [], drafts }, now)
    await writeDown(trx, viewer, { action: 'consent.held', subject: `surfaces:${surface}` })
    return { hold }
  })

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

/** Answers whether a surface is held: then nothing of it is erased or purged, whoever asks. */
export async function isHeld(db: Db, surface: Id): Promise<boolean> {
  const state = await stateOf(db, surface)
  return (state.holds.get(surface) ?? []).some(({ id }) => !state.taken.has(id))
}
