import { currentOf } from '#consent/asking.ts'
import { requirementsOf, stillNeeded, type Conversation, type Requirement } from '#consent/conversation.ts'
import { familyAsked } from '#consent/server/reads/families.ts'
import { personPage } from '#consent/server/reads/person.ts'
import { standsFor } from '#consent/server/reads/person-stands.ts'
import { recorderOf, type Recorder } from '#consent/server/reads/recorder.ts'
import { standingOf } from '#consent/server/reads/standing.ts'
import {
  writeAuthority,
  writeCapacity,
  writeCompetence,
  writeDeath,
  writeDeathMistaken,
  writeDecision,
  writeHolders,
  writeReview,
} from '#consent/server/writes/recording.ts'
import {
  authorityForm,
  capacityForm,
  competenceForm,
  decisionForm,
  holdersForm,
  recordSortOf,
  recordToken,
  reviewForm,
} from '#consent/record-forms.ts'
import type { Language } from '#kernel/messages.ts'
import { circleNames, type Route } from '#kernel/permission-words.ts'
import { sayDay } from '#kernel/times.ts'
import { act } from '../../../act.ts'
import { gone } from '../gone.ts'
import { shownOn } from '../shown.ts'
import type { Actions, PageServerLoad } from './$types'

/** What was decided, and where its reasons are read, for whoever looks at it a second time; null where there is nothing to look at. */
function lookOn({ conversation: { decision }, reasons }: Recorder, language: Language) {
  if (!decision || decision.disagreed) return { look: null, reasons: null }
  const { circle, consulted, review, record } = decision
  const until = sayDay(new Date(review).toISOString().slice(0, 10), language, true)
  return {
    look: { circle, consulted, until },
    reasons: reasons && `${reasons}?record=${record}#${record}`,
  }
}

const isThere = (one: Conversation, route: Route, what: Requirement['what']): boolean =>
  requirementsOf(one, route).some((need) => need.what === what && need.there)

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const { db, viewer, now, language } = locals
  const [recorder, page] = await Promise.all([
    recorderOf(db, viewer, params.token, now),
    personPage(db, params.token, now),
  ])
  if (!recorder || !page) throw gone()
  const { conversation, may, surface } = recorder
  const { label, lacks, decision, holders, ageBand } = conversation
  const young = ageBand === 'under-13' || ageBand === '13-15'
  /** Somebody with a paper was asked: they read the same order of steps on their page. */
  const byPaper = currentOf(page.asked)?.route === 'attorney'
  const circles = circleNames.slice(0, (conversation.widest['best-interests'] ?? -1) + 1)
  return {
    token: params.token,
    formKey: crypto.randomUUID(),
    /** How their pictures here stand, and what is missing; for whoever may do something about it. */
    stands: may.mark ? standsFor(await standingOf(db, surface, now), conversation.person) : null,
    /** What has to be there before somebody else can decide. */
    first:
      young || byPaper || conversation.died || !may.decide
        ? null
        : circles.length === 0
          ? ('organisations.records.decision-policy' as const)
          : lacks
            ? null
            : ('organisations.records.decision-first' as const),
    needed: byPaper && may.mark && !conversation.died ? stillNeeded(conversation) : [],
    signedIn: viewer.account !== null,
    saved: url.searchParams.has('saved'),
    sort: may.mark ? recordSortOf(url.searchParams.get('write')) : null,
    may,
    label,
    young,
    minor: ageBand !== 'adult',
    forAll: conversation.forAll,
    died: conversation.died,
    person: conversation.person,
    asked: conversation.died && (await familyAsked(db, conversation.person, now)),
    signs: recorder.signs.map(({ sign, at }) => ({ sign, at: at.toISOString() })),
    there: {
      capacity: lacks,
      authority: isThere(conversation, 'attorney', 'authority'),
      competence: isThere(conversation, 'young-person', 'competence'),
      decision: decision !== null,
      review: decision?.reviewed ?? false,
      holders: holders.length > 0,
    },
    ...lookOn(recorder, language),
    holders: holders.map(({ label: called, as }) => ({ label: called, as })),
    surface,
    /** As far as the policies let a decision by others go. */
    circles,
    looked: conversation.versions.map((version) => version ?? 'words'),
    article: conversation.died ? null : await shownOn(locals, { surface, wanted: conversation.versions }),
  }
}

const saved = (_: unknown, { params }: { params: Partial<Record<string, string>> }): string =>
  `/consent/${params['token']}/records?saved`

export const actions: Actions = {
  capacity: act(capacityForm, writeCapacity, saved),
  authority: act(authorityForm, writeAuthority, saved),
  competence: act(competenceForm, writeCompetence, saved),
  decision: act(decisionForm, writeDecision, saved),
  review: act(reviewForm, writeReview, saved),
  holders: act(holdersForm, writeHolders, saved),
  died: act(recordToken, writeDeath, saved),
  mistaken: act(recordToken, writeDeathMistaken, saved),
}
