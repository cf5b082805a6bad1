import { randomUUID } from 'node:crypto'
import type { Facts, Hand, Id } from '#consent/events.ts'
import { mayRestore } from '#consent/may.ts'
import type { RestoreInput } from '#consent/permission.ts'
import { happened } from '#consent/server/happened.ts'
import { handOf, handsOf, standingIn } from '#consent/server/hands.ts'
import { surfacesWith } from '#consent/server/load.ts'
import { mayLift } from '#consent/server/reads/second-person.ts'
import { lockConsent, type Draft } from '#consent/server/log.ts'
import { organisationOf, partsOf, postersIn, stateOf } from '#consent/server/surface.ts'
import { openStops } from '#consent/stops.ts'
import type { State, Stop } from '#consent/state.ts'
import { missing, Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { writeDown } from '#platform/server/audit.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'

/** Hides a surface from everybody in the caller's transaction, whatever it is, also one that nobody placed anything on; never refuses and is never slowed. `own`: by the person shown, nobody restores against it. Pressed by a second person, both have hidden it; by the same, it is done once. */
export const takeDown = (
  db: Db,
  viewer: Viewer,
  input: { surface: Id; own: boolean },
  now: Date,
): Promise<void> =>
  inTransaction(db, async (trx) => {
    await lockConsent(trx)
    const { surface, own } = input
    const by = handOf(viewer)
    const state = await stateOf(trx, surface)
    const again = openStops(state, surface).some(
      (stop) => stop.placement === null && stop.by === by && (stop.own || !own),
    )
    if (again) return
    const facts: Facts = {
      kind: 'stopped',
      stop: randomUUID(),
      surface,
      placement: null,
      why: 'taken-down',
      own,
    }
    await happened(trx, { surfaces: [surface], people: [], drafts: [{ facts, by }] }, now)
  })

/** Brings a surface back as far as everything else allows, with a reason: only somebody who neither posted nor hid it, never against the person's own no. A no that somebody saw stays until somebody has looked at that very no. */
export const restore = (db: Db, viewer: Viewer, input: RestoreInput, now: Date): Promise<void> =>
  inTransaction(db, async (trx) => {
    await lockConsent(trx)
    const { surface } = input
    const state = await stateOf(trx, surface)
    if (!state.surfaces.has(surface) && !state.stops.has(surface)) throw missing()
    if (await isElsewhere(trx, surface)) throw missing()
    const stops = openStops(state, surface)
    const hiddenBy = stops.map(({ by }) => by)
    await mayOrRefuse(trx, viewer, { state, surface, hiddenBy, own: stops.some(({ own }) => own) })
    const drafts = [backDraft(state, surface, stops, handOf(viewer))]
    await happened(trx, { surfaces: [surface], people: [], drafts }, now)
    await writeDown(trx, viewer, {
      action: 'consent.restored',
      subject: `surfaces:${surface}`,
      details: { reason: input.reason },
    })
  })

/** What is held comes back with its concern, and what the room that owns it hides comes back there. */
const isElsewhere = async (trx: Trx, surface: Id): Promise<boolean> =>
  (await trx
    .selectFrom('surfaces')
    .select('id')
    .where('id', '=', surface)
    .where((on) => on.or([on('hold', 'is not', null), on('open', '=', false)]))
    .executeTakeFirst()) !== undefined

/** What is brought back, and that somebody has looked at all of it who may. */
const backDraft = (state: State, surface: Id, stops: readonly Stop[], by: Hand): Draft => ({
  facts: {
    kind: 'restored',
    surface,
    stops: stops.map(({ id }) => id),
    placements: partsOf(state, surface).map(({ id }) => id),
  },
  by,
})

/** Takes back what hid a whole surface, in the transaction in which the room that owns it shows it again: only by somebody who neither posted nor hid it. What was stopped because it is like a withdrawn picture, and every no, stay. Nothing to take back: does nothing. */
export async function showAgain(trx: Trx, viewer: Viewer, surface: Id, now: Date): Promise<void> {
  await lockConsent(trx)
  const state = await stateOf(trx, surface)
  const stops = openStops(state, surface).filter(({ why }) => why !== 'alike')
  if (stops.length === 0) return
  const hiddenBy = stops.map(({ by }) => by)
  await mayOrRefuse(trx, viewer, { state, surface, hiddenBy, own: stops.some(({ own }) => own) })
  const drafts = [backDraft(state, surface, stops, handOf(viewer))]
  await happened(trx, { surfaces: [surface], people: [], drafts }, now)
}

/** Says whether the room that owns a surface shows it at all; until it does, its pictures are seen by nobody. One that nobody placed anything on is not known here. */
export async function openSurface(trx: Trx, surface: Id, open: boolean): Promise<void> {
  await trx
    .updateTable('surfaces')
    .set({ open })
    .where('id', '=', surface)
    .where('open', '<>', open)
    .execute()
}

type Hidden = { state: State; surface: Id; hiddenBy: readonly Hand[]; own: boolean }

async function mayOrRefuse(trx: Trx, viewer: Viewer, hidden: Hidden): Promise<void> {
  const { state, surface, hiddenBy, own } = hidden
  const standing = await standingIn(trx, viewer, organisationOf(state, surface))
  const hands = handsOf(viewer)
  const posters = postersIn(state, surface)
  if (mayRestore(viewer, standing, { posters, hiddenBy, own, hands })) return
  if (!mayRestore(viewer, standing, { posters: [], hiddenBy: [], own: false, hands })) throw missing()
  throw new Refusal('forbidden', own ? 'consent.refusal.own-no' : 'consent.refusal.second-person')
}

/** Ends a no that was seen, with a reason: only somebody who reviews, did not see it and did not post what it is about. What it hid comes back when somebody restores it. */
export const liftObjection = (
  db: Db,
  viewer: Viewer,
  input: { objection: Id; reason: string },
  now: Date,
): Promise<void> =>
  inTransaction(db, async (trx) => {
    await lockConsent(trx)
    const row = await trx
      .selectFrom('objections as o')
      .leftJoin('peopleShown as p', 'p.id', 'o.person')
      .select(['o.id', 'o.person', 'o.surface', 'o.byAccount', 'o.ended', 'p.organisation'])
      .where('o.id', '=', input.objection)
      .where('o.whose', '=', 'observed')
      .executeTakeFirst()
    if (!row || !(await mayLift(trx, viewer, row))) throw missing()
    if (row.ended !== null) return
    await trx.updateTable('objections').set({ ended: now }).where('id', '=', row.id).execute()
    const { person, surface } = row
    const facts: Facts = { kind: 'objection-ended', objections: [row.id], person, surface }
    const surfaces = surface !== null ? [surface] : person === null ? [] : await surfacesWith(trx, [person])
    const people = person === null ? [] : [person]
    await happened(trx, { surfaces, people, drafts: [{ facts, by: handOf(viewer) }] }, now)
    await writeDown(trx, viewer, {
      action: 'consent.objection-lifted',
      subject: `objections:${row.id}`,
      details: { reason: input.reason },
    })
  })
