import { textIn } from '#kernel/messages.ts'
import { missing } from '#kernel/refusal.ts'
import { authorPage } from '#stories/server/reads/wall.ts'
import { cardOf } from '#stories/words.ts'
import { pageAsked } from '../../asked.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const { db, now, language } = locals
  const asked = { slug: params.slug, page: pageAsked(url) }
  const found = await authorPage(db, asked, now)
  if (!found) throw missing()
  locals.keep()
  const { name, stories, page, pages } = found
  const text = textIn(language)
  return {
    slug: params.slug,
    // Nobody has read a name before a story under it.
    name: pages === 0 ? null : name,
    stories: stories.map((story) => cardOf(story, text, language)),
    page,
    pages,
  }
}
