import { sortAudiences } from '#activities/new-people.ts'
import { reportOpensFor } from '#activities/server/reads/report.ts'
import type { Language } from '#kernel/messages.ts'
import { missing, Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { writeDown } from '#platform/server/audit.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { hashToken } from '#platform/server/tokens.ts'

export type AttendanceReport = {
  /** The host's mailed link. */
  token: string
  /** The revision the host had in front of them; 0 when there was no report yet. */
  revision: number
  came: number
  newPeople: number
  audiences: Record<string, number>
  sentence: string
}

/** What a report may be made of. */
export type ReportedActivity = {
  id: string
  week: number
  title: string
  kind: string
  town: string | null
  country: string | null
  group: string | null
  hostName: string
  account: string | null
  /** The address the link was mailed to. */
  email: string
  language: Language
  example: boolean
}

const reportable = ['waiting', 'asked-for-more', 'published', 'by-link']

/** Answers the activity that a host's link opens for a report, locked until the transaction ends; refuses a forged or expired link, one that was called off, and one that is not over yet (a series: its first date; a day or some time this week: once that has begun). */
export async function openForReport(trx: Trx, token: string, now: Date): Promise<ReportedActivity> {
  const found = await trx
    .selectFrom('hostLinks as link')
    .innerJoin('activities as a', 'a.id', 'link.activity')
    .innerJoin('hosts', (on) =>
      on.onRef('hosts.activity', '=', 'link.activity').onRef('hosts.email', '=', 'link.email'),
    )
    .select(['a.id', 'a.week', 'a.title', 'a.kind', 'a.town', 'a.country', 'a.group', 'a.hostName'])
    .select(['a.account', 'a.language', 'a.example', 'a.state', 'link.email'])
    .where('link.token', '=', hashToken(token))
    .where('link.expires', '>', now)
    .forUpdate('a')
    .executeTakeFirst()
  if (!found) throw missing()
  const { state, ...activity } = found
  if (!reportable.includes(state)) throw new Refusal('conflict', 'stories.report.not-held')
  const { from } = await reportOpensFor(trx, activity.id)
  if (from > now) throw new Refusal('conflict', 'stories.report.too-early')
  return activity
}

/** Keeps how many came, how many were new and who they were, in place of an earlier report of the same activity; refuses when somebody reported since. Answers the activity it is of. */
export const reportAttendance = (
  db: Db,
  viewer: Viewer,
  report: AttendanceReport,
  now: Date,
): Promise<ReportedActivity> =>
  inTransaction(db, async (trx) => {
    const activity = await openForReport(trx, report.token, now)
    const before = await trx
      .selectFrom('attendanceReports')
      .select('revision')
      .where('activity', '=', activity.id)
      .forUpdate()
      .executeTakeFirst()
    if ((before?.revision ?? 0) !== report.revision) throw new Refusal('conflict', 'refusal.stale')
    const { came, newPeople, sentence } = report
    const audiences = JSON.stringify(await sortedAudiences(trx, activity.week, report))
    const values = { came, newPeople, sentence, audiences, updated: now }
    if (before) {
      await trx
        .updateTable('attendanceReports')
        .set({ ...values, revision: before.revision + 1 })
        .where('activity', '=', activity.id)
        .execute()
    } else {
      await trx
        .insertInto('attendanceReports')
        .values({ ...values, activity: activity.id, created: now, example: activity.example })
        .execute()
    }
    await writeDown(trx, viewer, {
      action: 'activity.reported',
      subject: `activities:${activity.id}`,
      details: { came, newPeople },
      byLink: true,
    })
    return activity
  })

/** Answers who the new people were with each counted once, by the audiences of the activity's week. */
async function sortedAudiences(
  trx: Trx,
  week: number,
  report: AttendanceReport,
): Promise<Record<string, number>> {
  const known = await trx
    .selectFrom('audiences')
    .select(['code', 'cluster'])
    .where('week', '=', week)
    .execute()
  const sorted = sortAudiences(report.audiences, known)
  if (sorted === null) throw new Refusal('invalid', 'stories.report.who-wrong', {}, 'newPeople')
  const people = Object.values(sorted).reduce((sum, count) => sum + count, 0)
  if (people > report.newPeople) throw new Refusal('invalid', 'stories.report.who-more', {}, 'newPeople')
  return sorted
}
