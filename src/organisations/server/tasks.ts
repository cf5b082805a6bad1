import { day } from '#kernel/limits.ts'
import type { Db } from '#platform/server/db.ts'

/** Somebody who asked to belong and was not answered is forgotten after so many days. */
const askedDays = 60
/** An organisation that was declined is forgotten after so many days. */
const declinedDays = 90
/** Somebody who is no longer supported is forgotten after so many days: no permission lasts longer than two years after a week. */
const partedDays = 3 * 366

/** Removes requests nobody answered, organisations that were declined, and people who parted long ago, and answers how many. Run by the clock. */
export async function forgetOrganisationRows(
  db: Db,
  now: Date,
): Promise<Record<'asked-members' | 'declined-organisations' | 'parted-people', number>> {
  const before = (days: number): Date => new Date(now.getTime() - days * day)
  const asked = await db
    .deleteFrom('members')
    .where('joined', 'is', null)
    .where('asked', '<', before(askedDays))
    .executeTakeFirst()
  const declined = await db
    .deleteFrom('organisations')
    .where('state', '=', 'declined')
    .where('decided', '<', before(declinedDays))
    .executeTakeFirst()
  const parted = await db
    .deleteFrom('supportedPeople')
    .where('parted', '<', before(partedDays))
    .executeTakeFirst()
  return {
    'asked-members': Number(asked.numDeletedRows),
    'declined-organisations': Number(declined.numDeletedRows),
    'parted-people': Number(parted.numDeletedRows),
  }
}
