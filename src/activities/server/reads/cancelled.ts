import { sql } from 'kysely'
import { conditionsOf } from '#activities/server/reads/conditions.ts'
import { tallied, talliesKnow } from '#activities/server/reads/counts.ts'
import { yearOf, type Question } from '#activities/server/reads/week.ts'
import type { Db } from '#platform/server/db.ts'

/** Answers how many of the activities that fulfil a filter were cancelled after they were on the list. They stay on it, and are no part of the number of activities, here or on any page. */
export async function countCancelled(db: Db, question: Question): Promise<number> {
  const { filter } = question
  const year = yearOf(question)
  if (year === undefined) return 0
  const counted =
    year !== null && talliesKnow(filter)
      ? sql<{ count: number }>`select coalesce(sum(listed - published), 0)::bigint as count
          from activity_tallies where ${tallied(filter, year)}`
      : sql<{ count: number }>`select count(*) as count from activities a
          where ${conditionsOf(filter, year)} and a.state = 'cancelled' and a.published is not null`
  const { rows } = await counted.execute(db)
  return rows[0]?.count ?? 0
}
