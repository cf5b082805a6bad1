import type { Facts, Id } from '#consent/events.ts'
import { mayMark } from '#consent/may.ts'
import { happened } from '#consent/server/happened.ts'
import { handOf, linkHand } from '#consent/server/hands.ts'
import { linkOrMissing } from '#consent/server/links.ts'
import { surfacesWith } from '#consent/server/load.ts'
import { lockConsent } from '#consent/server/log.ts'
import { eraseContent } from '#consent/server/people-rows.ts'
import { personFor } from '#consent/server/writes/people.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { writeDown } from '#platform/server/audit.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'

/** Forgets somebody: nothing of them is shown from this moment, and what is known of them is erased; of the log a keyed digest is left. By the link of whoever decides, or by who looks after them. Refused while something of them is held. Idempotent. */
export const forgetPerson = (
  db: Db,
  viewer: Viewer,
  input: { token: string } | { person: Id },
  now: Date,
): Promise<void> =>
  inTransaction(db, async (trx) => {
    await lockConsent(trx)
    const { person, by } = await meant(trx, viewer, input, now)
    const surfaces = await surfacesWith(trx, [person])
    const held =
      surfaces.length === 0
        ? undefined
        : await trx
            .selectFrom('surfaces')
            .select('id')
            .where('id', 'in', surfaces)
            .where('hold', 'is not', null)
            .limit(1)
            .executeTakeFirst()
    if (held) throw new Refusal('conflict', 'consent.refusal.held')
    const facts: Facts = { kind: 'forgotten', person }
    await happened(trx, { surfaces, people: [person], drafts: [{ facts, by }] }, now)
    await eraseContent(trx, person, now)
    await writeDown(trx, viewer, { action: 'consent.forgotten', subject: `people-shown:${person}` })
  })

async function meant(
  trx: Trx,
  viewer: Viewer,
  input: { token: string } | { person: Id },
  now: Date,
): Promise<{ person: Id; by: string }> {
  if ('person' in input) {
    return { person: (await personFor(trx, viewer, input.person, mayMark)).id, by: handOf(viewer) }
  }
  const link = await linkOrMissing(trx, input.token, now)
  if (link.part === 'reads') throw new Refusal('forbidden', 'refusal.forbidden')
  return { person: link.person, by: linkHand(input.token) }
}
