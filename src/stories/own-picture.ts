import type { Light, Standing } from '#consent/standing.ts'
import type { PlacementState } from '#consent/permission.ts'
import type { Text } from '#kernel/messages.ts'
import { isReady, type Version } from '#media/picture.ts'
import type { StoryPicture } from '#stories/picture.ts'

/** A picture as whoever tells its story sees it, in words of their language. */
export type OwnPicture = {
  id: string
  /** Whether it can be looked at; else it is still being made. */
  ready: boolean
  picture: StoryPicture
  decoration: boolean
  revision: number
  state: PlacementState
  light: Light
  missing: string[]
  people: { person: string; label: string; missing: string[] }[]
  /** Whether a story without a face would do. */
  faceless: boolean
}

/** Says how a picture stands, for whoever tells its story. */
export function ownPicture(version: Version, standing: Standing, text: Text): OwnPicture {
  const placed = standing.placements.find((one) => one.version === version.id)
  const say = (all: readonly { key: Parameters<Text>[0]; params: Parameters<Text>[1] }[]): string[] => [
    ...new Set(all.map(({ key, params }) => text(key, params))),
  ]
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
    decoration: version.decoration,
    revision: version.revision,
    state: placed?.state ?? 'draft',
    light: placed?.light ?? 'amber',
    missing: say(placed?.missing ?? []),
    people: (placed?.people ?? []).map(({ person, label, missing }) => ({
      person,
      label,
      missing: say(missing),
    })),
    faceless: placed?.offerFaceless ?? false,
  }
}
