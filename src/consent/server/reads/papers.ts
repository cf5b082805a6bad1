import { sql } from 'kysely'
import type { Id } from '#consent/events.ts'
import { handsOf } from '#consent/server/hands.ts'
import type { Waiting } from '#consent/standing.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'

/** Where somebody decided for another by a paper that nobody independent has seen, whoever may see to it: each placement `p` on its surface `f`. */
export const papersUnseen = (db: Db) =>
  db
    .selectFrom('placements as p')
    .innerJoin('surfaces as f', 'f.id', 'p.surface')
    .where('p.state', '<>', 'purged')
    .where(sql<boolean>`'sighted' = any(p.reasons)`)
    .where('f.hold', 'is', null)

/** Answers the surfaces on which somebody decided for another by a paper that nobody independent has seen, at most 200, oldest first: everywhere (null), or under these organisations. Nothing of the viewer's own posting or deciding; in a family, only to those who review. */
export async function papersToSee(db: Db, viewer: Viewer, within: readonly Id[] | null): Promise<Waiting[]> {
  const hands = handsOf(viewer)
  const rows = await papersUnseen(db)
    .leftJoin('organisations as o', 'o.id', 'p.organisation')
    .select((on) => ['p.surface', 'p.organisation', on.fn.min('p.changed').as('since')])
    .where(
      sql<boolean>`not exists (select from placements own where own.surface = p.surface and own.posted_by = any(${hands}))`,
    )
    .where(
      sql<boolean>`not exists (select from appearances a join consent_events e on e.person = a.person
        where a.surface = p.surface and e.kind in ('given', 'answered') and e.by_whom = any(${hands}))`,
    )
    .$if(within !== null, (query) =>
      query
        .where('p.organisation', 'in', [...(within ?? [])])
        .where((on) => on.or([on('o.type', 'is', null), on('o.type', '<>', 'family')])),
    )
    .groupBy(['p.surface', 'p.organisation'])
    .orderBy('since')
    .limit(200)
    .execute()
  return rows.map(({ surface, organisation, since }) => ({
    surface,
    version: null,
    said: null,
    objection: null,
    record: null,
    what: 'sight',
    since,
    organisation,
  }))
}
