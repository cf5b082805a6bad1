import type { Text } from '#kernel/messages.ts'
import { sayCountry, sayDay } from '#kernel/times.ts'
import type { StoryPicture } from '#stories/picture.ts'
import type { Story, ToldHow } from '#stories/story.ts'
import { openingOf } from '#stories/telling.ts'

/** Says who tells it, and how: "Told by Sam, with Jo, in symbols". */
export function toldBy(
  story: Pick<Story, 'authorName' | 'withName'> & { toldHow?: ToldHow },
  text: Text,
): string {
  const told = tellersOf(story, text)
  const { toldHow = 'writing' } = story
  return toldHow === 'writing' ? told : text(`stories.told.in-${toldHow}`, { told })
}

function tellersOf(story: Pick<Story, 'authorName' | 'withName'>, text: Text): string {
  const { authorName, withName } = story
  if (authorName !== '' && withName !== '') return text('stories.told.with', { authorName, withName })
  if (authorName !== '') return text('stories.told.by', { authorName })
  return withName === '' ? text('stories.told.nobody') : text('stories.told.only-with', { withName })
}

/** Says which photograph of a story is meant; one that has no number yet is a new one. */
export const pictureCalled = (at: number, text: Text): string =>
  at > 0 ? text('pictures.one', { at }) : text('pictures.one-new')

/** Says where: "Leeds, United Kingdom"; "" when it was not told. */
export const whereOf = (story: Pick<Story, 'town' | 'country'>, language: string): string =>
  [story.town, story.country && sayCountry(story.country, language)].filter(Boolean).join(', ')

/** Says the day it came onto the wall, for people and for machines. */
export const publishedDay = (published: Date, language: string): { words: string; machine: string } => ({
  words: sayDay(published.toISOString().slice(0, 10), language, true),
  machine: published.toISOString(),
})

/** How long the words of a card are, characters. */
export const cardLetters = 180

/** A story as a card shows it. */
export type StoryCardWords = {
  slug: string
  title: string
  opening: string
  told: string
  where: string
  /** null: it must not be found by its time. */
  day: { words: string; machine: string } | null
  drawing: number
  picture: StoryPicture | null
  language: string
}

/** Answers what a card says of a story. */
export const cardOf = (story: Story, text: Text, language: string): StoryCardWords => ({
  slug: story.slug,
  title: story.title,
  opening: openingOf(story.body, cardLetters),
  told: toldBy(story, text),
  where: whereOf(story, language),
  day: story.locatable ? publishedDay(story.published, language) : null,
  drawing: story.drawing,
  picture: story.pictures.at(0) ?? null,
  language: story.language,
})
