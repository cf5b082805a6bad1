import type * as v from 'valibot'
import { missing } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { writeDown } from '#platform/server/audit.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { onceOnly } from '#platform/server/form-keys.ts'
import { audienceValues, type changedAudience, type newAudience } from '#weeks/lists.ts'
import { audiencesOf } from '#weeks/server/reads.ts'
import {
  differenceOf,
  openLists,
  placeOfNew,
  refuseStale,
  subjectOf,
  withWords,
} from '#weeks/server/writes/lists.ts'
import type { Audience } from '#weeks/week.ts'

type Added = v.InferOutput<typeof newAudience> & { language: string }
type Changed = v.InferOutput<typeof changedAudience> & { language: string }

/** Adds somebody to reach to a week, last in their plain group, and answers the code. The same form pressed twice adds one. */
export const addAudience = (db: Db, viewer: Viewer, input: Added, _now: Date): Promise<string> =>
  inTransaction(db, (trx) =>
    onceOnly(trx, 'weeks.audience', input.formKey, async () => {
      const { week, cluster, language, name } = input
      await openLists(trx, viewer, week)
      const place = await placeOfNew(trx, 'audiences', input)
      await trx
        .insertInto('audiences')
        .values({ week, ...place, cluster, names: withWords({}, language, name) })
        .execute()
      await writeDown(trx, viewer, {
        action: 'audiences.added',
        subject: subjectOf('audiences', week, place.code),
        difference: differenceOf({}, { name, cluster }),
      })
      return place.code
    }),
  )

/** Changes what somebody to reach is called in one language, and their plain group; never the code. Refuses a form that is older than what stands there. Answers the code. */
export const changeAudience = (db: Db, viewer: Viewer, input: Changed, _now: Date): Promise<string> =>
  inTransaction(db, async (trx) => {
    const { week, code, cluster, language, name } = input
    await openLists(trx, viewer, week)
    const before = await audienceOf(trx, week, code)
    refuseStale(before, input.revision)
    await trx
      .updateTable('audiences')
      .set({ names: withWords(before.names, language, name), cluster, revision: before.revision + 1 })
      .where('week', '=', week)
      .where('code', '=', code)
      .execute()
    await writeDown(trx, viewer, {
      action: 'audiences.changed',
      subject: subjectOf('audiences', week, code),
      difference: differenceOf(audienceValues(before, language), { name, cluster }),
    })
    return code
  })

async function audienceOf(trx: Trx, week: number, code: string): Promise<Audience> {
  const audience = (await audiencesOf(trx, week)).find((one) => one.code === code)
  if (!audience) throw missing()
  return audience
}
