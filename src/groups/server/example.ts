import { sql } from 'kysely'
import type { Trx } from '#platform/server/db.ts'

/** Hides the example's groups from everybody and keeps what they were. Idempotent. */
export const setExampleGroupsAside = async (trx: Trx): Promise<void> => {
  await trx
    .updateTable('groups')
    .set({ setAside: sql`case when hidden then 'hidden' else 'shown' end`, hidden: true })
    .where('example', '=', true)
    .where('setAside', 'is', null)
    .execute()
}

/** Makes the example's groups again what they were before they were set aside. Idempotent. */
export const bringExampleGroupsBack = async (trx: Trx): Promise<void> => {
  await trx
    .updateTable('groups')
    .set({ hidden: sql`set_aside = 'hidden'`, setAside: null })
    .where('setAside', 'is not', null)
    .execute()
}

/** Removes the example's groups for good. Idempotent. */
export const removeExampleGroups = async (trx: Trx): Promise<void> => {
  await trx.deleteFrom('groups').where('example', '=', true).execute()
}
