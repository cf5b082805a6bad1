import type { Trx } from '#platform/server/db.ts'

/** Hides the invented people of the example from the list of who helps, or shows them again. Idempotent. */
export const setExampleAccountsAside = async (trx: Trx, setAside: boolean): Promise<void> => {
  await trx
    .updateTable('accounts')
    .set({ setAside })
    .where('example', '=', true)
    .where('setAside', '=', !setAside)
    .execute()
}

/** Removes the invented accounts of the example for good. Idempotent. */
export const removeExampleAccounts = async (trx: Trx): Promise<void> => {
  await trx.deleteFrom('accounts').where('example', '=', true).execute()
}
