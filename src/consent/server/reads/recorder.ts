import type { Conversation } from '#consent/conversation.ts'
import { mayMark, mayNameSteward, mayReadEvidence, mayRecord } from '#consent/may.ts'
import { handsOf, standingIn } from '#consent/server/hands.ts'
import { linkOf, type Link } from '#consent/server/links.ts'
import { conversationOf } from '#consent/server/reads/asking.ts'
import { postersIn, stateOf } from '#consent/server/surface.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'

export type Recorder = {
  surface: string
  conversation: Conversation
  /** Where the viewer reads what was written down, and each reading is noted; null for whoever may not. */
  reasons: string | null
  /** Whether the viewer may write down what a decision by others rests on; take note of a death; decide in somebody's best interests, which nobody does who posted it; look at such a decision, which nobody does who decided it; say whom of a family to ask. */
  may: { record: boolean; mark: boolean; decide: boolean; review: boolean; family: boolean }
  /** What supporters saw of a yes or a no here, the newest first (at most 50); for those who may mark. */
  signs: readonly { sign: 'yes' | 'no'; at: Date }[]
}

/** Answers what whoever opened a link could write down about somebody, being signed in; null for a link that opens nothing. Changes nothing. */
export async function recorderOf(db: Db, viewer: Viewer, token: string, now: Date): Promise<Recorder | null> {
  const link = await linkOf(db, token, now)
  const conversation = link && (await conversationOf(db, link, now))
  if (!link || !conversation) return null
  const row = await db
    .selectFrom('peopleShown as p')
    .leftJoin('organisations as o', 'o.id', 'p.organisation')
    .select(['p.organisation', 'o.slug'])
    .where('p.id', '=', link.person)
    .executeTakeFirst()
  const standing = await standingIn(db, viewer, row?.organisation ?? null)
  const hands = handsOf(viewer)
  const posted = postersIn(await stateOf(db, link.surface), link.surface).some((hand) => hands.includes(hand))
  const record = mayRecord(viewer, standing)
  const mark = mayMark(viewer, standing)
  const decided = conversation.decision !== null && hands.includes(conversation.decision.decider)
  return {
    surface: link.surface,
    conversation,
    reasons:
      row && mayReadEvidence(viewer, standing)
        ? `/desk/organisations/${row.slug}/shown/${link.person}`
        : null,
    may: {
      record,
      mark,
      decide: record && !posted,
      review: mark && !posted && !decided,
      family: mayNameSteward(viewer, standing),
    },
    signs: mark ? await signsOf(db, link) : [],
  }
}

async function signsOf(db: Db, { person, surface }: Link): Promise<Recorder['signs']> {
  const rows = await db
    .selectFrom('signs')
    .select(['sign', 'at'])
    .where('person', '=', person)
    .where('surface', '=', surface)
    .orderBy('at', 'desc')
    .limit(50)
    .execute()
  return rows.map(({ sign, at }) => ({ sign: sign === 'yes' ? 'yes' : 'no', at }))
}
