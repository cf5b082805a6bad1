import type { Hand } from '#consent/events.ts'
import type { Placing } from '#consent/permission.ts'
import type { Circle } from '#kernel/permission-words.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'
import { unwritten } from '#consent/server/unwritten.ts'

/** Puts a version (or the words) on a surface, seen by nobody: unresolved until somebody says who is in it and somebody else checks. Placing the same again answers the same. */
export async function placeVersion(
  db: Db,
  viewer: Viewer,
  input: Placing,
  now: Date,
): Promise<{ placement: string }> {
  return unwritten(db, viewer, input, now)
}

/** Asks for everything on a surface to be shown to a circle: it is from the moment on at which nothing is missing. Idempotent. */
export async function askForCircle(
  db: Db,
  viewer: Viewer,
  input: { surface: string; circle: Circle; by: Hand },
  now: Date,
): Promise<void> {
  return unwritten(db, viewer, input, now)
}

/** Takes a version off a surface for good. What was hidden before stays hidden until somebody else restores it. Idempotent. */
export async function takeOut(
  db: Db,
  viewer: Viewer,
  input: { surface: string; version: string; by: Hand },
  now: Date,
): Promise<void> {
  return unwritten(db, viewer, input, now)
}

/** Takes note of what a teller changed: when the activity is over; whether the words were (they are checked anew then). */
export async function surfaceChanged(
  db: Db,
  viewer: Viewer,
  input: { surface: string; notBefore: Date | null; words: boolean; by: Hand },
  now: Date,
): Promise<void> {
  return unwritten(db, viewer, input, now)
}

/** Takes note that the words for a picture were written or taken away. Idempotent. */
export async function versionDescribed(
  db: Db,
  viewer: Viewer,
  input: { version: string },
  now: Date,
): Promise<void> {
  return unwritten(db, viewer, input, now)
}
