import { mayBegin, mayChange } from '#consent/answering.ts'
import type { Hand, Id } from '#consent/events.ts'
import { happened } from '#consent/server/happened.ts'
import { standingIn } from '#consent/server/hands.ts'
import { surfacesWith } from '#consent/server/load.ts'
import { lockConsent, type Draft } from '#consent/server/log.ts'
import { organisationOf, partsOf, stateOf } from '#consent/server/surface.ts'
import { personDraft } from '#consent/server/writes/people.ts'
import { placeAnew } from '#consent/server/writes/placing.ts'
import { missing, Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'

type Answering = { surface: Id; organisation: Id; by: Hand }

/** Lets an organisation answer from now on for what its poster, who belongs to it, put on a surface, while nobody did, or another they belong to did and nobody was asked yet; and for the people who are on that surface alone. Opens nothing. Refuses once anything on it was shown or stopped. Idempotent. */
export const answerFor = (db: Db, viewer: Viewer, input: Answering, now: Date): Promise<void> =>
  inTransaction(db, async (trx) => {
    await lockConsent(trx)
    const { surface, organisation, by } = input
    if (!(await standingIn(trx, viewer, organisation)).member) throw missing()
    const state = await stateOf(trx, surface)
    const parts = partsOf(state, surface).filter((part) => part.organisation !== organisation)
    if (parts.length === 0) return
    const already = organisationOf(state, surface)
    const from = already === organisation ? null : already
    if (from !== null && !(await standingIn(trx, viewer, from)).member) throw missing()
    if (!(from === null ? mayBegin : mayChange)(state, surface))
      throw new Refusal('conflict', 'consent.refusal.too-late-to-answer')
    const drafts: Draft[] = []
    for (const part of parts) drafts.push(...(await placeAnew(trx, part, { state, organisation, by }, now)))
    const people = await peopleOf(trx, surface, from)
    for (const person of people) {
      await trx.updateTable('peopleShown').set({ organisation }).where('id', '=', person.id).execute()
      drafts.push(personDraft({ ...person, organisation }, by))
    }
    await happened(trx, { surfaces: [surface], people: people.map(({ id }) => id), drafts }, now)
  })

/** Those whom no organisation has entered, and who are on no other surface. */
async function peopleOf(trx: Trx, surface: Id, from: Id | null) {
  const rows = await trx
    .selectFrom('peopleShown')
    .select(['id', 'ageBand', 'nextChange', 'notLocatable', 'doNotShow'])
    .where('id', 'in', (of) =>
      of
        .selectFrom('appearances')
        .select('person')
        .where('surface', '=', surface)
        .$narrowType<{ person: Id }>(),
    )
    .where('organisation', 'is not distinct from', from)
    .where('supported', 'is', null)
    .where('forgotten', 'is', null)
    .limit(300)
    .execute()
  const alone: typeof rows = []
  for (const row of rows) if ((await surfacesWith(trx, [row.id])).length === 1) alone.push(row)
  return alone
}
