import { mayBegin } from '#consent/answering.ts'
import { stateOf } from '#consent/server/surface.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'
import type { Held } from '#stories/server/reads/own-pictures.ts'

/** Who could answer for pictures for which nobody does; `late` when it is too late for that. */
export type CouldAnswer = { organisations: { id: string; name: string }[]; late: boolean }

/** Answers which organisations that whoever looks belongs to could answer for the pictures of a story; at most ten, none when somebody does. */
export async function couldAnswer(db: Db, viewer: Viewer, story: Held): Promise<CouldAnswer> {
  const { account } = viewer
  if (account === null || story.unanswered.length === 0) return { organisations: [], late: false }
  const organisations = await db
    .selectFrom('members as m')
    .innerJoin('organisations as o', 'o.id', 'm.organisation')
    .select(['o.id', 'o.name'])
    .where('m.account', '=', account)
    .where('m.joined', 'is not', null)
    .where('o.state', '=', 'agreed')
    .where('o.hidden', '=', false)
    .orderBy('m.joined')
    .limit(10)
    .execute()
  if (organisations.length === 0 || mayBegin(await stateOf(db, story.id), story.id))
    return { organisations, late: false }
  return { organisations: [], late: true }
}
