import { IntlMessageFormat } from 'intl-messageformat'
import en from '../../messages/en.json' with { type: 'json' }

/** Every sentence a person can see has one of these names in `messages/`. */
export type MessageKey = keyof typeof en
export type Language = 'en'
export type MessageParams = Record<string, string | number | boolean | Date | null | undefined>
export type Text = (key: MessageKey, params?: MessageParams) => string

const catalogues: Record<Language, Record<MessageKey, string>> = { en }
export const languages = Object.keys(catalogues) as Language[]

/** Answers the language that our mails can say to whoever writes in one: that one where it has a catalogue, else English. */
export const mailLanguage = (tag: string): Language => languages.find((one) => one === tag) ?? 'en'

const formats = new Map<string, IntlMessageFormat>()

/** Answers the sentences of one language, with ICU plurals and choices filled in. Throws on a name that is not in the catalogue. */
export function textIn(language: Language): Text {
  return (key, params) => {
    const pattern: string | undefined = catalogues[language][key]
    if (pattern === undefined) throw new Error(`No message "${key}" in ${language}`)
    if (params === undefined && !pattern.includes('{') && !pattern.includes("'")) return pattern
    const name = `${language} ${key}`
    let format = formats.get(name)
    if (!format) {
      format = new IntlMessageFormat(pattern, language, undefined, { ignoreTag: true })
      formats.set(name, format)
    }
    return withOneStop(String(format.format(params)), params)
  }
}

/** What somebody is called can end in a full stop ("A.B."); at the end of a sentence it is the sentence's too. */
function withOneStop(sentence: string, params: MessageParams = {}): string {
  let said = sentence
  for (const value of Object.values(params)) {
    if (typeof value !== 'string' || !value.endsWith('.')) continue
    said = said.replaceAll(`${value}.`, value)
  }
  return said
}

/** Answers whether a name stands in the catalogue, for names that are put together from data such as a kind's code. */
export const isMessageKey = (key: string): key is MessageKey => Object.hasOwn(en, key)
