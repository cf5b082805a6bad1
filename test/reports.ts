import * as v from 'valibot'
import { anybody } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'
import { reportActivity } from '#stories/server/writes/report.ts'
import { hostReport } from '#stories/story.ts'
import { makeActivity, makeHostLink, type ActivityOver } from './make.ts'

/** When the activity that is made by default has just ended. */
export const after = new Date('2027-10-19T12:00:00Z')

/** What a host does who says how it was: eight came, five of them new, unless told otherwise. */
export const reportsIn = (db: Db) => ({
  held: async (over: ActivityOver = {}) => {
    const activity = await makeActivity(db, over)
    return { ...activity, token: await makeHostLink(db, activity.id) }
  },
  press: (token: string, over: Record<string, string> = {}, now = after) =>
    reportActivity(db, anybody, v.parse(hostReport, { token, came: '8', newPeople: '5', ...over }), now),
  reportOf: (activity: string) =>
    db.selectFrom('attendanceReports').selectAll().where('activity', '=', activity).executeTakeFirst(),
})
