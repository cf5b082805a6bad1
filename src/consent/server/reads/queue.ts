import type { LeadView, RunsOut, ToCheck, Waiting } from '#consent/standing.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'
import { unwritten } from '#consent/server/unwritten.ts'

/** Answers what waits for a second person and this viewer may do, oldest first, at most 200. */
export async function waitingForSecond(db: Db, viewer: Viewer, now: Date): Promise<Waiting[]> {
  return unwritten(db, viewer, now)
}

/** Answers who was said to be in what, for whoever may check it; looks like nothing is there to anybody else. */
export async function toCheck(db: Db, viewer: Viewer, said: string, now: Date): Promise<ToCheck> {
  return unwritten(db, viewer, said, now)
}

/** Answers an organisation's view for its lead; looks like nothing is there to anybody else. */
export async function leadView(db: Db, viewer: Viewer, organisation: string, now: Date): Promise<LeadView> {
  return unwritten(db, viewer, organisation, now)
}

/** Answers what runs out within so many days, soonest first, at most 200: of one organisation for its lead, of all for reviewers (null). */
export async function runsOutSoon(
  db: Db,
  viewer: Viewer,
  input: { organisation: string | null; days: number },
  now: Date,
): Promise<RunsOut[]> {
  return unwritten(db, viewer, input, now)
}
