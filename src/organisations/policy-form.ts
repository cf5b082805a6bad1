import * as v from 'valibot'
import { anyOf, maybeOneOf, maybeText, maybeWhole, oneOf, ticked } from '#kernel/input.ts'
import { textIn, type MessageKey } from '#kernel/messages.ts'
import { purposes, routes, type Circle, type Route } from '#kernel/permission-words.ts'
import { daysOf, type Policy, type Rule } from '#organisations/policy.ts'

const say = (key: MessageKey): string => key
const whole = (min: number, max: number) => v.pipe(maybeWhole(min, max), v.number(say('input.needed')))

/** What can be chosen for a way of deciding: not used at all, or how wide it reaches at most. */
export const reaches = ['none', '0', '1', '2', '3', '4', '5', '6'] as const
const reach = v.pipe(
  v.optional(oneOf(reaches), 'none'),
  v.transform((chosen) => (chosen === 'none' ? null : (Number(chosen) as Circle))),
)

/** The usual answers to why the law allows it, to be chosen; none is chosen before the lead does. */
export const usualBases = ['consent', 'public-task', 'interests'] as const
export const usualConditions = ['explicit', 'public-interest', 'members'] as const

/** What was chosen and what was typed, as one text; the sentence that was chosen is kept in full, so that it reads the same later. */
const together = (chosen: MessageKey | null, typed: string | null): string => {
  const sentence = chosen === null ? '' : textIn('en')(chosen)
  const words = typed ?? ''
  return [words.includes(sentence) ? '' : sentence, words].filter(Boolean).join('\n\n')
}

/** The longest terms, in days: two years, and one for what is decided in somebody's best interests. */
const longest = { other: 730, bestInterests: 365 }

/** The form in which an organisation says what it allows. `version` is the one it was written from. */
export const policyForm = v.pipe(
  v.object({
    slug: v.pipe(v.optional(v.string(), ''), v.regex(/^[a-z0-9-]{1,80}$/, say('refusal.missing'))),
    version: whole(0, 100_000),
    ...v.entriesFromList(
      routes.map((route) => `widest-${route}` as const),
      reach,
    ),
    purposes: anyOf(purposes),
    'days-other': whole(1, longest.other),
    'days-best-interests': whole(1, longest.bestInterests),
    'asked-again': whole(10, 16),
    decides: whole(12, 18),
    'parent-too': ticked,
    originals: whole(1, 365),
    delay: whole(1, 90),
    'usual-basis': maybeOneOf(usualBases),
    'usual-condition': maybeOneOf(usualConditions),
    basis: maybeText(4000),
    condition: maybeText(4000),
  }),
  v.transform(({ 'usual-basis': basis, 'usual-condition': condition, ...input }) => ({
    ...input,
    basis: together(basis && `organisations.basis.${basis}`, input.basis),
    condition: together(condition && `organisations.condition.${condition}`, input.condition),
  })),
  v.transform((input) => ({
    slug: input.slug,
    version: input.version,
    rules: {
      widest: Object.fromEntries(
        routes.flatMap((route) => {
          const widest = input[`widest-${route}`]
          return widest === null ? [] : [[route, widest]]
        }),
      ),
      purposes: input.purposes,
      days: { 'best-interests': input['days-best-interests'], other: input['days-other'] },
      basis: input.basis,
      condition: input.condition,
      askedAgainAt: input['asked-again'],
      decidesAt: input.decides,
      parentToo: input['parent-too'],
      originals: input.originals,
      delay: input.delay,
    },
  })),
)
export type PolicyInput = v.InferOutput<typeof policyForm>

/** Answers a policy as what stands in the fields of its form. */
export const policyAsForm = (policy: Policy): Record<string, string | string[]> => ({
  ...Object.fromEntries(
    routes.map((route) => [`widest-${route}`, String(policy.widest[route] ?? 'none')] as const),
  ),
  purposes: [...policy.purposes],
  'days-other': String(policy.days.other),
  'days-best-interests': String(daysOf(policy, 'best-interests')),
  'asked-again': String(policy.askedAgainAt),
  decides: String(policy.decidesAt),
  'parent-too': policy.parentToo ? 'yes' : '',
  originals: String(policy.originals),
  delay: String(policy.delay),
  basis: policy.basis,
  condition: policy.condition,
})

/** Answers the field in which a rule is set. */
export const fieldOf = (rule: Rule): string => (rule.startsWith('purpose-') ? 'purposes' : rule)

/** Answers the rule that says how wide a way of deciding reaches. */
export const ruleOf = (route: Route): Rule => `widest-${route}`
