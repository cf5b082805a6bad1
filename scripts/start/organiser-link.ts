import type { Db } from '#platform/server/db.ts'

/** Prints where an organiser signs in. */
export async function printOrganiserLink(_db: Db, address: string) {
  console.log(`Organisers sign in at ${address}/sign-in`)
}
