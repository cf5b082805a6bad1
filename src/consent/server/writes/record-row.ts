import { randomUUID } from 'node:crypto'
import type { About, Id, RecordFacts } from '#consent/events.ts'
import { mayRecord } from '#consent/may.ts'
import type { Instant } from '#consent/ranges.ts'
import { keepEvidence } from '#consent/server/evidence.ts'
import { handOf } from '#consent/server/hands.ts'
import { happened } from '#consent/server/happened.ts'
import { surfacesWith } from '#consent/server/load.ts'
import { lockConsent, type Draft } from '#consent/server/log.ts'
import { personFor } from '#consent/server/writes/people.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { onceOnly } from '#platform/server/form-keys.ts'

export type Recorded = { record: Id }
type PersonRow = Awaited<ReturnType<typeof personFor>>
type Kept = {
  person: PersonRow
  facts: RecordFacts
  what: string
  words: string
  more?: readonly Draft[]
  record?: Id
}

/** Keeps a record, its words sealed in the evidence store, and makes anew what follows from it. */
export async function keepRecord(trx: Trx, viewer: Viewer, kept: Kept, now: Date): Promise<Recorded> {
  const { person, facts, what, words, more = [], record = randomUUID() } = kept
  const evidence =
    words === '' ? null : await keepEvidence(trx, viewer, { person: person.id, what, words }, now)
  await trx
    .insertInto('records')
    .values({
      id: record,
      kind: facts.type,
      person: person.id,
      facts: JSON.stringify(facts),
      evidence,
      byAccount: viewer.account,
      created: now,
    })
    .execute()
  const draft: Draft = { facts: { kind: 'record', record, person: person.id, facts }, by: handOf(viewer) }
  const surfaces = await surfacesWith(trx, [person.id])
  await happened(trx, { surfaces, people: [person.id], drafts: [draft, ...more] }, now)
  return { record }
}

/** Answers what a record is about: one story, or about everything of this kind that the person's organisation shows. */
export const aboutFor = (person: { organisation: Id | null }, surface: Id | null): About => ({
  kind: 'story',
  organisation: person.organisation,
  surface,
  version: null,
})

/** Writes something down about somebody, once for each form, for whoever records where they are supported; to anybody else they look missing. */
export const writeDown = <Result>(
  db: Db,
  viewer: Viewer,
  { person, formKey = '' }: { person: Id; formKey?: string | undefined },
  work: (trx: Trx, person: PersonRow) => Promise<Result>,
): Promise<Result> =>
  inTransaction(db, (trx) =>
    onceOnly(trx, `record ${person}`, formKey, async () => {
      await lockConsent(trx)
      return work(trx, await personFor(trx, viewer, person, mayRecord))
    }),
  )

/** Answers the moment at which a day begins that has to lie ahead; says it at its field otherwise. */
export function dayAhead(day: string, field: string, now: Date): Instant {
  const moment = Date.parse(`${day}T00:00:00Z`)
  if (moment <= now.getTime()) throw new Refusal('invalid', 'consent.refusal.day-ahead', {}, field)
  return moment
}

/** Refuses what is only for people of 16 and older. */
export function onlyFrom16({ ageBand }: { ageBand: string }): void {
  if (ageBand === 'under-13' || ageBand === '13-15')
    throw new Refusal('invalid', 'consent.refusal.record-age')
}
