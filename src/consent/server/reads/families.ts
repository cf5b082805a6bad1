import { sql } from 'kysely'
import type { Id } from '#consent/events.ts'
import { mayNameSteward, mayReviewPermission } from '#consent/may.ts'
import { standingIn } from '#consent/server/hands.ts'
import { checkedBy } from '#consent/server/reads/queue.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'

/** Somebody who has died, whose family could be asked whether what was shown may be seen again. */
export type ToAsk = { person: Id; label: string }

/** Answers whether a link was ever made for somebody of a person's family that still works or was answered. */
export const familyAsked = async (db: Db, person: Id, now: Date): Promise<boolean> =>
  (await db
    .selectFrom('stewards')
    .select('id')
    .where('person', '=', person)
    .where((on) => on.or([on('expires', '>', now), on('answer', 'is not', null)]))
    .limit(1)
    .executeTakeFirst()) !== undefined

/** Answers whose family nobody has asked, of those who have died and of whom something rests that was shown, the newest 20, for whoever may ask: nobody has to. */
export async function familiesToAsk(db: Db, viewer: Viewer, now: Date): Promise<ToAsk[]> {
  if (viewer.account === null) return []
  const within = mayReviewPermission(viewer) ? null : await checkedBy(db, viewer)
  if (within !== null && within.length === 0) return []
  const rows = await db
    .selectFrom('peopleShown as p')
    .select(['p.id as person', 'p.label', 'p.organisation'])
    .where('p.died', 'is not', null)
    .where('p.keptDown', 'is', null)
    .where('p.forgotten', 'is', null)
    .where(
      sql<boolean>`exists (select from placements l where l.state = 'hidden' and l.surface in
        (select a.surface from appearances a where a.person = p.id) and p.id = any(l.about))`,
    )
    .where((on) =>
      on.not(
        on.exists(
          on
            .selectFrom('stewards as s')
            .select('s.id')
            .whereRef('s.person', '=', 'p.id')
            .where((of) => of.or([of('s.expires', '>', now), of('s.answer', 'is not', null)])),
        ),
      ),
    )
    .$if(within !== null, (query) => query.where('p.organisation', 'in', [...(within ?? [])]))
    .orderBy('p.died', 'desc')
    .limit(20)
    .execute()
  const may = await Promise.all(
    rows.map(async ({ organisation }) => mayNameSteward(viewer, await standingIn(db, viewer, organisation))),
  )
  return rows.flatMap(({ person, label }, at) => (may[at] ? [{ person, label }] : []))
}
