import type { Text } from '#kernel/messages.ts'
import { isPoster, layOut, type Layout } from '#stories/layout.ts'
import type { LinkCard } from '#stories/linked-post.ts'
import type { Story } from '#stories/story.ts'
import { publishedDay, toldBy, whereOf } from '#stories/words.ts'

/** A whole story as a page shows it. */
export type ArticleView = {
  title: string
  lang: string | undefined
  told: string
  where: string
  day: { words: string; machine: string } | null
  drawing: number
  drawingWords: string
  layout: Layout
  poster: boolean
  link: LinkCard | null
}

/** What of a story its page shows. */
export type Telling = Pick<
  Story,
  | 'title'
  | 'body'
  | 'authorName'
  | 'withName'
  | 'toldHow'
  | 'town'
  | 'country'
  | 'drawing'
  | 'drawingWords'
  | 'language'
  | 'pictures'
  | 'link'
>

/** Answers a story as a page shows it; `published` is left out of one that must not be found by its time. */
export function articleOf(
  story: Telling & { published: Date | null },
  text: Text,
  language: string,
): ArticleView {
  const layout = layOut(story.body, story.pictures)
  const { published } = story
  return {
    title: story.title,
    lang: story.language === language ? undefined : story.language,
    told: toldBy(story, text),
    where: whereOf(story, language),
    day: published && publishedDay(published, language),
    drawing: story.drawing,
    drawingWords: story.drawingWords,
    layout,
    poster: isPoster(layout),
    link: story.link,
  }
}
