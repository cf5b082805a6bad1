import type { InferOutput } from 'valibot'
import type { Id } from '#consent/events.ts'
import { modifierOf } from '#consent/permission-scope.ts'
import type {
  authorityForm,
  capacityForm,
  competenceForm,
  decisionForm,
  holdersForm,
  reviewForm,
  Who,
} from '#consent/record-forms.ts'
import { linkOrMissing } from '#consent/server/links.ts'
import { refuseHeld } from '#consent/server/reads/holds.ts'
import { recorderOf } from '#consent/server/reads/recorder.ts'
import { appearsIn } from '#consent/server/reads/records.ts'
import { noteDeath, noteDeathMistaken } from '#consent/server/writes/people.ts'
import { recordBestInterests, reviewBestInterests } from '#consent/server/writes/best-interests.ts'
import {
  recordAuthority,
  recordCapacity,
  recordCompetence,
  recordHolders,
} from '#consent/server/writes/records.ts'
import { missing } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'

/** Whom a form is about, and the story that is meant when not all are; a link means no story but its own. Who may write is asked by each record itself. */
async function about<Surface extends Id | null>(
  db: Db,
  { person, token, surface }: Who & { surface: Surface },
  now: Date,
): Promise<{ person: Id; surface: Surface | Id }> {
  if (token !== undefined) {
    const link = await linkOrMissing(db, token, now)
    await refuseHeld(db, link.surface, now)
    return { person: link.person, surface: surface === null ? surface : link.surface }
  }
  if (person === undefined) throw missing()
  if (surface !== null) await refuseHeld(db, surface, now)
  return { person, surface }
}

/** Keeps whether somebody can decide this. */
export const writeCapacity = async (
  db: Db,
  viewer: Viewer,
  input: InferOutput<typeof capacityForm>,
  now: Date,
) => recordCapacity(db, viewer, { ...input, ...(await about(db, input, now)) }, now)

/** Keeps that somebody saw a paper by which another decides. */
export const writeAuthority = async (
  db: Db,
  viewer: Viewer,
  input: InferOutput<typeof authorityForm>,
  now: Date,
) => recordAuthority(db, viewer, { ...input, ...(await about(db, input, now)) }, now)

/** Keeps whether a child understands this. */
export const writeCompetence = async (
  db: Db,
  viewer: Viewer,
  input: InferOutput<typeof competenceForm>,
  now: Date,
) => recordCompetence(db, viewer, { ...input, ...(await about(db, input, now)) }, now)

/** Keeps everybody who holds parental responsibility. */
export const writeHolders = async (
  db: Db,
  viewer: Viewer,
  input: InferOutput<typeof holdersForm>,
  now: Date,
) => {
  const { person } = await about(db, { ...input, surface: null }, now)
  return recordHolders(db, viewer, { person, holders: input.holders }, now)
}

/** Keeps a decision in somebody's best interests, about all of a story in which they are that was there to look at and still is. */
export const writeDecision = async (
  db: Db,
  viewer: Viewer,
  input: InferOutput<typeof decisionForm>,
  now: Date,
) => {
  const { looked, ...decided } = input
  const where = await about(db, input, now)
  const there = await appearsIn(db, where)
  const versions = there.versions.filter((version) => looked.includes(version ?? 'words'))
  const { modes } = there
  const modifiers = [...new Set(modes.flatMap((mode) => modifierOf[mode] ?? []))]
  const scope = { purposes: ['celebrate' as const], modes, modifiers }
  return recordBestInterests(db, viewer, { ...decided, ...where, ...scope, versions }, now)
}

/** Takes note that somebody has died, by a link that is about them. */
export const writeDeath = async (db: Db, viewer: Viewer, input: Who, now: Date) =>
  noteDeath(db, viewer, await about(db, { ...input, surface: null }, now), now)

/** Takes back, by a link that is about them, that somebody has died. */
export const writeDeathMistaken = async (db: Db, viewer: Viewer, input: Who, now: Date) =>
  noteDeathMistaken(db, viewer, await about(db, { ...input, surface: null }, now), now)

/** Keeps what somebody independent thinks of the decision that a link is about. */
export const writeReview = async (
  db: Db,
  viewer: Viewer,
  { token = '', agrees }: InferOutput<typeof reviewForm>,
  now: Date,
) => {
  const recorder = await recorderOf(db, viewer, token, now)
  const record = recorder?.conversation.decision?.record
  if (!recorder || record === undefined) throw missing()
  await refuseHeld(db, recorder.surface, now)
  return reviewBestInterests(db, viewer, { record, agrees }, now)
}
