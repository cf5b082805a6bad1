import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'
import { unwritten } from '#consent/server/unwritten.ts'

/** What the calling room has proven of whoever asks, and for which surface: they post it, they are asked about it, they check it. */
export type Pass = { as: 'poster' | 'asked' | 'checker'; surface: string }
export type Wish = { version: string; width: number; format: 'jpg' | 'webp' | 'avif'; pass?: Pass }
export type Rendition = { key: string; type: string; bytes: number }

/** Answers where the bytes lie when this viewer may see them at this moment, else null: the only door to bytes. */
export async function renditionFor(db: Db, viewer: Viewer, wish: Wish, now: Date): Promise<Rendition | null> {
  return unwritten(db, viewer, wish, now)
}
