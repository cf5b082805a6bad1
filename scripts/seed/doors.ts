import doorsJson from './doors.json' with { type: 'json' }
import type { Db } from '#platform/server/db.ts'

/** Loads whom people write to about what, nation by nation; what stands there already, changed or not, stays. Each says where it is written and on which day it was last looked at; an organiser looks again. Idempotent. */
export async function seedDoors(db: Db): Promise<void> {
  await db
    .insertInto('doors')
    .values(
      doorsJson.flatMap(({ subject, names, nations }, position) =>
        Object.entries(nations).map(([nation, { answer, looksFor, role, source, checked }]) => ({
          nation,
          subject,
          position,
          names: JSON.stringify(names),
          answers: JSON.stringify({ en: answer }),
          looksFor,
          role,
          source,
          checked,
        })),
      ),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
