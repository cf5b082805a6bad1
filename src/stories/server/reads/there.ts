import { stillThere } from '#consent/server/reads/rendition.ts'
import type { Version } from '#media/picture.ts'
import { versionsOn } from '#media/server/reads.ts'
import type { Db } from '#platform/server/db.ts'

/** Answers the pictures of a story, those that are gone for all without anything to look at; `but` is whose own page it is. */
export async function picturesThere(db: Db, story: string, but: string | null = null): Promise<Version[]> {
  const all = await versionsOn(db, story)
  const there = new Set(
    await stillThere(
      db,
      all.map(({ id }) => id),
      but,
    ),
  )
  return all.map((one) => (there.has(one.id) ? one : { ...one, widths: [] }))
}
