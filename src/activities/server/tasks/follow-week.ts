import { addDays, dayBeginsSomewhere, dayEndsEverywhere } from '#kernel/times.ts'
import type { Task } from '#platform/server/queue.ts'

/** Lets what is done "some time this week" follow a week whose Monday was changed. Runs twice without harm. */
export const followWeek: Task = async (db, payload, now) => {
  const year = Number(payload['year'])
  const week = await db.selectFrom('weeks').select('monday').where('year', '=', year).executeTakeFirst()
  if (!week) return
  const sortStart = dayBeginsSomewhere(week.monday)
  await db
    .updateTable('activities')
    .set((row) => ({
      sortStart,
      lastEnd: dayEndsEverywhere(addDays(week.monday, 6)),
      sequence: row('sequence', '+', 1),
      updated: now,
    }))
    .where('week', '=', year)
    .where('timing', '=', 'week')
    .where('sortStart', '<>', sortStart)
    .execute()
}
