import { sql } from 'kysely'
import { tableOpen, type TableAnswer } from '#activities/attendance.ts'
import { readable } from '#activities/server/reads/come-page.ts'
import { calledOff } from '#activities/server/reads/rsvp.ts'
import { Refusal } from '#kernel/refusal.ts'
import { dayOf } from '#kernel/times.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { inTransaction, type Db } from '#platform/server/db.ts'
import { onceOnly } from '#platform/server/form-keys.ts'
import { countOrRefuse } from '#platform/server/rates.ts'

/** Counts one press at the table, "new to me" or not: a number and the day, nothing about who. One per form; a room behind one address may press 60 times in ten minutes. */
export async function answerAtTable(
  db: Db,
  _viewer: Viewer,
  input: TableAnswer & { from?: string },
  now: Date,
): Promise<{ slug: string }> {
  const activity = await readable(db, input.slug)
  if (calledOff(activity, null)) throw new Refusal('conflict', 'come.off')
  if (!tableOpen(activity.sortStart, activity.lastEnd, now)) {
    throw new Refusal('conflict', 'table.closed')
  }
  const of = `${activity.id} ${input.from ?? ''}`
  await countOrRefuse(db, { name: 'table', of, most: 60, minutes: 10 }, now)
  return inTransaction(db, (trx) =>
    onceOnly(trx, 'table', input.formKey, async () => {
      await trx
        .insertInto('tableAnswers')
        .values({
          activity: activity.id,
          day: dayOf(now, activity.zone ?? 'Etc/UTC'),
          isNew: input.answer === 'new',
          count: 1,
        })
        .onConflict((conflict) =>
          conflict.columns(['activity', 'day', 'isNew']).doUpdateSet({ count: sql`table_answers.count + 1` }),
        )
        .execute()
      return { slug: activity.slug }
    }),
  )
}
