import { missing, Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { slugOf } from '#kernel/words.ts'
import { inTransaction, type Db } from '#platform/server/db.ts'
import { countOrRefuse } from '#platform/server/rates.ts'
import { shortCode } from '#platform/server/tokens.ts'
import type { AuthorInput, OpenedStory } from '#stories/author.ts'
import { storiesOfViewer } from '#stories/server/reads/mine.ts'
import { openStory } from '#stories/server/writes/change.ts'

const accountOf = (viewer: Viewer): string => {
  if (viewer.account === null) throw new Refusal('forbidden', 'refusal.forbidden')
  return viewer.account
}

const authorSlug = (name: string): string => {
  const words = slugOf(name)
  return `${words === '' ? 'somebody' : words}-${shortCode(5)}`
}

/** Gives somebody signed in a page of their own under the name they sign stories with, or gives it another name; its address changes only with the name. Idempotent. */
export async function keepAuthorPage(
  db: Db,
  viewer: Viewer,
  { name }: AuthorInput,
  now: Date,
): Promise<{ slug: string }> {
  const account = accountOf(viewer)
  await countOrRefuse(db, { name: 'author-page', of: account, most: 10, minutes: 60 }, now)
  return inTransaction(db, async (trx) => {
    const known = await trx
      .selectFrom('authorPages')
      .select(['slug', 'name'])
      .where('account', '=', account)
      .forUpdate()
      .executeTakeFirst()
    if (known?.name === name) return { slug: known.slug }
    const slug = authorSlug(name)
    await trx
      .insertInto('authorPages')
      .values({ account, slug, name, created: now })
      .onConflict((on) => on.column('account').doUpdateSet({ slug, name }))
      .execute()
    return { slug }
  })
}

/** Takes somebody's own page away; the stories stay as they are. Idempotent. */
export async function dropAuthorPage(db: Db, viewer: Viewer): Promise<void> {
  await db.deleteFrom('authorPages').where('account', '=', accountOf(viewer)).execute()
}

/** Makes a new link to one of the viewer's own stories and answers its word; "not there" and "not yours" look alike. */
export async function openOwnStory(
  db: Db,
  viewer: Viewer,
  { slug }: OpenedStory,
  now: Date,
): Promise<{ word: string }> {
  const account = accountOf(viewer)
  await countOrRefuse(db, { name: 'open-story', of: account, most: 60, minutes: 60 }, now)
  return inTransaction(db, async (trx) => {
    const story = await storiesOfViewer(trx, viewer).select('id').where('slug', '=', slug).executeTakeFirst()
    if (!story) throw missing()
    return { word: await openStory(trx, story.id, now) }
  })
}
