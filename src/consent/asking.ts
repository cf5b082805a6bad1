import type { FormBody } from '#consent/form.ts'
import type { PersonPage } from '#consent/standing.ts'
import { textIn, type Language, type Text } from '#kernel/messages.ts'
import { circleNames, type Circle, type Route } from '#kernel/permission-words.ts'

/** To whom the page speaks: the person; somebody who decides for them by a paper; a parent; whoever supports them. */
export type Voice = 'you' | 'for' | 'parent' | 'with'

/** One screen after another: what it is, who could see it, what the person showed (for those who decide for them), the question; then what was answered, and a copy of it. */
export type Screen = 'see' | 'who' | 'shows' | 'ask' | 'done' | 'copy'

const own: readonly Route[] = ['own', 'young-person', 'other-adult']

type Asked = PersonPage['asked'][number]
const over: readonly Asked['state'][] = ['withdrawn', 'expired', 'declined']

/** Answers what is asked on a page now: the newest question that is still open, else what was answered last. */
export const currentOf = (asked: readonly Asked[]): Asked | undefined =>
  asked.findLast(({ state }) => !over.includes(state)) ?? asked.at(-1)

/** Answers to whom a page speaks. */
export function voiceOf(part: PersonPage['part'], route: Route | undefined): Voice {
  if (part === 'reads') return 'with'
  if (part === 'holder') return 'parent'
  return route === undefined || own.includes(route) ? 'you' : 'for'
}

/** What somebody has answered; null while they have not. */
export type Said = 'yes' | 'no' | 'not-sure' | null

const answers: Partial<Record<Asked['state'], Said>> = {
  given: 'yes',
  declined: 'no',
  'no-answer': 'not-sure',
}

/** Answers what whoever holds the link has said. */
export function saidOn({ part, answered }: Pick<PersonPage, 'part' | 'answered'>, asked?: Asked): Said {
  if (part === 'holder') return asked?.state === 'no-answer' ? 'not-sure' : answered
  return (asked && answers[asked.state]) ?? null
}

/** The screens with a question to come, in their order. */
export const stepsOf = (voice: Voice): Screen[] => {
  if (voice === 'with') return ['see', 'who']
  return voice === 'you' ? ['see', 'who', 'ask'] : ['see', 'who', 'shows', 'ask']
}

/** Answers which screen an address asks for. Whoever has answered begins with what they said; after a no there is nothing more to look at. */
export function screenOf(word: string | null, voice: Voice, said: Said): Screen {
  if (said === 'no') return word === 'copy' ? 'copy' : 'done'
  const known: Screen[] = [...stepsOf(voice), 'done', 'copy']
  return known.find((one) => one === word) ?? (said === null ? 'see' : 'done')
}

/** Answers the screen after one; "done" after the last. */
export const after = (screen: Screen, voice: Voice): Screen => {
  const steps = stepsOf(voice)
  return steps[steps.indexOf(screen) + 1] ?? 'done'
}

/** Whether it is asked besides that it may go where nobody can take it back from, and is wanted; null: it is not asked. */
export type Beyond = 'asked' | 'wanted' | null

/** What the sentences of a page depend on. */
export type About = {
  voice: Voice
  circle: Circle
  beyond: Beyond
  label: string
  until: string
  shown?: boolean
}

/** Answers every sentence that somebody reads before they answer, by its screen. */
export function sentencesOf({ voice, circle, beyond, label, until, shown = false }: About, text: Text) {
  const seenBy = (one: Circle): string =>
    voice === 'you'
      ? text(`consent.who.${circleNames[one]}`)
      : text(`consent.who-theirs.${circleNames[one]}`, { label })
  return {
    see: [text(shown ? `consent.see.shown-${voice}` : `consent.see.${voice}`, { label })],
    who: [seenBy(circle), text('consent.until', { day: until })],
    beyond: beyond === null ? [] : [text('consent.beyond'), text('consent.beyond-words')],
    ask: [
      text(`consent.ask.${voice}`, { label }),
      text(`consent.ask-words.${voice}`, { label }),
      ...(beyond === 'wanted' ? [seenBy(6)] : []),
    ],
    answers: [text('consent.yes'), text('consent.no'), text('consent.not-sure')],
    after: [text('consent.form.change'), text('consent.form.copies'), text('consent.form.nothing')],
  }
}

/** Answers the form of a page in a language, as it reads today: kept with the answer, so that the very form can be shown again (rule 34). */
export function askedForm(about: About, language: Language): FormBody {
  const text = textIn(language)
  const parts = Object.entries(sentencesOf(about, text))
  return {
    name: `shown-${about.voice}`,
    language,
    words: parts.flatMap(([part, sentences]) =>
      sentences.map((words, at) => ({ key: `${part}.${at + 1}`, words })),
    ),
  }
}
