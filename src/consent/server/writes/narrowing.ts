import { randomUUID } from 'node:crypto'
import type { NarrowInput } from '#consent/permission.ts'
import { linkHand } from '#consent/server/hands.ts'
import { happened } from '#consent/server/happened.ts'
import { linkOrMissing } from '#consent/server/links.ts'
import { lockConsent } from '#consent/server/log.ts'
import { stateOf } from '#consent/server/surface.ts'
import { whoseNo } from '#consent/server/writes/withdrawing.ts'
import type { Permission } from '#consent/state.ts'
import { leftOf } from '#consent/stops.ts'
import type { Circle } from '#kernel/permission-words.ts'
import { missing } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { inTransaction, type Db } from '#platform/server/db.ts'
import { onceOnly } from '#platform/server/form-keys.ts'

/** The widest circle from which we can take something back: the week's public pages. */
const ours: Circle = 5

/** Takes back for good that something may go beyond our control, in every permission that lets it, and leaves it on the week's pages; out of feeds and other sites in the same transaction. Idempotent. */
export const keepWithinOurs = (db: Db, _viewer: Viewer, input: NarrowInput, now: Date): Promise<void> =>
  inTransaction(db, (trx) =>
    onceOnly(trx, `consent.narrow ${linkHand(input.token)}`, input.formKey, async () => {
      await lockConsent(trx)
      const link = await linkOrMissing(trx, input.token, now)
      const { person, surface } = link
      const whose = await whoseNo(trx, link)
      if (whose === 'observed') throw missing()
      const state = await stateOf(trx, surface, [person])
      const goesFurther = (one: Permission): boolean =>
        one.finals.size === 0 &&
        (one.about.surface === surface || one.about.surface === null) &&
        leftOf(state, one, one.scope.circle, surface) > ours
      if (!(state.permissions.get(person) ?? []).some(goesFurther)) return
      const facts = {
        kind: 'narrowed',
        narrowing: randomUUID(),
        person,
        surface,
        circle: ours,
        whose,
      } as const
      const drafts = [{ facts, by: linkHand(input.token) }]
      await happened(trx, { surfaces: [surface], people: [person], drafts }, now)
    }),
  )
