import { personPage } from '#consent/server/reads/person.ts'
import { standsFor } from '#consent/server/reads/person-stands.ts'
import { recorderOf } from '#consent/server/reads/recorder.ts'
import { standingOf } from '#consent/server/reads/standing.ts'
import {
  writeAuthority,
  writeCapacity,
  writeCompetence,
  writeDeath,
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
} from '#consent/record-forms.ts'
import { circleNames } from '#kernel/permission-words.ts'
import { act } from '../../../act.ts'
import { gone } from '../gone.ts'
import { shownOn } from '../shown.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const { db, viewer, now } = locals
  const [recorder, page] = await Promise.all([
    recorderOf(db, viewer, params.token, now),
    personPage(db, params.token, now),
  ])
  if (!recorder || !page) throw gone()
  const { conversation, may, surface } = recorder
  const { label, lacks, authority, competent, decision, holders, ageBand } = conversation
  const young = ageBand === 'under-13' || ageBand === '13-15'
  const circles = circleNames.slice(0, (conversation.widest['best-interests'] ?? -1) + 1)
  return {
    token: params.token,
    formKey: crypto.randomUUID(),
    /** How their pictures here stand, and what is missing; for whoever may do something about it. */
    stands: may.mark ? standsFor(await standingOf(db, surface, now), conversation.person) : null,
    /** What has to be there before somebody else can decide. */
    first:
      young || !may.decide
        ? null
        : circles.length === 0
          ? ('organisations.records.decision-policy' as const)
          : lacks
            ? null
            : ('organisations.records.decision-first' as const),
    signedIn: viewer.account !== null,
    saved: url.searchParams.has('saved'),
    sort: may.mark ? recordSortOf(url.searchParams.get('write')) : null,
    may,
    label,
    young,
    minor: ageBand !== 'adult',
    died: conversation.died,
    signs: recorder.signs.map(({ sign, at }) => ({ sign, at: at.toISOString() })),
    there: {
      capacity: lacks,
      authority,
      competence: competent,
      decision: decision !== null,
      review: decision?.reviewed ?? false,
      holders: holders.length > 0,
    },
    holders: holders.map(({ label: called, as }) => ({ label: called, as })),
    surface,
    /** As far as the policies let a decision by others go. */
    circles,
    looked: conversation.versions.map((version) => version ?? 'words'),
    article: await shownOn(locals, { surface, wanted: conversation.versions }),
  }
}

const saved = (_: unknown, { params }: { params: Partial<Record<string, string>> }): string =>
  `/consent/${params['token']}/records?saved`

export const actions: Actions = {
  capacity: act(capacityForm, writeCapacity, saved),
  authority: act(authorityForm, writeAuthority, saved),
  competence: act(competenceForm, writeCompetence, saved),
  decision: act(decisionForm, writeDecision, saved),
  review: act(recordToken, writeReview, saved),
  holders: act(holdersForm, writeHolders, saved),
  died: act(recordToken, writeDeath, saved),
}
