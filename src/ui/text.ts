import { getContext, setContext } from 'svelte'
import { textIn, type Language, type Text } from '#kernel/messages.ts'

const name = Symbol('text')

/** Tells every component below which language the page is in. */
export const provideText = (language: Language): Text => setContext(name, textIn(language))

/** Answers the sentences of the page's language. Call it while a component is being made. */
export const useText = (): Text => getContext<Text | undefined>(name) ?? textIn('en')
