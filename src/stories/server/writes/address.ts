import { slugOf } from '#kernel/words.ts'
import { shortCode } from '#platform/server/tokens.ts'

/** Answers an address part made of the title that no other story has. */
export const storySlug = (title: string): string => {
  const words = slugOf(title)
  return `${words === '' ? 'story' : words}-${shortCode(5)}`
}
