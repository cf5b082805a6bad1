import { Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'
import { sealed } from '#stories/server/reads/own.ts'
import { shownNow } from '#stories/server/reads/shown.ts'
import type { StoryState } from '#stories/story.ts'

const onePage = 30

export type Mine = {
  stories: {
    slug: string
    title: string
    state: StoryState
    week: number
    updated: Date
    /** Whether anybody can read it at this moment. */
    shown: boolean
  }[]
  pages: number
  author: { slug: string; name: string } | null
}

/** Stories of the viewer's account, or of their address once it is proven to be theirs. */
export const storiesOfViewer = (db: Db, viewer: Viewer) =>
  db
    .selectFrom('stories')
    .where('setAside', 'is', null)
    .where((on) =>
      on.or([
        on('account', '=', viewer.account),
        on(
          'email',
          'in',
          on
            .selectFrom('accounts as a')
            .select('a.email')
            .where('a.id', '=', viewer.account)
            .where('a.emailVerified', '=', true),
        ),
      ]),
    )

/** Answers what somebody signed in told, drafts too, last touched first, and their own page if they have one. */
export async function myStories(
  db: Db,
  viewer: Viewer,
  { page }: { page: number },
  now: Date,
): Promise<Mine> {
  const { account } = viewer
  if (account === null) throw new Refusal('forbidden', 'refusal.forbidden')
  const all = storiesOfViewer(db, viewer)
  const [rows, { count }, author] = await Promise.all([
    all
      .select(['id', 'slug', 'title', 'state', 'week', 'updated', 'held'])
      .orderBy('updated', 'desc')
      .orderBy('slug')
      .limit(onePage)
      .offset((page - 1) * onePage)
      .execute(),
    all.select((on) => on.fn.countAll<number>().as('count')).executeTakeFirstOrThrow(),
    db.selectFrom('authorPages').select(['slug', 'name']).where('account', '=', account).executeTakeFirst(),
  ])
  const shown = await shownNow(
    db,
    rows.map(({ id }) => id),
    now,
  )
  return {
    stories: rows.map(({ id, held, title, state, ...row }) => ({
      ...row,
      shown: shown.has(id),
      title: held === null ? title : sealed.title,
      state,
    })),
    pages: Math.ceil(count / onePage),
    author: author ?? null,
  }
}
