import { sql } from 'kysely'
import type { Db } from '#platform/server/db.ts'

/** What the office of a delivery promised in a week before, and has not kept yet. */
export type OldPromise = { delivery: string; words: string; due: string | null; week: number }

const sameHolder = sql<boolean>`before.person is not distinct from d.person`

/** Answers what the offices of a letter promised in earlier weeks and have not kept, as far as organisers show it to those who write: the newest first, at most 100. */
export const oldPromises = (db: Db, letter: string): Promise<OldPromise[]> =>
  db
    .selectFrom('deliveries as d')
    .innerJoin('letters as l', 'l.id', 'd.letter')
    .innerJoin('promises as p', (on) =>
      on.on(
        sql<boolean>`(p.post = d.post or (d.post is null and p.post is null and p.organisation = d.organisation))`,
      ),
    )
    .leftJoin('deliveries as before', 'before.id', 'p.delivery')
    // What one member of a body promised, another did not.
    .where((on) => on.or([on('d.post', 'is not', null), sameHolder]))
    .select(['d.id as delivery', 'p.words', 'p.due', 'p.week'])
    .where('d.letter', '=', letter)
    .whereRef('p.week', '<', 'l.week')
    .where('p.shared', '=', true)
    .where('p.state', 'in', ['open', 'partly'])
    .orderBy('p.week', 'desc')
    .orderBy('p.created', 'desc')
    .limit(100)
    .execute()
