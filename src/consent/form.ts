/** The very words that somebody was shown, in their order. */
export type FormBody = {
  name: string
  language: string
  words: readonly { key: string; words: string }[]
}
