import { versionsOn } from '#media/server/reads.ts'
import { orderVersions } from '#media/server/writes/versions.ts'
import { uploadPass } from '#media/server/pass.ts'
import { missing } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'
import type { MovedPicture } from '#stories/own-picture.ts'
import { asHolder } from '#stories/server/writes/pictures.ts'
import { lockStory } from '#stories/server/writes/change.ts'

/** Puts a picture of a story one place earlier or later, and answers which; its number stays. Of one that is not any more where it was seen nothing is changed: pressing twice does it once. */
export const movePicture = (
  db: Db,
  viewer: Viewer,
  input: MovedPicture,
  now: Date,
): Promise<{ version: string }> =>
  asHolder(db, viewer, { ...input, now }, async (trx, story) => {
    await lockStory(trx, { id: story.id })
    const all = await versionsOn(trx, story.id)
    const at = all.findIndex(({ id }) => id === input.version)
    const moved = all[at]
    const other = all[input.to === 'earlier' ? at - 1 : at + 1]
    if (!moved) throw missing()
    if (at !== input.from || !other) return { version: moved.id }
    const versions = all.map(({ id }) => (id === moved.id ? other.id : id === other.id ? moved.id : id))
    const pass = uploadPass(story.id, viewer.account, story.organisation, now)
    await orderVersions(trx, viewer, { surface: story.id, pass, versions }, now)
    return { version: moved.id }
  })
