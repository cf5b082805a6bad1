import { standingOf } from '#consent/server/reads/standing.ts'
import type { Light } from '#consent/standing.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'
import { asPicture, type StoryPicture } from '#stories/picture.ts'
import { storyForReview } from '#stories/server/reads/review.ts'
import { picturesThere } from '#stories/server/reads/there.ts'

/** A photograph of a story as whoever decides about it sees it, with how it stands. */
export type PictureInReview = StoryPicture & { light: Light }

/** Answers the photographs of a story with their words and how each stands, for those who review; of what is held none. */
export async function picturesForReview(
  db: Db,
  viewer: Viewer,
  story: string,
  now: Date,
): Promise<PictureInReview[]> {
  const found = await storyForReview(db, viewer, story)
  if (!found || found.held) return []
  const [versions, { placements }] = await Promise.all([picturesThere(db, story), standingOf(db, story, now)])
  return versions.flatMap((version) => {
    const picture = asPicture(version)
    const light = placements.find((one) => one.version === version.id)?.light ?? 'amber'
    return picture ? [{ ...picture, light }] : []
  })
}
