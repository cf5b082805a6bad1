import type { Id, StewardAnswer } from '#consent/events.ts'
import type { Trx } from '#platform/server/db.ts'

/** Keeps that somebody has died; nothing of them is shown from then on. Idempotent. */
export const keepDeath = async (trx: Trx, person: Id, now: Date): Promise<void> => {
  await trx
    .updateTable('peopleShown')
    .set({ died: now })
    .where('id', '=', person)
    .where('died', 'is', null)
    .execute()
}

/** Keeps that it was a mistake that somebody had died; the links that were handed to their family end. Idempotent. */
export const keepLife = async (trx: Trx, person: Id, now: Date): Promise<void> => {
  await trx.updateTable('peopleShown').set({ died: null }).where('id', '=', person).execute()
  await trx
    .updateTable('stewards')
    .set({ expires: now })
    .where('person', '=', person)
    .where('expires', '>', now)
    .execute()
}

/** Keeps what somebody of a family said last; that it stays taken down also where their link is not known. */
export const keepAnswer = async (
  trx: Trx,
  { steward, person, answer }: { steward: Id; person: Id; answer: StewardAnswer },
  now: Date,
): Promise<void> => {
  await trx.updateTable('stewards').set({ answer, answered: now }).where('id', '=', steward).execute()
  if (answer !== 'keep-down') return
  await trx.updateTable('peopleShown').set({ keptDown: now }).where('id', '=', person).execute()
}

/** Which events say something about a person beyond that they were there and said no. */
const telling = ['person', 'requested', 'given', 'answered', 'record', 'appears'] as const

/** Erases what is known of somebody: names, label, ages, records, evidence, links, what was seen; of the log's facts only their digest is left, and who is in what stays without saying whom. Idempotent. */
export async function eraseContent(trx: Trx, person: Id, now: Date): Promise<void> {
  await trx
    .updateTable('peopleShown')
    .set({
      label: '–',
      ageBand: 'adult',
      nextChange: null,
      nameHashes: [],
      organisation: null,
      supported: null,
      forgotten: now,
    })
    .where('id', '=', person)
    .execute()
  await trx.deleteFrom('records').where('person', '=', person).execute()
  await trx.deleteFrom('signs').where('person', '=', person).execute()
  await trx.deleteFrom('stewards').where('person', '=', person).execute()
  await trx.deleteFrom('consentLinks').where('person', '=', person).execute()
  await trx.updateTable('objections').set({ seen: '' }).where('person', '=', person).execute()
  await trx
    .updateTable('evidence')
    .set({ sealed: Buffer.alloc(0), what: '', erased: now })
    .where('person', '=', person)
    .where('erased', 'is', null)
    .execute()
  await trx
    .updateTable('consentEvents')
    .set({ facts: null })
    .where('person', '=', person)
    .where(
      'kind',
      'in',
      telling.filter((kind) => kind !== 'appears'),
    )
    .execute()
}
