import type { PersonPage, Standing, SurfaceView } from '#consent/standing.ts'
import type { Db } from '#platform/server/db.ts'
import { unwritten } from '#consent/server/unwritten.ts'

/** Answers how a surface stands and what is missing, in plain words, for its poster (whom the calling room has proven). */
export async function standingOf(db: Db, surface: string, now: Date): Promise<Standing> {
  return unwritten(db, surface, now)
}

/** Answers what the holder of a link may see and is asked; null for a link that is unknown or has ended. Changes nothing. */
export async function personPage(db: Db, token: string, now: Date): Promise<PersonPage | null> {
  return unwritten(db, token, now)
}

/** Answers what other rooms need to know of surfaces (at most 500), by id; one that nobody placed anything on is not in it and needs no permission. */
export async function surfacesOf(
  db: Db,
  ids: readonly string[],
  now: Date,
): Promise<Map<string, SurfaceView>> {
  return unwritten(db, ids, now)
}
