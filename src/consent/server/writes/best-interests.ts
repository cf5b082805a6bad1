import { randomUUID } from 'node:crypto'
import type { About, Facts, Id, RecordFacts } from '#consent/events.ts'
import { holdsAt } from '#consent/ranges.ts'
import type { BestInterestsInput } from '#consent/record-forms.ts'
import { lacksCapacity } from '#consent/records.ts'
import { handOf } from '#consent/server/hands.ts'
import { happened } from '#consent/server/happened.ts'
import { surfacesWith } from '#consent/server/load.ts'
import { lockConsent, type Draft } from '#consent/server/log.ts'
import { keepPermission } from '#consent/server/permission-row.ts'
import { openQuestions } from '#consent/server/questions.ts'
import { postersIn, stateOf } from '#consent/server/surface.ts'
import { termOf } from '#consent/server/terms.ts'
import { refuseDead } from '#consent/server/writes/refuse-dead.ts'
import { personFor } from '#consent/server/writes/people.ts'
import {
  aboutFor,
  dayAhead,
  keepRecord,
  onlyFrom16,
  writeDown,
  type Recorded,
} from '#consent/server/writes/record-row.ts'
import type { Permission, State } from '#consent/state.ts'
import type { Circle } from '#kernel/permission-words.ts'
import { missing, Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'

/** Keeps a decision in somebody's best interests, and the permission that follows from a yes. Whoever decides is signed in, has consulted somebody, and posted nothing of it. */
export const recordBestInterests = (
  db: Db,
  viewer: Viewer,
  input: BestInterestsInput,
  now: Date,
): Promise<Recorded & { permission: Id | null }> =>
  writeDown(db, viewer, input, async (trx, person) => {
    onlyFrom16(person)
    const decider = handOf(viewer)
    const { surface, circle, purposes, consulted, words } = input
    const review = dayAhead(input.review, 'review', now)
    if (input.versions.length === 0) throw new Refusal('conflict', 'consent.refusal.nothing-there')
    if (consulted < 1) throw new Refusal('invalid', 'consent.refusal.consulted', {}, 'consulted')
    const state = await stateOf(trx, surface)
    refuseDead(state, person.id)
    if (postersIn(state, surface).includes(decider)) {
      throw new Refusal('forbidden', 'consent.refusal.poster-decides')
    }
    const about = aboutFor(person, surface)
    const capacity = capacityRecord(state, person.id, about, now)
    if (capacity === null) throw new Refusal('conflict', 'consent.refusal.capacity')
    const facts: RecordFacts = {
      type: 'best-interests',
      about,
      decider,
      consulted,
      circle: circle as Circle | null,
      purposes,
      review,
    }
    const record = randomUUID()
    const decided = {
      person: person.id,
      about,
      input,
      record,
      capacity,
      by: decider,
      asked: openQuestions(state, { person: person.id, surface }, now.getTime()).findLast(
        (one) => one.route === 'best-interests' && one.given === null && one.about.surface === surface,
      ),
    }
    const { permission, drafts } =
      circle === null ? { permission: null, drafts: [] } : await yes(trx, decided, now)
    await keepRecord(trx, viewer, { person, facts, what: 'best-interests', words, more: drafts, record }, now)
    return { record, permission }
  })

/** The assessment that says now that they cannot decide what this is about; one of another story, or one that is due again, does not. */
const capacityRecord = (state: State, person: Id, about: About, now: Date): Id | null =>
  lacksCapacity(state, person, about).findLast(({ when }) => holdsAt(when, now.getTime()))?.record ?? null

type Decided = {
  person: Id
  about: About
  input: BestInterestsInput
  record: Id
  capacity: Id
  by: string
  /** What those who hold parental responsibility were asked before: this answers it. */
  asked: Permission | undefined
}

async function yes(
  trx: Trx,
  { person, about, input, record, capacity, by, asked }: Decided,
  now: Date,
): Promise<{ permission: Id; drafts: Draft[] }> {
  const permission = asked?.id ?? randomUUID()
  const { surface, purposes, modes, modifiers, versions } = input
  const route = 'best-interests' as const
  const scope = { circle: (input.circle ?? 0) as Circle, purposes, modifiers, modes }
  const term = await termOf(trx, route, about.organisation, now)
  if (!asked)
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
    signed: null,
  }
  const requested: Facts = { kind: 'requested', permission, person, surface, about, route, scope, ...term }
  return {
    permission,
    drafts: [...(asked ? [] : [{ facts: requested, by }]), { facts: given, by }],
  }
}

/** Keeps what somebody independent, who neither decided nor posted, thinks of a decision in somebody's best interests: with a yes it stands as it was, with their name to it; without one it goes to no public page, whoever else agrees. Pressed twice it is kept once. */
export const reviewBestInterests = (
  db: Db,
  viewer: Viewer,
  input: { record: Id; agrees: boolean },
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
    const state = facts.about.surface ? await stateOf(trx, facts.about.surface, [person.id]) : null
    const posters = state && facts.about.surface ? postersIn(state, facts.about.surface) : []
    if (reviewer === facts.decider || posters.includes(reviewer)) {
      throw new Refusal('forbidden', 'consent.refusal.reviewer')
    }
    await trx.updateTable('records').set({ looked: now }).where('id', '=', row.id).execute()
    const kind = input.agrees ? 'reviewed' : 'disagreed'
    const said = input.agrees ? state?.reviews.get(row.id) : state?.disagreed.get(row.id)
    if (said?.some(({ by }) => by === reviewer)) return
    const drafts: Draft[] = [{ facts: { kind, record: row.id, person: person.id }, by: reviewer }]
    await happened(trx, { surfaces: await surfacesWith(trx, [person.id]), people: [person.id], drafts }, now)
  })
