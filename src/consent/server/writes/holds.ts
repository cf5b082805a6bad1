import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'
import { unwritten } from '#consent/server/unwritten.ts'

/** Hides a surface from all and keeps it from erasure and purge; two named accounts may open it, until a moment. */
export async function holdSurface(
  db: Db,
  viewer: Viewer,
  input: { surface: string; concern: string | null; openers: readonly [string, string]; until: Date },
  now: Date,
): Promise<{ hold: string }> {
  return unwritten(db, viewer, input, now)
}

/** Opens what is held for one of its two openers, and writes down that they did and why. */
export async function openHold(
  db: Db,
  viewer: Viewer,
  input: { hold: string; why: string },
  now: Date,
): Promise<{ surface: string; versions: readonly string[] }> {
  return unwritten(db, viewer, input, now)
}

/** Ends a hold; what it hid stays hidden until somebody restores it. Idempotent. */
export async function endHold(
  db: Db,
  viewer: Viewer,
  input: { hold: string; why: string },
  now: Date,
): Promise<void> {
  return unwritten(db, viewer, input, now)
}
