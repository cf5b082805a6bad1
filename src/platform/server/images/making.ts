import type { Cover, Format, SourceType } from '#kernel/pictures.ts'
import type { Refusal } from '#kernel/refusal.ts'
import type { Day } from '#kernel/times.ts'

export type Made = { width: number; height: number; format: Format; bytes: number; path: string }

/** What to make: of the file at a path, in some formats, into a folder, with parts covered. */
export type Making = { path: string; covers: readonly Cover[]; formats: readonly Format[]; folder: string }

export type MadePicture = {
  made: Made[]
  type: SourceType
  /** As it was sent, upright. */
  width: number
  height: number
  /** When it was taken, as the camera says. */
  day: Day | null
  likeness: string
}

export type Answer =
  | { picture: MadePicture }
  | { refused: { key: Refusal['key']; params: Refusal['params'] } }
  | { failed: string }
