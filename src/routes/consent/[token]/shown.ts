import { versionsOn } from '#media/server/reads.ts'
import type { Db } from '#platform/server/db.ts'
import { storyOfSurface } from '#stories/server/reads/surface.ts'

/** Answers the real pictures in the real story, for somebody who is asked about them. */
export async function shownOn(db: Db, surface: string, wanted: readonly (string | null)[]) {
  const [story, versions] = await Promise.all([storyOfSurface(db, surface), versionsOn(db, surface)])
  return {
    story,
    pictures: versions
      .filter((version) => wanted.includes(version.id) && version.widths.length > 0)
      .map((version) => ({
        id: version.id,
        words: version.words,
        caption: version.caption,
        width: version.width ?? 4,
        height: version.height ?? 3,
        widths: version.widths,
        avif: version.state === 'made',
      })),
  }
}
