import { textIn } from '#kernel/messages.ts'
import { articleOf, type ArticleView } from '#stories/article.ts'
import { asPicture } from '#stories/picture.ts'
import { storyOfSurface } from '#stories/server/reads/surface.ts'
import { picturesThere } from '#stories/server/reads/there.ts'

type Asked = { surface: string; person?: string | null; wanted: readonly (string | null)[] }

/** Answers the real story as it will stand on its page, with the real pictures that somebody is asked about where its words put them; null when there is nothing to look at. */
export async function shownOn(
  { db, now, language }: Pick<App.Locals, 'db' | 'now' | 'language'>,
  { surface, person = null, wanted }: Asked,
): Promise<ArticleView | null> {
  const [story, versions] = await Promise.all([
    storyOfSurface(db, surface, now),
    picturesThere(db, surface, person),
  ])
  const pictures = versions.flatMap((version) => {
    const picture = wanted.includes(version.id) ? asPicture(version) : null
    return picture ? [{ ...picture, number: version.number }] : []
  })
  return story && articleOf({ ...story, pictures }, textIn(language), language)
}
