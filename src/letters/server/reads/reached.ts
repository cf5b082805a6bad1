import type { Db } from '#platform/server/db.ts'
import type { ContactState } from '#letters/directory.ts'
import type { Pause } from '#letters/pace.ts'

export type Addressed = {
  email: string | null
  person: string | null
  post: string | null
  organisation: string | null
}

const usable: readonly ContactState[] = ['unverified', 'working', 'doubtful']

/** Answers which contact of the directory has the e-mail of a delivery; null when there is none that works: then nothing is sent there from here. */
export async function contactOf(db: Db, to: Addressed, now: Date): Promise<string | null> {
  const row = await contacts(db, to)
    .where('state', 'in', usable)
    .where((on) =>
      on.or([on('validUntil', 'is', null), on('validUntil', '>=', now.toISOString().slice(0, 10))]),
    )
    .executeTakeFirst()
  return row?.id ?? null
}

const contacts = (db: Db, { email, person, post, organisation }: Addressed) =>
  db
    .selectFrom('directoryContacts')
    .select('id')
    .where('type', '=', 'email')
    .where((on) => on(on.fn<string>('lower', ['value']), '=', email))
    .where((on) =>
      on.or([
        ...(person === null ? [] : [on('person', '=', person)]),
        ...(post === null ? [] : [on('post', '=', post)]),
        ...(organisation === null ? [] : [on('organisation', '=', organisation)]),
      ]),
    )
    .orderBy('id')
    .limit(20)

/** Answers whether the directory knows an e-mail, at any office, only as one that does not work. */
export async function isKnownBroken(db: Db, email: string): Promise<boolean> {
  const rows = await db
    .selectFrom('directoryContacts')
    .select('state')
    .distinct()
    .where('type', '=', 'email')
    .where((on) => on(on.fn<string>('lower', ['value']), '=', email))
    .execute()
  const states = rows.map(({ state }) => state)
  return states.includes('broken') && !states.some((one) => usable.includes(one))
}

/** Answers the contacts of the directory, whatever their state, that have the e-mail of a delivery (at most 20). */
export const contactsOf = async (db: Db, to: Addressed): Promise<string[]> =>
  (await contacts(db, to).execute()).map(({ id }) => id)

/** Answers the pauses of an office that are on at a moment or come after it (at most 20). */
export async function pausesOf(db: Db, organisation: string | null, now: Date): Promise<Pause[]> {
  if (organisation === null) return []
  const rows = await db
    .selectFrom('directoryPauses')
    .select(['fromDay', 'toDay', 'reason'])
    .where('organisation', '=', organisation)
    // A day earlier: it may still be that day where the office is.
    .where('toDay', '>=', new Date(now.getTime() - 86_400_000).toISOString().slice(0, 10))
    .orderBy('fromDay')
    .limit(20)
    .execute()
  return rows.map(({ fromDay, toDay, reason }) => ({ from: fromDay, to: toDay, reason }))
}
