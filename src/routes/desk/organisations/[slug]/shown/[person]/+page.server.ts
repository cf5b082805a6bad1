import {
  authorityInput,
  capacityInput,
  competenceInput,
  decisionForm,
  evidenceForm,
  forGood,
  holdersForm,
  marksForm,
  mostHolders,
  ofRecord,
} from '#consent/record-forms.ts'
import { evidenceReads, readEvidence } from '#consent/server/evidence.ts'
import { personRecords, versionsWith } from '#consent/server/reads/records.ts'
import { forgetPerson } from '#consent/server/writes/forgetting.ts'
import { markPerson, noteDeath } from '#consent/server/writes/people.ts'
import {
  endRecord,
  recordAuthority,
  recordBestInterests,
  recordCapacity,
  recordCompetence,
  recordHolders,
  reviewBestInterests,
} from '#consent/server/writes/records.ts'
import type * as v from 'valibot'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'
import { storyTitles } from '#stories/server/reads/surface.ts'
import { act } from '../../../../../act.ts'
import { sayFacts } from './facts.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, parent, params, url }) => {
  const { organisation } = await parent()
  const { db, viewer, language } = locals
  const input = { organisation: organisation.id, person: params.person }
  const { records, surfaces, permissions, ...person } = await personRecords(db, viewer, input)
  const titles = await storyTitles(db, surfaces)
  const day = (moment: Date): string => moment.toISOString().slice(0, 10)
  return {
    person,
    rows: Array.from({ length: mostHolders }, (_, at) => at + 1),
    holders: records
      .filter(({ kind, ended }) => kind === 'holder' && ended === null)
      .map(({ facts }) => ({ label: facts.label ?? '', as: facts.type === 'holder' ? facts.as : 'parent' })),
    stories: [...titles].map(([value, label]) => ({ value, label })),
    records: records.map(({ id, kind, facts, evidence, created, ended }) => ({
      id,
      kind,
      evidence,
      says: sayFacts(facts, language),
      created: day(created),
      ended: ended && day(ended),
    })),
    permissions: permissions.map(({ surface, ends, ...one }) => ({
      ...one,
      ends: day(ends),
      title: surface === null ? null : (titles.get(surface) ?? null),
    })),
    saved: url.searchParams.has('saved'),
  }
}

/** A decision is about everything of a story in which the person is. */
const decide = async (db: Db, viewer: Viewer, input: v.InferOutput<typeof decisionForm>, now: Date) => {
  const versions = await versionsWith(db, input)
  return recordBestInterests(db, viewer, { ...input, versions }, now)
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
const here = (_: unknown, { params }: At): string =>
  `/desk/organisations/${params['slug']}/shown/${params['person']}?saved`

export const actions: Actions = {
  authority: act(authorityInput, recordAuthority, here),
  capacity: act(capacityInput, recordCapacity, here),
  competence: act(competenceInput, recordCompetence, here),
  decision: act(decisionForm, decide, here),
  holders: act(holdersForm, recordHolders, here),
  marks: act(marksForm, markPerson, here),
  died: act(forGood, noteDeath, here),
  forget: act(forGood, forgetPerson, (_, { params }) => `/desk/organisations/${params['slug']}/shown`),
  end: act(ofRecord, endRecord, here),
  looked: act(ofRecord, reviewBestInterests, here),
  read: act(evidenceForm, read, ({ words, created, evidence, times }) => ({
    read: { words, evidence, created: created.toISOString().slice(0, 10), times },
  })),
}
