import { textIn } from '#kernel/messages.ts'
import { missing } from '#kernel/refusal.ts'
import { dataElement } from '#kernel/words.ts'
import { readConfig } from '#platform/server/config.ts'
import { siteAddress } from '#platform/server/site-address.ts'
import { articleOf } from '#stories/article.ts'
import { asJsonLd } from '#stories/formats.ts'
import { storyBySlug } from '#stories/server/reads/wall.ts'
import { openingOf } from '#stories/telling.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params }) => {
  const { db, now, language } = locals
  const story = await storyBySlug(db, params.slug, now)
  if (!story) throw missing()
  locals.keep()
  const text = textIn(language)
  const site = siteAddress(readConfig())
  const published = story.locatable ? story.published : null
  return {
    slug: story.slug,
    opening: openingOf(story.body, 160),
    article: articleOf({ ...story, published }, text, language),
    author: story.author && { slug: story.author, name: story.authorName },
    activity: story.activity,
    group: story.group,
    week: story.week,
    machines: dataElement(asJsonLd(story, site, text)),
  }
}
