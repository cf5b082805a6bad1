import type { RemindInput } from '#consent/permission.ts'
import { linkOrMissing } from '#consent/server/links.ts'
import { refuseHeld } from '#consent/server/reads/holds.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { inTransaction, type Db } from '#platform/server/db.ts'
import { hashToken } from '#platform/server/tokens.ts'

/** Keeps the address that whoever opened a person's page typed there, for reminders; none stops them. Nobody else's address is ever mailed. */
export const remindMe = (db: Db, _viewer: Viewer, input: RemindInput, now: Date): Promise<void> =>
  inTransaction(db, async (trx) => {
    const { surface } = await linkOrMissing(trx, input.token, now)
    if (input.email !== null) await refuseHeld(trx, surface, now)
    await trx
      .updateTable('consentLinks')
      .set({ email: input.email })
      .where('token', '=', hashToken(input.token))
      .execute()
  })
