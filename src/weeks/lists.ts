import * as v from 'valibot'
import { formKey, line, maybeLine, maybeText, maybeWhole, oneOf, ticked } from '#kernel/input.ts'
import { kindDrawings } from '#ui/drawings.ts'
import { askAnswers, clusters, type Ask, type Audience, type Kind, type Verb, wordsOf } from '#weeks/week.ts'

/** The lists of a week that organisers change: what people do, whom they hope to reach, the verbs of the call, and what letters ask for. */
export const listNames = ['kinds', 'audiences', 'verbs', 'asks'] as const
export type ListName = (typeof listNames)[number]

/** One thing that was done to an entry: field by field what was before and after. */
export type EntryStep = {
  at: Date
  who: string
  action: string
  difference: Record<string, [string, string]>
}

/** More entries than this make no list that a person can choose from. */
export const mostEntries = 60

/** The forms fall back to this kind, so it is never retired. */
export const lastResort = 'other'

const year = v.pipe(v.string(), v.regex(/^\d{4}$/, 'input.choose'), v.transform(Number))
const anyCode = v.pipe(v.string(), v.regex(/^[a-z][a-z0-9-]{1,30}$/, 'input.choose'))
/** What stands in addresses and files for ever; left empty it is made of the name. */
const newCode = v.pipe(
  maybeLine(31),
  // "new" is the address of the form that adds one.
  v.check(
    (code) => code === null || (/^[a-z][a-z0-9-]{1,30}$/.test(code) && code !== 'new'),
    'weeks.lists.code-wrong',
  ),
)
const revision = v.pipe(
  v.optional(v.string('input.one-answer'), ''),
  v.regex(/^\d{1,9}$/, 'input.choose'),
  v.transform(Number),
)

const title = v.pipe(
  maybeLine(100),
  v.transform((words) => words ?? ''),
)
const steps = v.pipe(
  maybeText(4000),
  v.transform((words) =>
    (words ?? '')
      .split('\n')
      .map((one) => one.trim())
      .filter(Boolean),
  ),
  v.maxLength(12, 'weeks.kinds.many-steps'),
  v.check((all) => all.every((one) => one.length <= 300), 'weeks.kinds.long-step'),
)

const kindFields = {
  week: year,
  formKey,
  name: line(80),
  hint: line(160),
  withTown: v.pipe(
    title,
    v.check((words) => words === '' || words.includes('{town}'), 'weeks.kinds.town-needed'),
  ),
  plain: title,
  tenMinutes: v.pipe(
    maybeLine(300),
    v.transform((words) => words ?? ''),
  ),
  before: steps,
  day: steps,
  after: steps,
  strangers: steps,
  drawing: oneOf(kindDrawings as [string, ...string[]]),
  minutes: v.pipe(
    maybeWhole(5, 1440),
    v.transform((count) => count ?? 60),
  ),
}
const audienceFields = { week: year, formKey, name: line(80), cluster: oneOf(clusters) }
const verbFields = {
  week: year,
  formKey,
  name: line(40),
  kind: anyCode,
  tenMinutes: line(300),
  onHome: ticked,
}
const askFields = {
  week: year,
  formKey,
  name: line(80),
  words: line(300),
  easy: v.pipe(
    maybeLine(300),
    v.transform((words) => words ?? ''),
  ),
  answer: oneOf(askAnswers),
  questions: steps,
  starters: steps,
  template: v.pipe(
    maybeText(4000),
    v.transform((words) => words ?? ''),
  ),
}

/** One form adds an entry (without a code of its own, or with a new one) or changes it (as it was read). */
export const newKind = v.object({ ...kindFields, newCode })
export const changedKind = v.object({ ...kindFields, code: anyCode, revision })
export const newAudience = v.object({ ...audienceFields, newCode })
export const changedAudience = v.object({ ...audienceFields, code: anyCode, revision })
export const newVerb = v.object({ ...verbFields, newCode })
export const changedVerb = v.object({ ...verbFields, code: anyCode, revision })
export const newAsk = v.object({ ...askFields, newCode })
export const changedAsk = v.object({ ...askFields, code: anyCode, revision })

export const moveInput = v.object({ week: year, formKey, code: anyCode, to: oneOf(['up', 'down']) })
export const retireInput = v.object({ week: year, code: anyCode, retired: oneOf(['yes', 'no']) })

/** Answers a kind as its form shows it, in one language. */
export function kindValues(kind: Kind, language: string): Record<string, string> {
  const titles = kind.titles[language] ?? kind.titles['en']
  const how = kind.how[language] ?? kind.how['en']
  const lines = (part: readonly string[] | undefined): string => (part ?? []).join('\n')
  return {
    name: wordsOf(kind.names, language),
    hint: wordsOf(kind.hints, language),
    withTown: titles?.withTown ?? '',
    plain: titles?.plain ?? '',
    tenMinutes: wordsOf(kind.tenMinutes, language),
    before: lines(how?.before),
    day: lines(how?.day),
    after: lines(how?.after),
    strangers: lines(how?.strangers),
    drawing: kind.drawing,
    minutes: String(kind.defaultMinutes),
  }
}

/** Answers an audience as its form shows it, in one language. */
export const audienceValues = (audience: Audience, language: string): Record<string, string> => ({
  name: wordsOf(audience.names, language),
  cluster: audience.cluster,
})

/** Answers a verb as its form shows it, in one language. */
export const verbValues = (verb: Verb, language: string): Record<string, string> => ({
  name: wordsOf(verb.names, language),
  kind: verb.kind,
  tenMinutes: wordsOf(verb.tenMinutes, language),
  onHome: verb.onHome ? 'yes' : '',
})

/** Answers an ask as its form shows it, in one language. */
export function askValues(ask: Ask, language: string): Record<string, string> {
  const prompts = ask.prompts[language] ?? ask.prompts['en']
  return {
    name: wordsOf(ask.names, language),
    words: wordsOf(ask.words, language),
    easy: wordsOf(ask.easy, language),
    answer: ask.answer,
    questions: (prompts?.questions ?? []).join('\n'),
    starters: (prompts?.starters ?? []).join('\n'),
    template: wordsOf(ask.template, language),
  }
}
