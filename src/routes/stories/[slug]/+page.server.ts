import type { Cookies } from '@sveltejs/kit'
import { textIn } from '#kernel/messages.ts'
import { sayDay } from '#kernel/times.ts'
import { missing } from '#kernel/refusal.ts'
import { reviews } from '#kernel/viewer.ts'
import { dataElement } from '#kernel/words.ts'
import { readConfig } from '#platform/server/config.ts'
import { siteAddress } from '#platform/server/site-address.ts'
import { articleOf } from '#stories/article.ts'
import { asJsonLd } from '#stories/formats.ts'
import { storyWithReplies } from '#stories/server/reads/wall.ts'
import { likeStory, likeStoryNoLonger, likesStory } from '#stories/server/writes/respond.ts'
import { liked } from '#stories/respond.ts'
import { openingOf } from '#stories/telling.ts'
import { act } from '../../act.ts'
import { browserThatLikes, newBrowser } from './likes.ts'
import type { Actions, PageServerLoad } from './$types'

async function likesNow({ db, viewer, now }: App.Locals, cookies: Cookies, slug: string): Promise<boolean> {
  const browser = browserThatLikes(cookies)
  if (browser === null && viewer.account === null) return false
  return likesStory(db, viewer, { slug, browser: browser ?? '' }, now)
}

export const load: PageServerLoad = async ({ locals, params, url, cookies }) => {
  const { db, now, language } = locals
  const page = Math.min(1000, Math.max(1, Math.trunc(Number(url.searchParams.get('replies'))) || 1))
  const found = await storyWithReplies(db, { slug: params.slug, page }, now)
  if (!found) throw missing()
  const { story, said } = found
  // Only the page that follows the press knows whose it is; the one for everybody is kept.
  const own = url.searchParams.has('liked')
  if (!own) locals.keep()
  const text = textIn(language)
  const site = siteAddress(readConfig())
  const published = story.locatable ? story.published : null
  return {
    slug: story.slug,
    atDesk: reviews(locals.viewer) ? `/desk/stories/${found.id}` : null,
    opening: openingOf(story.body, 160),
    article: articleOf({ ...story, published }, text, language),
    author: story.author && { slug: story.author, name: story.authorName },
    activity: story.activity,
    group: story.group,
    week: story.week,
    machines: dataElement(asJsonLd(story, site, text)),
    likes: story.heard?.likes ?? 0,
    liked: own && (await likesNow(locals, cookies, story.slug)),
    said: {
      ...said,
      page,
      replies: said.replies.map((reply) => ({
        ...reply,
        day: sayDay(reply.created.toISOString().slice(0, 10), language),
      })),
    },
  }
}

const back = (slug: string): string => `/stories/${slug}?liked#like`

export const actions: Actions = {
  like: (event) =>
    act(
      liked,
      async (db, viewer, { slug }, now) => {
        const browser = browserThatLikes(event.cookies) ?? newBrowser(event)
        await likeStory(db, viewer, { slug, browser, client: event.getClientAddress() }, now)
        return slug
      },
      back,
    )(event),
  unlike: (event) =>
    act(
      liked,
      async (db, viewer, { slug }, now) => {
        await likeStoryNoLonger(db, viewer, { slug, browser: browserThatLikes(event.cookies) ?? '' }, now)
        return slug
      },
      back,
    )(event),
}
