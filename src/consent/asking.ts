import type { FormBody } from '#consent/form.ts'
import type { Text } from '#kernel/messages.ts'
import { circleNames, type Circle } from '#kernel/permission-words.ts'

/** One screen after another: what it is, who could see it, the question; then what was answered. */
export const screens = ['see', 'who', 'ask', 'done'] as const
export type Screen = (typeof screens)[number]

/** Answers which screen an address asks for; the first one when it asks for none. */
export const screenOf = (word: string | null): Screen => screens.find((one) => one === word) ?? 'see'

/** Every sentence that somebody is shown before they answer, in its order: kept with the answer, so that the very form can be shown again (rule 34). */
export function formOf(
  asked: { circle: Circle; part: 'decide' | 'holder' | 'reads'; until: string },
  language: string,
  text: Text,
): FormBody {
  const circle = circleNames[asked.circle] ?? 'supporting'
  const keys = [
    ['consent.see.title', {}],
    ['consent.see.words', {}],
    ['consent.who.title', {}],
    [`consent.who.${circle}`, {}],
    ['consent.until', { day: asked.until }],
    [asked.part === 'decide' ? 'consent.ask.title' : 'consent.ask.for-title', {}],
    ['consent.ask.words', {}],
    ['consent.yes', {}],
    ['consent.no', {}],
    ['consent.not-sure', {}],
    ['consent.change', {}],
  ] as const
  return {
    name: 'picture',
    language,
    words: keys.map(([key, params]) => ({ key, words: text(key, params) })),
  }
}
