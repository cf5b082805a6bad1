import type { Db } from '#platform/server/db.ts'
import { idIn, type Task } from '#platform/server/queue.ts'
import { noticeAgain } from '#stories/server/writes/names.ts'

/** Why stories are looked through again: somebody's name is known only now; or the activity or the group that they stand beside may be called otherwise. */
type Because = 'person' | 'activity' | 'group'

/** How many stories are listed together; each is looked through in a transaction of its own. */
const together = 50

/** Makes the task that looks for names again in every story of a person, an activity or a group. Runs twice. */
export const lookAgain =
  (because: Because): Task =>
  async (db, payload, now) => {
    const id = idIn(payload, because)
    for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
      const stories = await storiesOf(db, because, id, after)
      for (const story of stories) await noticeAgain(db, { story }, now)
      const last = stories.at(-1)
      if (last === undefined || stories.length < together) return
      after = last
    }
  }

async function storiesOf(db: Db, because: Because, id: string, after: string): Promise<string[]> {
  const stories = db.selectFrom('stories as s').select('s.id').where('s.id', '>', after)
  const rows = await (
    because === 'person'
      ? stories.where((on) =>
          on.exists(
            on
              .selectFrom('appearances as a')
              .select('a.id')
              .whereRef('a.surface', '=', 's.id')
              .where('a.person', '=', id),
          ),
        )
      : // Without anybody in it there is nobody to name.
        stories
          .where(`s.${because}`, '=', id)
          .where((on) =>
            on.exists(
              on
                .selectFrom('appearances as a')
                .select('a.id')
                .whereRef('a.surface', '=', 's.id')
                .where('a.person', 'is not', null),
            ),
          )
  )
    .orderBy('s.id')
    .limit(together)
    .execute()
  return rows.map((row) => row.id)
}
