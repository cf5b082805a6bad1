import { decidedOn } from '#consent/decided.ts'
import type { SightInput } from '#consent/record-forms.ts'
import { handOf } from '#consent/server/hands.ts'
import { happened } from '#consent/server/happened.ts'
import { surfacesWith } from '#consent/server/load.ts'
import { lockConsent, type Draft } from '#consent/server/log.ts'
import { refuseHeld } from '#consent/server/reads/holds.ts'
import { maySight } from '#consent/server/reads/sighting.ts'
import { stateOf } from '#consent/server/surface.ts'
import { missing } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { writeDown } from '#platform/server/audit.ts'
import { inTransaction, type Db } from '#platform/server/db.ts'

/** Keeps that somebody who neither posted nor decided saw the paper by which another decides, or found none; without it nothing is shown for that paper. Idempotent. */
export const sightPaper = (db: Db, viewer: Viewer, input: SightInput, now: Date): Promise<void> =>
  inTransaction(db, async (trx) => {
    await lockConsent(trx)
    const { surface, record, seen } = input
    await refuseHeld(trx, surface, now)
    const state = await stateOf(trx, surface)
    if (!(await maySight(trx, viewer, state, surface))) throw missing()
    const paper = decidedOn(state, surface, now.getTime())
      .flatMap(({ person, records }) => records.map((one) => ({ ...one, person })))
      .find(({ id }) => id === record)
    if (!paper || paper.seen === null) throw missing()
    if (paper.seen) return
    const { person } = paper
    const kind = seen ? 'reviewed' : 'disagreed'
    const drafts: Draft[] = [{ facts: { kind, record, person }, by: handOf(viewer) }]
    await happened(trx, { surfaces: await surfacesWith(trx, [person]), people: [person], drafts }, now)
    await writeDown(trx, viewer, {
      action: `consent.paper-${seen ? 'seen' : 'not-seen'}`,
      subject: `records:${record}`,
    })
  })
