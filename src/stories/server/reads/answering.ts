import { mayBegin, mayChange } from '#consent/answering.ts'
import { stateOf } from '#consent/server/surface.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'
import type { Held } from '#stories/server/reads/own-pictures.ts'

/** Who could answer for pictures for which nobody does, or instead of whoever does (`now`); `late` when it is too late for that. */
export type CouldAnswer = {
  organisations: { id: string; name: string }[]
  late: boolean
  /** Who answers, by name, for those who belong to it. */
  now: string | null
}

/** Answers which organisations that whoever looks belongs to could answer for the pictures of a story; at most ten; when one does already, which others could while nobody was asked. */
export async function couldAnswer(db: Db, viewer: Viewer, story: Held): Promise<CouldAnswer> {
  const { account } = viewer
  const placed = story.answered || story.unanswered.length > 0
  if (account === null || !placed) return { organisations: [], late: false, now: null }
  const all = await db
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
  const state = await stateOf(db, story.id)
  if (story.unanswered.length > 0) {
    const able = story.answered ? all.filter(({ id }) => id === story.organisation) : all
    const late = able.length > 0 && !mayBegin(state, story.id)
    return { organisations: late ? [] : able, late, now: null }
  }
  const now = all.find(({ id }) => id === story.organisation)
  const others = now && mayChange(state, story.id) ? all.filter(({ id }) => id !== now.id) : []
  return { organisations: others, late: false, now: now?.name ?? null }
}
