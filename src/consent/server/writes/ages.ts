import { happened } from '#consent/server/happened.ts'
import { surfacesWith } from '#consent/server/load.ts'
import { lockConsent } from '#consent/server/log.ts'
import { personDraft } from '#consent/server/writes/people.ts'
import type { Hand, Id } from '#consent/events.ts'
import { missing, Refusal } from '#kernel/refusal.ts'
import type { AgeBand } from '#kernel/permission-words.ts'
import { dayOf } from '#kernel/times.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { changeFits } from '#organisations/supported.ts'
import { inTransaction, type Db } from '#platform/server/db.ts'

/** Puts right how old somebody on a surface is, said by its poster (whom the calling room has proven); makes anew what follows from it. Refuses a month that cannot be the next change of that age. Not for somebody an organisation has entered: their age is kept there. Idempotent. */
export const correctAge = (
  db: Db,
  _viewer: Viewer,
  input: { surface: Id; person: Id; ageBand: AgeBand; nextChange: string | null; by: Hand },
  now: Date,
): Promise<void> =>
  inTransaction(db, async (trx) => {
    await lockConsent(trx)
    const { person, surface, ageBand, nextChange, by } = input
    if ((ageBand === 'adult') !== (nextChange === null)) {
      throw new Refusal('invalid', 'consent.refusal.age-month', {}, 'nextChange')
    }
    if (!changeFits({ ageBand, nextChange }, dayOf(now, 'UTC')))
      throw new Refusal('invalid', 'organisations.people.month-wrong', {}, 'nextChange')
    const surfaces = await surfacesWith(trx, [person])
    const row = await trx
      .selectFrom('peopleShown')
      .select(['id', 'organisation', 'supported', 'ageBand', 'nextChange', 'notLocatable', 'doNotShow'])
      .where('id', '=', person)
      .where('forgotten', 'is', null)
      .executeTakeFirst()
    if (!row || !surfaces.includes(surface)) throw missing()
    if (row.ageBand === ageBand && row.nextChange === nextChange) return
    // Somebody who is on other people's stories as well is not one poster's to say.
    if (row.supported !== null || surfaces.length > 1)
      throw new Refusal('conflict', 'consent.refusal.age-kept')
    await trx.updateTable('peopleShown').set({ ageBand, nextChange }).where('id', '=', person).execute()
    const drafts = [personDraft({ ...row, ageBand, nextChange }, by)]
    await happened(trx, { surfaces, people: [person], drafts }, now)
  })
