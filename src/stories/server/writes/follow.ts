import { holdNamingReplies } from '#comments/server/writes/review.ts'
import { surfaceChanged } from '#consent/server/writes/placing.ts'
import { noticeNames } from '#consent/server/writes/naming.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { countOrRefuse } from '#platform/server/rates.ts'
import { addJob } from '#platform/server/queue.ts'
import { refusesEverybody } from '#stories/linked-post.ts'
import { handOf } from '#stories/server/reads/own-pictures.ts'
import { storySlug } from '#stories/server/writes/address.ts'
import { writtenIn } from '#stories/server/reads/written.ts'

/** Looks through every word that goes with a story for the names of those it shows: a name beside a face needs its own yes. An address that alone still names somebody becomes another one. Idempotent. */
export const noticeNamesOf = (db: Db, viewer: Viewer, input: { story: string }, now: Date): Promise<void> =>
  inTransaction(db, async (trx) => {
    const { story } = input
    const found = await trx
      .selectFrom('stories')
      .select(['account', 'email', 'title'])
      .where('id', '=', story)
      .forUpdate()
      .executeTakeFirst()
    if (!found) return
    const { account, email, title } = found
    const by = await handOf(trx, { account: viewer.account ?? account, email })
    const notice = async () =>
      noticeNames(trx, viewer, { surface: story, texts: await writtenIn(trx, story), by }, now)
    const names = await notice()
    // Taken out of all its words, a name would stay in the address for ever.
    if (names.some(({ where }) => where.every(({ place }) => place === 'address'))) {
      await trx
        .updateTable('stories')
        .set({ slug: storySlug(title) })
        .where('id', '=', story)
        .execute()
      await notice()
    }
    await holdNamingReplies(trx, { story }, now)
  })

/** Keeps in mind which address a story leads to, and has a new one read, ten in an hour at most; one that is gone is forgotten with what was read there. Idempotent. */
export async function followLink(
  trx: Trx,
  story: { id: string; link: string | null },
  now: Date,
): Promise<void> {
  const known = await trx
    .selectFrom('linkedPosts')
    .select('address')
    .where('story', '=', story.id)
    .executeTakeFirst()
  if (known?.address === story.link || (!known && story.link === null)) return
  await countOrRefuse(trx, { name: 'story-link', of: story.id, most: 10, minutes: 60 }, now)
  await trx.deleteFrom('linkedPosts').where('story', '=', story.id).execute()
  if (story.link === null) return
  const state = refusesEverybody(story.link) ? 'refused' : 'waiting'
  await trx
    .insertInto('linkedPosts')
    .values({ story: story.id, address: story.link, state, changed: now })
    .execute()
  if (state === 'waiting') await addJob(trx, 'link.given', { story: story.id }, { key: `link ${story.id}` })
}

/** Does what follows when the words of a story are other ones: who is named in them, who has to be looked for in them anew, and where they lead to. */
export async function followWords(
  trx: Trx,
  viewer: Viewer,
  story: { id: string; link: string | null },
  now: Date,
): Promise<void> {
  await followLink(trx, story, now)
  const surface = await trx
    .selectFrom('surfaces as f')
    .innerJoin('stories as s', 's.id', 'f.id')
    .leftJoin('activities as a', 'a.id', 's.activity')
    .select(['a.lastEnd', 's.account', 's.email'])
    .where('f.id', '=', story.id)
    .executeTakeFirst()
  if (!surface) return
  const by = await handOf(trx, { account: viewer.account ?? surface.account, email: surface.email })
  const changed = { surface: story.id, notBefore: surface.lastEnd, words: true, by }
  await surfaceChanged(trx, viewer, changed, now)
  await noticeNamesOf(trx, viewer, { story: story.id }, now)
}
