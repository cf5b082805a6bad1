import { reportOpens, type ReportOpens } from '#activities/attendance.ts'
import type { Db } from '#platform/server/db.ts'

/** Answers from when the host of an activity can say how it was: of a series, its first date that was not called off. */
export async function reportOpensFor(db: Db, activity: string): Promise<ReportOpens> {
  const row = await db
    .selectFrom('activities as a')
    .innerJoin('weeks as w', 'w.year', 'a.week')
    .leftJoinLateral(
      (on) =>
        on
          .selectFrom('occurrences as o')
          .select(['o.startDay', 'o.endDay', 'o.startLocal', 'o.endLocal', 'o.ends'])
          .whereRef('o.activity', '=', 'a.id')
          // When all were called off, the last of them.
          .orderBy((by) => by.case().when('o.status', '=', 'on').then(0).else(1).end())
          .orderBy((by) => by.case().when('o.status', '=', 'on').then(by.ref('o.ends')).end())
          .orderBy('o.ends', 'desc')
          .limit(1)
          .as('first'),
      (on) => on.onTrue(),
    )
    .select(['a.zone', 'w.monday', 'first.startDay', 'first.endDay', 'first.startLocal', 'first.endLocal'])
    .select('first.ends')
    .where('a.id', '=', activity)
    .executeTakeFirstOrThrow()
  const { zone, monday, startDay, endDay, ends, startLocal, endLocal } = row
  const meeting =
    startDay === null || endDay === null || ends === null
      ? null
      : { startDay, endDay, startLocal, endLocal, ends, zone }
  return reportOpens(meeting, monday)
}
