import { Refusal } from '#kernel/refusal.ts'
import { addDays } from '#kernel/times.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { writeDown } from '#platform/server/audit.ts'
import { inTransaction, type Db } from '#platform/server/db.ts'
import { rosterDays, type Plan } from '#accounts/account.ts'
import { mayPlanDuty } from '#accounts/may.ts'
import { reviewersOf } from '#accounts/server/reads/people.ts'

/** Keeps who is on duty for the days that are given; the other days stay. Only people who can review are taken, and nobody backs up themselves. */
export async function saveDuty(db: Db, viewer: Viewer, plan: Plan, _now: Date): Promise<void> {
  if (!mayPlanDuty(viewer)) throw new Refusal('forbidden', 'refusal.forbidden')
  const last = addDays(plan.from, rosterDays)
  const days = plan.days.filter(({ day }) => day >= plan.from && day < last)
  for (const { day, duty, backup } of days)
    if (duty !== null && duty === backup)
      throw new Refusal('invalid', 'accounts.duty.same', {}, `backup-${day}`)
  await inTransaction(db, async (trx) => {
    const able = new Set((await reviewersOf(trx)).map((person) => person.account))
    const rows = days.flatMap(({ day, duty, backup }) => [
      ...(duty === null ? [] : [{ day, account: duty, part: 'duty' as const }]),
      ...(backup === null ? [] : [{ day, account: backup, part: 'backup' as const }]),
    ])
    const unable = rows.find((row) => !able.has(row.account))
    if (unable) throw new Refusal('invalid', 'input.choose', {}, `${unable.part}-${unable.day}`)
    const named = days.map(({ day }) => day)
    if (named.length > 0) await trx.deleteFrom('duties').where('day', 'in', named).execute()
    if (rows.length > 0) await trx.insertInto('duties').values(rows).execute()
    await writeDown(trx, viewer, {
      action: 'duty.planned',
      subject: `accounts:duty`,
      details: { from: plan.from, days: named.length },
    })
  })
}
