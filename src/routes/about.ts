import { activityPage } from '#activities/server/reads/one.ts'
import { pictureOf, subjectOf } from '#desk/concern.ts'
import { textIn } from '#kernel/messages.ts'
import { Refusal } from '#kernel/refusal.ts'
import { storyBySlug } from '#stories/server/reads/wall.ts'

/** Says which page is meant as a person would: its title where anybody may read it, else its address. */
export async function sayAbout({ db, now, language }: App.Locals, about: string): Promise<string> {
  const thing = subjectOf(about)
  if (!thing) return pictureOf(about) === null ? about : textIn(language)('report.about-picture')
  const { room, slug } = thing
  if (room === 'replies') return textIn(language)('report.about-reply')
  if (room === 'stories') return (await storyBySlug(db, slug, now))?.title ?? `/stories/${slug}`
  const page = await activityPage(db, slug, now).catch((error: unknown) => {
    if (error instanceof Refusal) return null
    throw error
  })
  return page?.title ?? `/activities/${slug}`
}
