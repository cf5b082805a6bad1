import * as v from 'valibot'
import { day } from '#kernel/limits.ts'
import { maybeText, ticked } from '#kernel/input.ts'
import type { MessageKey, MessageParams } from '#kernel/messages.ts'
import { mostFiles, type Cover, type Format } from '#kernel/pictures.ts'

export type VersionState = 'waiting' | 'visible' | 'made' | 'refused' | 'purged'

export type Rendition = {
  width: number
  height: number
  format: Format
  bytes: number
  /** Where it lies in the space of renditions. Never shown to anybody. */
  key: string
}

/** A picture or an edit of one, as everybody who may know of it may see it. What it was made from is named by no one. */
export type Version = {
  id: string
  surface: string
  /** The version this is an edit of. */
  source: string | null
  account: string | null
  organisation: string | null
  /** Who covered parts of it: an account's id, or "link:…". */
  coveredBy: string | null
  covers: Cover[]
  coverChecked: Date | null
  position: number
  /** By which its story's words name it; stays when others go. 0 until it is made, and whatever was sent before it too. */
  number: number
  width: number | null
  height: number | null
  words: string
  decoration: boolean
  caption: string
  state: VersionState
  /** The widths that WebP and JPEG exist in, narrow to wide; AVIF exists in the same ones when the state is "made". */
  widths: number[]
  revision: number
}

export type Problem = { key: MessageKey; params: MessageParams }

/** Something that was sent: how far it is, or why it was refused. */
export type Upload = {
  id: string
  version: string | null
  /** The how manieth file that was sent for its surface, from 1. */
  at: number
  bytes: number
  received: number
  state: 'receiving' | 'received' | 'made' | 'refused' | 'purged'
  problem: Problem | null
  created: Date
}

/** How long an upload may rest, days: a browser that was closed overnight, or over a weekend, can go on. */
export const restDays = 5

/** Answers when an upload is given up that got no byte since a moment. */
export const uploadEnds = (updated: Date): Date => new Date(updated.getTime() + restDays * day)

/** Answers whether a picture can be taken in without seeing it: words say what it shows, or it was said to be decoration (rule 30: before it is live). */
export const isDescribed = (version: Pick<Version, 'words' | 'decoration'>): boolean =>
  version.decoration || version.words !== ''

/** Answers whether a version has bytes that may be asked for. */
export const isReady = (version: Pick<Version, 'state'>): boolean =>
  version.state === 'visible' || version.state === 'made'

export const id = v.pipe(v.string(), v.uuid('input.choose'))
export const pass = v.optional(v.pipe(v.string(), v.maxLength(600)), '')

export const describeInput = v.object({
  version: id,
  pass,
  words: maybeText(1000),
  decoration: ticked,
  caption: maybeText(500),
  revision: v.pipe(v.string(), v.regex(/^\d{1,9}$/), v.transform(Number)),
})
export type DescribeInput = v.InferOutput<typeof describeInput>

export const orderInput = v.object({
  surface: id,
  pass,
  versions: v.pipe(v.array(id), v.maxLength(mostFiles)),
})
export type OrderInput = v.InferOutput<typeof orderInput>

export const takeAwayInput = v.object({ version: id, pass })
export type TakeAwayInput = v.InferOutput<typeof takeAwayInput>
