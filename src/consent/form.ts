import { textIn, type Language, type MessageKey } from '#kernel/messages.ts'

/** The very words that somebody was shown, in their order. */
export type FormBody = {
  name: string
  language: string
  words: readonly { key: string; words: string }[]
}

/** What the person's page asks, in its order. */
export const formKeys = [
  'consent.form.question',
  'consent.form.what',
  'consent.form.who',
  'consent.form.yes',
  'consent.form.no',
  'consent.form.not-sure',
  'consent.form.change',
  'consent.form.copies',
  'consent.form.nothing',
  'consent.form.data',
] as const satisfies readonly MessageKey[]

/** Answers the form of the person's page in a language, as it reads today. */
export const shownForm = (language: Language): FormBody => {
  const text = textIn(language)
  return { name: 'being-shown', language, words: formKeys.map((key) => ({ key, words: text(key) })) }
}
