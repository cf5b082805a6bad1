import type { StoryDifference } from '#stories/story.ts'
import * as v from 'valibot'
import type { NameStands } from '#consent/names.ts'
import type { PlacementStanding, Standing } from '#consent/standing.ts'
import { oneOf } from '#kernel/input.ts'
import { id, isReady, type Version } from '#media/picture.ts'
import type { StoryPicture } from '#stories/picture.ts'

/** Where a picture can be moved among the others of its story. */
export const ways = ['earlier', 'later'] as const
export type Way = (typeof ways)[number]

/** One place further; `from` is where it was seen, from 0. */
export const movedPicture = v.object({
  token: v.pipe(v.string('refusal.link'), v.maxLength(200, 'refusal.link')),
  version: id,
  from: v.pipe(v.string('input.choose'), v.regex(/^\d{1,3}$/, 'input.choose'), v.transform(Number)),
  to: oneOf(ways),
})
export type MovedPicture = v.InferOutput<typeof movedPicture>

/** A picture as whoever tells its story sees it. */
export type OwnPicture = {
  id: string
  /** By which the words of the story name it. */
  number: number
  /** Whether it can be looked at; else it is still being made. */
  ready: boolean
  picture: StoryPicture
  decoration: boolean
  revision: number
  /** How it stands; null before it lies on the story. */
  standing: PlacementStanding | null
  /** Whether somebody has said who is in this very picture. */
  said: boolean
  /** Whether anybody can see it at this moment. */
  shown: boolean
  /** Whose names stand with its story, and where. */
  names: readonly NameStands[]
}

/** Answers a picture with how it stands, for whoever tells its story. */
export function ownPicture(
  version: Version,
  on: {
    standing: Standing
    said: readonly { version: string; said: boolean }[]
    shown: boolean
    names: readonly NameStands[]
  },
): OwnPicture {
  const standing = on.standing.placements.find((one) => one.version === version.id) ?? null
  return {
    id: version.id,
    ready: isReady(version),
    picture: {
      id: version.id,
      words: version.words,
      caption: version.caption,
      width: version.width ?? 4,
      height: version.height ?? 3,
      widths: version.widths,
      avif: version.state === 'made',
    },
    number: version.number,
    decoration: version.decoration,
    revision: version.revision,
    standing,
    said: on.said.some((one) => one.version === version.id && one.said),
    shown: on.shown && on.standing.shown && standing?.state === 'live' && standing.light === 'green',
    names: on.names.filter(({ person }) => standing?.people.some((one) => one.person === person)),
  }
}

type InWords = { number: number | null; words: string; caption: string }

/** Answers what changed in the words of a photograph: old, new. */
export function differenceOfPicture(before: InWords, after: InWords): StoryDifference {
  const changed = (['words', 'caption'] as const).filter((field) => before[field] !== after[field])
  return Object.fromEntries(
    changed.map((field) => [`${field}-${after.number ?? 0}`, [before[field], after[field]]]),
  )
}
