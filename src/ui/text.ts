import { getContext, setContext } from 'svelte'
import { textIn, type Language, type Text } from '#kernel/messages.ts'

const name = Symbol('text')

/** Tells every component below which language the page is in, and what the site is called. */
export function provideText(language: Language, site?: string): Text {
  const text = textIn(language)
  return setContext<Text>(name, (key, params) => (key === 'site.name' && site ? site : text(key, params)))
}

/** Answers the sentences of the page's language. Call it while a component is being made. */
export const useText = (): Text => getContext<Text | undefined>(name) ?? textIn('en')
