import { hasGrownSince } from '#consent/ages.ts'
import {
  authorityForm,
  capacityForm,
  competenceForm,
  decisionForm,
  evidenceForm,
  forGood,
  lookedAt,
  holdersForm,
  marksForm,
  ofPerson,
  ofRecord,
} from '#consent/record-forms.ts'
import { evidenceReads, readEvidence } from '#consent/server/evidence.ts'
import { handsOf } from '#consent/server/hands.ts'
import { familyAsked } from '#consent/server/reads/families.ts'
import { personStands } from '#consent/server/reads/person-stands.ts'
import { personRecords } from '#consent/server/reads/records.ts'
import { forgetPerson } from '#consent/server/writes/forgetting.ts'
import { markPerson, noteDeath, noteDeathMistaken } from '#consent/server/writes/people.ts'
import { reviewBestInterests } from '#consent/server/writes/best-interests.ts'
import {
  writeAuthority,
  writeCapacity,
  writeCompetence,
  writeDecision,
  writeHolders,
} from '#consent/server/writes/recording.ts'
import { endRecord } from '#consent/server/writes/records.ts'
import type * as v from 'valibot'
import type { PermissionState } from '#consent/permission.ts'
import { circleNames } from '#kernel/permission-words.ts'
import { sayDays } from '#kernel/times.ts'
import { widestOf, type Policy } from '#organisations/policy.ts'
import { policyInForce } from '#organisations/server/reads/policies.ts'
import { reviews, type Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'
import { storyTitles } from '#stories/server/reads/surface.ts'
import { act } from '../../../../../act.ts'
import { sayAbout, sayFacts } from './facts.ts'
import type { Actions, PageServerLoad } from './$types'

/** What was written down last: the page says what comes next. */
const savedForms = ['authority', 'capacity', 'competence', 'decision', 'holders', 'other'] as const

export const load: PageServerLoad = async ({ locals, parent, params, url }) => {
  const { organisation, may } = await parent()
  const { db, viewer, now, language } = locals
  const input = { organisation: organisation.id, person: params.person }
  const [{ records, surfaces, permissions, ...person }, stands, policy] = await Promise.all([
    personRecords(db, viewer, input),
    personStands(db, viewer, input, now),
    policyInForce(db, organisation.id, now),
  ])
  const titles = await storyTitles(db, surfaces)
  const day = (moment: Date): string => {
    const date = moment.toISOString().slice(0, 10)
    return sayDays(date, date, language)
  }
  const told = titledOf(stands, titles)
  const seconds = secondsOf(stands)
  return {
    person,
    /** Whether the viewer may say whom of a family to ask. */
    family: may.lead || reviews(viewer),
    asked: person.died && (await familyAsked(db, params.person, now)),
    holders: records
      .filter(({ kind, ended }) => kind === 'holder' && ended === null)
      .map(({ facts }) => ({ label: facts.label ?? '', as: facts.type === 'holder' ? facts.as : 'parent' })),
    stands: told,
    stories: told.map(({ surface, title }) => ({ value: surface, label: title })),
    /** As far as a policy lets a decision by others go in any of the stories; empty: not at all. */
    circles: circleNames.slice(0, Math.max(-1, ...stands.map(({ widest }) => widest ?? -1)) + 1),
    lacks: stands.some(({ lacks }) => lacks),
    forAll: stands.some(({ forAll }) => forAll),
    records: records.map(({ id, kind, facts, evidence, created, ended }) => ({
      id,
      kind,
      evidence,
      says: sayFacts(facts, language),
      about: sayAbout(facts, titles, language),
      created: day(created),
      ended: ended && day(ended),
      /** What somebody independent thinks of a decision. */
      second: seconds.get(id) ?? null,
      opened: id === url.searchParams.get('record'),
      /** Whoever decided cannot be the one who looks at it. */
      own: facts.type === 'best-interests' && handsOf(viewer).includes(facts.decider),
    })),
    permissions: permissions.map(({ surface, ends, state, refused, decided, ...one }) => ({
      ...one,
      said:
        state === 'given'
          ? stillYes({ ...one, decided }, { person, policy, now })
          : saidOf({ state, refused, died: person.died }),
      ends: day(ends),
      review: state === 'given' ? dueOf(records, { ...one, surface, ends }, day) : null,
      title: surface === null ? null : (titles.get(surface) ?? null),
    })),
    formKey: crypto.randomUUID(),
    saved: savedForms.find((form) => form === url.searchParams.get('saved')) ?? null,
  }
}

/** How they stand in each story that has a title to be called by. */
const titledOf = (stands: Awaited<ReturnType<typeof personStands>>, titles: ReadonlyMap<string, string>) =>
  stands.flatMap(({ surface, light, missing }) => {
    const title = titles.get(surface)
    return title === undefined ? [] : [{ surface, title, light, missing }]
  })

/** What somebody independent thinks of decisions, by their records. */
const secondsOf = (stands: Awaited<ReturnType<typeof personStands>>) =>
  new Map(
    stands.flatMap(({ decision }): [string, 'agreed' | 'not-agreed'][] => {
      if (decision?.disagreed) return [[decision.record, 'not-agreed']]
      return decision?.reviewed ? [[decision.record, 'agreed']] : []
    }),
  )

type Kept = Awaited<ReturnType<typeof personRecords>>

/** How a permission stands, in a word of the catalogue. */
function saidOf({
  state,
  refused,
  died,
}: Pick<Kept['permissions'][number], 'state' | 'refused'> & { died: boolean }):
  | PermissionState
  | 'one-no'
  | 'rests' {
  if (state === 'requested' && refused) return 'one-no'
  return state === 'suspended' && died ? 'rests' : state
}

/** Whether a yes still counts by their age and the policy in force: each is asked of the log when it is shown, and written down nowhere. */
function stillYes(
  { route, decided }: Pick<Kept['permissions'][number], 'route' | 'decided'>,
  { person, policy, now }: { person: Pick<Kept, 'ageBand' | 'nextChange'>; policy: Policy; now: Date },
): 'given' | 'grown' | 'unused' {
  if (widestOf(policy, route) === null) return 'unused'
  const month = person.nextChange === null ? null : Date.parse(`${person.nextChange}T00:00:00Z`)
  const age = { band: person.ageBand, nextChange: month }
  const since = decided?.getTime() ?? Infinity
  return hasGrownSince(age, [policy], { since, now: now.getTime() }) ? 'grown' : 'given'
}

/** When what others decided in somebody's best interests is due to be looked at again, before it ends: the decision, or that they cannot take it. */
function dueOf(
  records: Kept['records'],
  { route, surface, ends }: Pick<Kept['permissions'][number], 'route' | 'surface' | 'ends'>,
  say: (moment: Date) => string,
): string | null {
  if (route !== 'best-interests') return null
  const newest = (type: 'best-interests' | 'capacity'): number =>
    records
      .filter(({ ended }) => ended === null)
      .flatMap(({ facts }) =>
        (facts.type === 'best-interests' || facts.type === 'capacity') &&
        facts.type === type &&
        (facts.about.surface === null || facts.about.surface === surface)
          ? [facts.review]
          : [],
      )[0] ?? Infinity
  const due = Math.min(newest('best-interests'), newest('capacity'))
  return due < ends.getTime() ? say(new Date(due)) : null
}

/** Reading writes down who did and why, so that whoever reads sees it as well. */
const read = async (db: Db, viewer: Viewer, input: v.InferOutput<typeof evidenceForm>, now: Date) => {
  const words = await readEvidence(db, viewer, input, now)
  return {
    ...words,
    evidence: input.evidence,
    times: (await evidenceReads(db, viewer, input.evidence)).length,
  }
}

type At = { params: Partial<Record<string, string>> }
const here =
  (form: (typeof savedForms)[number]) =>
  (_: unknown, { params }: At): string =>
    `/desk/organisations/${params['slug']}/shown/${params['person']}?saved=${form}`

export const actions: Actions = {
  authority: act(authorityForm, writeAuthority, here('authority')),
  capacity: act(capacityForm, writeCapacity, here('capacity')),
  competence: act(competenceForm, writeCompetence, here('competence')),
  decision: act(decisionForm, writeDecision, here('decision')),
  holders: act(holdersForm, writeHolders, here('holders')),
  marks: act(marksForm, markPerson, here('other')),
  died: act(forGood, noteDeath, here('other')),
  mistaken: act(ofPerson, noteDeathMistaken, here('other')),
  forget: act(forGood, forgetPerson, (_, { params }) => `/desk/organisations/${params['slug']}/shown`),
  end: act(ofRecord, endRecord, here('other')),
  looked: act(lookedAt, reviewBestInterests, here('other')),
  read: act(evidenceForm, read, ({ words, created, evidence, times }) => ({
    read: { words, evidence, created: created.toISOString().slice(0, 10), times },
  })),
}
