import type { SignInput } from '#consent/permission.ts'
import { handOf, linkHand } from '#consent/server/hands.ts'
import { linkOrMissing } from '#consent/server/links.ts'
import { refuseHeld } from '#consent/server/reads/holds.ts'
import { objectObserved } from '#consent/server/writes/withdrawing.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { inTransaction, type Db } from '#platform/server/db.ts'
import { onceOnly } from '#platform/server/form-keys.ts'

/** Keeps what somebody showed of a yes or a no, as whoever opened their page saw it. A no hides at once; a yes opens nothing by itself. */
export const noteSign = (db: Db, viewer: Viewer, input: SignInput, now: Date): Promise<void> =>
  inTransaction(db, (trx) =>
    onceOnly(trx, `consent.sign ${linkHand(input.token)}`, input.formKey, async () => {
      const { person, surface } = await linkOrMissing(trx, input.token, now)
      if (input.sign === 'yes') await refuseHeld(trx, surface, now)
      const byWhom = viewer.account === null ? linkHand(input.token) : handOf(viewer)
      await trx.insertInto('signs').values({ person, surface, sign: input.sign, byWhom, at: now }).execute()
      if (input.sign === 'yes') return
      const no = { token: input.token, person: null, surface: null, version: null, seen: null, formKey: '' }
      await objectObserved(trx, viewer, no, now)
    }),
  )
