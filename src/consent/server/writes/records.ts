import { randomUUID } from 'node:crypto'
import type { About, Facts, Id, RecordFacts } from '#consent/events.ts'
import { mayRecord } from '#consent/may.ts'
import type {
  AuthorityInput,
  BestInterestsInput,
  CapacityInput,
  CompetenceInput,
  HoldersInput,
} from '#consent/record-forms.ts'
import { keepEvidence } from '#consent/server/evidence.ts'
import { handOf, standingIn } from '#consent/server/hands.ts'
import { happened } from '#consent/server/happened.ts'
import { addHolder, knownHolders } from '#consent/server/holders.ts'
import { surfacesWith } from '#consent/server/load.ts'
import { lockConsent, type Draft } from '#consent/server/log.ts'
import { keepPermission } from '#consent/server/permission-row.ts'
import { postersIn, stateOf } from '#consent/server/surface.ts'
import { termOf } from '#consent/server/terms.ts'
import { personFor } from '#consent/server/writes/people.ts'
import type { Circle } from '#kernel/permission-words.ts'
import { missing, Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'

type Recorded = { record: Id }
type Kept = {
  person: Awaited<ReturnType<typeof personFor>>
  facts: RecordFacts
  what: string
  words: string
  more?: readonly Draft[]
  record?: Id
}

/** Keeps a record, its words sealed in the evidence store, and makes anew what follows from it. */
async function keepRecord(trx: Trx, viewer: Viewer, kept: Kept, now: Date): Promise<Recorded> {
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

/** A decision is about one story, or about everything of this kind that the person's organisation shows. */
const aboutFor = (person: { organisation: Id | null }, surface: Id | null): About => ({
  kind: 'story',
  organisation: person.organisation,
  surface,
  version: null,
})

const begin = async (trx: Trx, viewer: Viewer, person: Id) => {
  await lockConsent(trx)
  return personFor(trx, viewer, person, mayRecord)
}

/** Keeps that somebody saw the paper by which another may decide: an attorney or deputy for health and welfare. */
export const recordAuthority = (
  db: Db,
  viewer: Viewer,
  input: AuthorityInput,
  now: Date,
): Promise<Recorded> =>
  inTransaction(db, async (trx) => {
    const person = await begin(trx, viewer, input.person)
    const { welfare, registered, sighted, words } = input
    const facts: RecordFacts = {
      type: 'authority',
      about: aboutFor(person, input.surface),
      welfare,
      registered,
      sighted,
      starts: Date.parse(`${input.starts}T00:00:00Z`),
      ends: input.ends === null ? null : Date.parse(`${input.ends}T00:00:00Z`),
    }
    return keepRecord(trx, viewer, { person, facts, what: 'authority', words }, now)
  })

/** Keeps whether somebody can take this decision themselves, for this kind of decision and until a review. That they can again suspends what others decided, in the same transaction. */
export const recordCapacity = (db: Db, viewer: Viewer, input: CapacityInput, now: Date): Promise<Recorded> =>
  inTransaction(db, async (trx) => {
    const person = await begin(trx, viewer, input.person)
    if (person.ageBand === 'under-13' || person.ageBand === '13-15') {
      throw new Refusal('invalid', 'consent.refusal.record-age')
    }
    const { outcome, words } = input
    const review = Date.parse(`${input.review}T00:00:00Z`)
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
  inTransaction(db, async (trx) => {
    const person = await begin(trx, viewer, input.person)
    const { outcome, words } = input
    const facts: RecordFacts = { type: 'competence', about: aboutFor(person, input.surface), outcome }
    return keepRecord(trx, viewer, { person, facts, what: 'competence', words }, now)
  })

/** Keeps a decision in somebody's best interests, and the permission that follows from a yes. Whoever decides is signed in, has consulted somebody, and posted nothing of it. */
export const recordBestInterests = (
  db: Db,
  viewer: Viewer,
  input: BestInterestsInput,
  now: Date,
): Promise<Recorded & { permission: Id | null }> =>
  inTransaction(db, async (trx) => {
    const person = await begin(trx, viewer, input.person)
    const decider = handOf(viewer)
    const { surface, circle, purposes, consulted, words } = input
    if (consulted < 1) throw new Refusal('invalid', 'consent.refusal.consulted', {}, 'consulted')
    const state = await stateOf(trx, surface)
    if (postersIn(state, surface).includes(decider)) {
      throw new Refusal('forbidden', 'consent.refusal.poster-decides')
    }
    const capacity = await newestLack(trx, person.id)
    if (capacity === null) throw new Refusal('conflict', 'consent.refusal.capacity')
    const facts: RecordFacts = {
      type: 'best-interests',
      about: aboutFor(person, surface),
      decider,
      consulted,
      circle: circle as Circle | null,
      purposes,
      review: Date.parse(`${input.review}T00:00:00Z`),
    }
    const record = randomUUID()
    const decided = {
      person: person.id,
      about: aboutFor(person, surface),
      input,
      record,
      capacity,
      by: decider,
    }
    const { permission, drafts } =
      circle === null ? { permission: null, drafts: [] } : await yes(trx, decided, now)
    await keepRecord(trx, viewer, { person, facts, what: 'best-interests', words, more: drafts, record }, now)
    return { record, permission }
  })

async function newestLack(trx: Trx, person: Id): Promise<Id | null> {
  const row = await trx
    .selectFrom('records')
    .select(['id', 'facts'])
    .where('person', '=', person)
    .where('kind', '=', 'capacity')
    .where('ended', 'is', null)
    .orderBy('created', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && (row.facts as { outcome: string }).outcome === 'lacks' ? row.id : null
}

type Decided = {
  person: Id
  about: About
  input: BestInterestsInput
  record: Id
  capacity: Id
  by: string
}

async function yes(
  trx: Trx,
  { person, about, input, record, capacity, by }: Decided,
  now: Date,
): Promise<{ permission: Id; drafts: Draft[] }> {
  const permission = randomUUID()
  const { surface, purposes, modes, modifiers, versions } = input
  const route = 'best-interests' as const
  const scope = { circle: (input.circle ?? 0) as Circle, purposes, modifiers, modes }
  const term = await termOf(trx, route, about.organisation, now)
  await keepPermission(trx, { permission, person, about, route, scope, ...term, by, paper: null }, now)
  const given: Facts = {
    kind: 'given',
    permission,
    person,
    surface,
    scope,
    seen: versions,
    assent: input.seen,
    after: [],
    authority: null,
    capacity,
    bestInterests: record,
    form: null,
  }
  const requested: Facts = { kind: 'requested', permission, person, surface, about, route, scope, ...term }
  return {
    permission,
    drafts: [
      { facts: requested, by },
      { facts: given, by },
    ],
  }
}

/** Keeps that somebody independent looked at a decision in somebody's best interests: neither who decided nor who posted. The decision stands as it was, with their name to it. */
export const reviewBestInterests = (
  db: Db,
  viewer: Viewer,
  input: { record: Id },
  now: Date,
): Promise<void> =>
  inTransaction(db, async (trx) => {
    await lockConsent(trx)
    const row = await trx
      .selectFrom('records')
      .select(['id', 'person', 'facts', 'ended'])
      .where('id', '=', input.record)
      .where('kind', '=', 'best-interests')
      .executeTakeFirst()
    if (!row || row.ended !== null) throw missing()
    const person = await personFor(trx, viewer, row.person)
    const facts = row.facts as Extract<RecordFacts, { type: 'best-interests' }>
    const reviewer = handOf(viewer)
    const posters = facts.about.surface
      ? postersIn(await stateOf(trx, facts.about.surface), facts.about.surface)
      : []
    if (reviewer === facts.decider || posters.includes(reviewer)) {
      throw new Refusal('forbidden', 'consent.refusal.second-person')
    }
    const drafts: Draft[] = [{ facts: { kind: 'reviewed', record: row.id, person: person.id }, by: reviewer }]
    await happened(trx, { surfaces: await surfacesWith(trx, [person.id]), people: [person.id], drafts }, now)
  })

/** Keeps who holds parental responsibility, everybody who is known: who is not among them any more does not count from now on, and each new one has to be asked. */
export const recordHolders = (db: Db, viewer: Viewer, input: HoldersInput, now: Date): Promise<void> =>
  inTransaction(db, async (trx) => {
    const person = await begin(trx, viewer, input.person)
    const by = handOf(viewer)
    const known = await knownHolders(trx, person.id)
    const drafts: Draft[] = []
    for (const { label, as } of input.holders) {
      if (known.some((one) => one.label.toLowerCase() === label.toLowerCase())) continue
      drafts.push((await addHolder(trx, { person: person.id, label, as, by }, now)).draft)
    }
    for (const { record, label } of known) {
      if (input.holders.some((one) => one.label.toLowerCase() === label.toLowerCase())) continue
      await trx.updateTable('records').set({ ended: now }).where('id', '=', record).execute()
      drafts.push({ facts: { kind: 'record-ended', record, person: person.id }, by })
    }
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
