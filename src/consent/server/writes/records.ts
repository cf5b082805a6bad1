import type { Id, RecordFacts } from '#consent/events.ts'
import { mayRecord } from '#consent/may.ts'
import type { AuthorityInput, CapacityInput, CompetenceInput, HoldersInput } from '#consent/record-forms.ts'
import { handOf, standingIn } from '#consent/server/hands.ts'
import { happened } from '#consent/server/happened.ts'
import { addHolder, knownHolders, sayAllKnown } from '#consent/server/holders.ts'
import { surfacesWith } from '#consent/server/load.ts'
import { lockConsent, type Draft } from '#consent/server/log.ts'
import {
  aboutFor,
  dayAhead,
  keepRecord,
  onlyFrom16,
  writeDown,
  type Recorded,
} from '#consent/server/writes/record-row.ts'
import { missing, Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { inTransaction, type Db } from '#platform/server/db.ts'

/** Keeps that somebody saw the paper by which another may decide: an attorney or deputy for health and welfare. */
export const recordAuthority = (
  db: Db,
  viewer: Viewer,
  input: AuthorityInput,
  now: Date,
): Promise<Recorded> =>
  writeDown(db, viewer, input, async (trx, person) => {
    onlyFrom16(person)
    const { welfare, registered, words } = input
    // In a family everybody is close: somebody else has to see the paper.
    const sighted = input.sighted && !(await standingIn(trx, viewer, person.organisation)).family
    const starts = Date.parse(`${input.starts}T00:00:00Z`)
    const ends = input.ends === null ? null : dayAhead(input.ends, 'ends', now)
    if (ends !== null && ends <= starts)
      throw new Refusal('invalid', 'consent.refusal.ends-first', {}, 'ends')
    const facts: RecordFacts = {
      type: 'authority',
      about: aboutFor(person, input.surface),
      welfare,
      registered,
      sighted,
      starts,
      ends,
    }
    return keepRecord(trx, viewer, { person, facts, what: 'authority', words }, now)
  })

/** Keeps whether somebody can take this decision themselves, for this kind of decision and until a review. That they can again suspends what others decided, in the same transaction. */
export const recordCapacity = (db: Db, viewer: Viewer, input: CapacityInput, now: Date): Promise<Recorded> =>
  writeDown(db, viewer, input, async (trx, person) => {
    onlyFrom16(person)
    const { outcome, words } = input
    const review = dayAhead(input.review, 'review', now)
    const facts: RecordFacts = { type: 'capacity', about: aboutFor(person, input.surface), outcome, review }
    return keepRecord(trx, viewer, { person, facts, what: 'capacity', words }, now)
  })

/** Keeps whether a child understands this decision well enough to take it. */
export const recordCompetence = (
  db: Db,
  viewer: Viewer,
  input: CompetenceInput,
  now: Date,
): Promise<Recorded> =>
  writeDown(db, viewer, input, async (trx, person) => {
    const { outcome, words } = input
    const facts: RecordFacts = { type: 'competence', about: aboutFor(person, input.surface), outcome }
    return keepRecord(trx, viewer, { person, facts, what: 'competence', words }, now)
  })

/** Keeps who holds parental responsibility and by which right, and that these are all who are known: who is not among them any more does not count from now on, and each new one has to be asked. */
export const recordHolders = (db: Db, viewer: Viewer, input: HoldersInput, now: Date): Promise<void> =>
  writeDown(db, viewer, input, async (trx, person) => {
    const by = handOf(viewer)
    const known = await knownHolders(trx, person.id)
    const drafts: Draft[] = []
    const isSame = (one: { label: string }, other: { label: string }): boolean =>
      one.label.toLowerCase() === other.label.toLowerCase()
    for (const { label, as } of input.holders) {
      const same = known.find((one) => isSame(one, { label }))
      if (same?.as === as) continue
      // Whoever was asked by a link alone was written down as a parent.
      const holder = same && { holder: same.holder }
      drafts.push((await addHolder(trx, { person: person.id, label, as, by, ...holder }, now)).draft)
    }
    for (const { record, label, as } of known) {
      if (input.holders.some((one) => isSame(one, { label }) && one.as === as)) continue
      await trx.updateTable('records').set({ ended: now }).where('id', '=', record).execute()
      drafts.push({ facts: { kind: 'record-ended', record, person: person.id }, by })
    }
    drafts.push(...(await sayAllKnown(trx, { person: person.id, account: viewer.account, by }, now)))
    if (drafts.length === 0) return
    await happened(trx, { surfaces: await surfacesWith(trx, [person.id]), people: [person.id], drafts }, now)
  })

/** Ends a record: an authority that ended, an assessment that was wrong. What rested on it is hidden in the same transaction. Idempotent. */
export const endRecord = (db: Db, viewer: Viewer, input: { record: Id }, now: Date): Promise<void> =>
  inTransaction(db, async (trx) => {
    await lockConsent(trx)
    const row = await trx
      .selectFrom('records as r')
      .innerJoin('peopleShown as p', 'p.id', 'r.person')
      .select(['r.id', 'r.person', 'r.ended', 'p.organisation'])
      .where('r.id', '=', input.record)
      .executeTakeFirst()
    if (!row || !mayRecord(viewer, await standingIn(trx, viewer, row.organisation))) throw missing()
    if (row.ended !== null) return
    await trx.updateTable('records').set({ ended: now }).where('id', '=', row.id).execute()
    const drafts: Draft[] = [
      { facts: { kind: 'record-ended', record: row.id, person: row.person }, by: handOf(viewer) },
    ]
    await happened(
      trx,
      { surfaces: await surfacesWith(trx, [row.person]), people: [row.person], drafts },
      now,
    )
  })
