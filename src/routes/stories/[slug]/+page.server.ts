import { textIn } from '#kernel/messages.ts'
import { missing } from '#kernel/refusal.ts'
import { dataElement } from '#kernel/words.ts'
import { readConfig } from '#platform/server/config.ts'
import { siteAddress } from '#platform/server/site-address.ts'
import { asJsonLd } from '#stories/formats.ts'
import { storyBySlug } from '#stories/server/reads/wall.ts'
import { htmlOf, openingOf } from '#stories/telling.ts'
import { publishedDay, toldBy, whereOf } from '#stories/words.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params }) => {
  const { db, now, language } = locals
  const story = await storyBySlug(db, params.slug, now)
  if (!story) throw missing()
  locals.keep()
  const text = textIn(language)
  const site = siteAddress(readConfig())
  return {
    slug: story.slug,
    title: story.title,
    lang: story.language === language ? undefined : story.language,
    html: htmlOf(story.body),
    opening: openingOf(story.body, 160),
    told: toldBy(story, text),
    where: whereOf(story, language),
    day: publishedDay(story, language),
    published: story.published.toISOString(),
    drawing: story.drawing,
    drawingWords: story.drawingWords,
    first: story.pictures.at(0) ?? null,
    more: story.pictures.slice(1),
    activity: story.activity,
    group: story.group,
    week: story.week,
    machines: dataElement(asJsonLd(story, site, text)),
  }
}
