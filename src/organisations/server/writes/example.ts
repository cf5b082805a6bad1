import { sql } from 'kysely'
import type { Trx } from '#platform/server/db.ts'

/** Hides the example's organisations from everybody, the desk too, and keeps what they were; what they allow counts no more. Idempotent. */
export const setExampleOrganisationsAside = async (trx: Trx): Promise<void> => {
  await trx
    .updateTable('organisations')
    .set({ setAside: sql`case when hidden then 'hidden' else 'shown' end`, hidden: true })
    .where('example', '=', true)
    .where('setAside', 'is', null)
    .execute()
}

/** Makes the example's organisations again what they were before they were set aside. Idempotent. */
export const bringExampleOrganisationsBack = async (trx: Trx): Promise<void> => {
  await trx
    .updateTable('organisations')
    .set({ hidden: sql`set_aside = 'hidden'`, setAside: null })
    .where('setAside', 'is not', null)
    .execute()
}

/** Removes the organisations of the example. Idempotent. */
export const removeExampleOrganisations = async (trx: Trx): Promise<void> => {
  await trx.deleteFrom('organisations').where('example', '=', true).execute()
}
