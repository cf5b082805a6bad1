import type { DoorInput } from '#letters/door.ts'
import { mayKeepDirectory } from '#letters/may.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { sql } from 'kysely'
import { writeDown } from '#platform/server/audit.ts'
import { inTransaction, type Db } from '#platform/server/db.ts'

/** Says who decides something in a nation; the words of other languages stay. One that is new comes last. */
export const saveDoor = (db: Db, viewer: Viewer, input: DoorInput, _now: Date): Promise<DoorInput> =>
  inTransaction(db, async (trx) => {
    if (!mayKeepDirectory(viewer)) throw new Refusal('forbidden', 'refusal.forbidden')
    const { name, answer, nation, subject, ...same } = input
    const [names, answers] = [JSON.stringify({ en: name }), JSON.stringify({ en: answer })]
    await trx
      .insertInto('doors')
      .values({
        nation,
        subject,
        ...same,
        names,
        answers,
        position: sql<number>`(select coalesce(max(position), 0) + 1 from doors)`,
      })
      .onConflict((conflict) =>
        conflict.columns(['nation', 'subject']).doUpdateSet({
          ...same,
          names: sql`doors.names || ${names}::jsonb`,
          answers: sql`doors.answers || ${answers}::jsonb`,
        }),
      )
      .execute()
    await writeDown(trx, viewer, { action: 'directory.door', subject: `doors:${nation}/${subject}` })
    return input
  })
