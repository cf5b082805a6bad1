import type { InferOutput } from 'valibot'
import { scopeFor } from '#consent/conversation.ts'
import type { Id } from '#consent/events.ts'
import type {
  authorityPage,
  capacityPage,
  competencePage,
  decisionPage,
  holdersPage,
  recordToken,
  reviewPage,
} from '#consent/record-pages.ts'
import { linkOrMissing } from '#consent/server/links.ts'
import { recorderOf } from '#consent/server/reads/recorder.ts'
import { noteDeath } from '#consent/server/writes/people.ts'
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

/** Whom a link is about, and the story that is meant when not all are. Who may write is asked by each record itself. */
async function about(
  db: Db,
  { token, reach }: { token: string; reach?: 'story' | 'all' },
  now: Date,
): Promise<{ person: Id; surface: Id | null }> {
  const { person, surface } = await linkOrMissing(db, token, now)
  return { person, surface: reach === 'all' ? null : surface }
}

/** Keeps whether somebody can decide this, by the link of whoever supports them. */
export const writeCapacity = async (
  db: Db,
  viewer: Viewer,
  input: InferOutput<typeof capacityPage>,
  now: Date,
) => recordCapacity(db, viewer, { ...input, ...(await about(db, input, now)) }, now)

/** Keeps that somebody saw a paper by which another decides. */
export const writeAuthority = async (
  db: Db,
  viewer: Viewer,
  input: InferOutput<typeof authorityPage>,
  now: Date,
) => recordAuthority(db, viewer, { ...input, ...(await about(db, input, now)) }, now)

/** Keeps whether a child understands this. */
export const writeCompetence = async (
  db: Db,
  viewer: Viewer,
  input: InferOutput<typeof competencePage>,
  now: Date,
) => recordCompetence(db, viewer, { ...input, ...(await about(db, input, now)) }, now)

/** Keeps everybody who holds parental responsibility. */
export const writeHolders = async (
  db: Db,
  viewer: Viewer,
  input: InferOutput<typeof holdersPage>,
  now: Date,
) => recordHolders(db, viewer, { ...(await about(db, input, now)), holders: input.holders }, now)

/** Takes note that somebody has died. */
export const writeDeath = async (db: Db, viewer: Viewer, input: InferOutput<typeof recordToken>, now: Date) =>
  noteDeath(db, viewer, await about(db, input, now), now)

/** Keeps a decision in somebody's best interests, about what was in front of whoever decides and is still there. */
export const writeDecision = async (
  db: Db,
  viewer: Viewer,
  input: InferOutput<typeof decisionPage>,
  now: Date,
) => {
  const recorder = await recorderOf(db, viewer, input.token, now)
  if (!recorder) throw missing()
  const { conversation, surface } = recorder
  const versions = conversation.versions.filter((version) => input.looked.includes(version ?? 'words'))
  const { circle, consulted, seen, review, words } = input
  const decided = { ...scopeFor(conversation), circle, consulted, seen, review, words }
  return recordBestInterests(db, viewer, { ...decided, surface, versions, person: conversation.person }, now)
}

/** Keeps what somebody independent thinks of the decision. */
export const writeReview = async (
  db: Db,
  viewer: Viewer,
  input: InferOutput<typeof reviewPage>,
  now: Date,
) => {
  const recorder = await recorderOf(db, viewer, input.token, now)
  const record = recorder?.conversation.decision?.record
  if (record === undefined) throw missing()
  return reviewBestInterests(db, viewer, { record, agrees: input.agrees }, now)
}
