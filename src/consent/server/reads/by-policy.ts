import type { Id } from '#consent/events.ts'
import { mayReviewPermission } from '#consent/may.ts'
import { handsOf } from '#consent/server/hands.ts'
import { checkedBy } from '#consent/server/reads/queue.ts'
import type { HiddenByPolicy } from '#consent/standing.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'

/** Answers what a tighter policy hid and the policy in force would allow again, longest hidden first, at most 200: everything for reviewers, else what the organisations answer for that the viewer leads or is a vetted practitioner of. Nothing of their own posting. */
export async function hiddenByPolicy(db: Db, viewer: Viewer): Promise<HiddenByPolicy[]> {
  if (viewer.account === null) return []
  const within = mayReviewPermission(viewer) ? null : await checkedBy(db, viewer)
  if (within !== null && within.length === 0) return []
  return db
    .selectFrom('surfaces as f')
    .innerJoin('placements as p', 'p.surface', 'f.id')
    .leftJoin('organisations as o', 'o.id', 'p.organisation')
    .select(['f.id as surface', 'f.stopped as since', 'o.id as organisation', 'o.name'])
    .select((on) => [
      // With what was hidden comes back what could not be seen only because its story was not whole.
      on.fn
        .count<number>('p.version')
        .distinct()
        .filterWhere('p.state', 'in', ['hidden', 'live'])
        .as('pictures'),
    ])
    .where('f.byPolicy', '=', true)
    .where('f.stopped', 'is not', null)
    .where('f.hold', 'is', null)
    .where('f.open', '=', true)
    .where('p.state', '<>', 'purged')
    .where((on) =>
      on.not(
        on.exists(
          on
            .selectFrom('placements as own')
            .select('own.id')
            .whereRef('own.surface', '=', 'f.id')
            .where('own.postedBy', 'in', handsOf(viewer)),
        ),
      ),
    )
    .$if(within !== null, (query) => query.where('p.organisation', 'in', [...(within ?? [])]))
    .groupBy(['f.id', 'o.id'])
    .orderBy('f.stopped')
    .orderBy('f.id')
    .limit(200)
    .execute()
}

/** Answers whether nothing hides a surface but a policy that is not in force any more. */
export const isHiddenByPolicy = async (db: Db, surface: Id): Promise<boolean> =>
  (await db
    .selectFrom('surfaces')
    .select('id')
    .where('id', '=', surface)
    .where('byPolicy', '=', true)
    .where('stopped', 'is not', null)
    .where('hold', 'is', null)
    .where('open', '=', true)
    .executeTakeFirst()) !== undefined
