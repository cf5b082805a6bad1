import type { MessageKey, Text } from '#kernel/messages.ts'
import { sayCountry } from '#kernel/times.ts'
import type { PictureField, StoryDifference, StoryField } from '#stories/story.ts'

const fields: Record<StoryField, MessageKey> = {
  title: 'stories.form.title',
  body: 'stories.form.body',
  authorName: 'stories.form.author',
  withName: 'stories.form.with',
  toldHow: 'stories.form.how',
  kind: 'stories.form.kind',
  country: 'stories.form.country',
  town: 'stories.form.town',
  drawing: 'stories.form.drawing',
  link: 'stories.form.link',
  linkTitle: 'stories.form.link-name',
  linkWords: 'stories.form.link-words',
}
const ways: Record<string, MessageKey> = {
  writing: 'stories.form.how-writing',
  pictures: 'stories.form.how-pictures',
  symbols: 'stories.form.how-symbols',
  voice: 'stories.form.how-voice',
}

const isOfPicture = (field: string): field is PictureField => /^(words|caption)-\d+$/.test(field)

/** Says which field it is: those of a photograph by its number. */
function sayField(field: string, text: Text): string {
  if (!isOfPicture(field)) return text(fields[field as StoryField])
  const [which, number = '0'] = field.split('-')
  return text(which === 'words' ? 'desk.picture-words' : 'desk.picture-caption', { number: Number(number) })
}

type Say = { text: Text; language: string; kinds: Readonly<Record<string, string>> }

function sayValue(field: string, value: string | number | null, { text, language, kinds }: Say): string {
  if (value === null || value === '') return text('edit.value.nothing')
  if (typeof value === 'number') return text('stories.form.drawing-number', { number: value })
  const way = field === 'toldHow' ? ways[value] : undefined
  if (way !== undefined) return text(way)
  if (field === 'country') return sayCountry(value, language)
  return field === 'kind' ? (kinds[value] ?? value) : value
}

/** Says what is different between two tellings as the form of a story says it. */
export const sayStoryDifference = (difference: StoryDifference, say: Say) =>
  Object.entries(difference).map(([field, [before, after] = [null, null]]) => ({
    field: sayField(field, say.text),
    before: sayValue(field, before, say),
    after: sayValue(field, after, say),
  }))
