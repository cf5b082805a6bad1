import type { MessageKey, Text } from '#kernel/messages.ts'
import { circleNames, type Circle, type Nation, type Purpose, type Route } from '#kernel/permission-words.ts'
import { daysOf, type Policy, type Rule } from '#organisations/policy.ts'

/** The ways of deciding that the law of a nation says something about. */
type LawfulWay = Exclude<Route, 'other-adult' | 'nobody'> | 'asked-again'

/** Answers the sentence that says which law a way of deciding comes from in a nation; null where none is needed. */
export function lawOf(nation: Nation | null, way: Route | 'asked-again'): MessageKey | null {
  if (way === 'other-adult' || way === 'nobody') return null
  if (nation === null) return way === 'asked-again' ? null : 'organisations.law.elsewhere'
  const law = nation === 'england' || nation === 'wales' ? 'england-wales' : nation
  return `organisations.law.${law}.${way satisfies LawfulWay}`
}

/** Says to whom a circle shows, or that a way of deciding is not used. */
export const sayCircle = (circle: Circle | null | undefined, text: Text): string =>
  circle === null || circle === undefined
    ? text('organisations.policy.not-used')
    : text(`organisations.circle.${circleNames[circle]}`)

/** Says what a rule is about. */
export function nameRule(rule: Rule, text: Text): string {
  if (rule.startsWith('widest-')) return text(`organisations.way.${rule.slice(7) as Route}`)
  if (rule.startsWith('purpose-')) {
    const purpose = text(`organisations.purpose.${rule.slice(8) as Purpose}`)
    return text('organisations.rule.purpose', { purpose })
  }
  return text(`organisations.rule.${rule as Exclude<Rule, `widest-${Route}` | `purpose-${Purpose}`>}`)
}

/** Says what a field of the policy's form is about. */
export const policyFieldName = (field: string, text: Text): string =>
  field === 'purposes' ? text('organisations.policy.purposes') : nameRule(field as Rule, text)

/** Says what a policy says in a rule. */
export function sayRule(policy: Policy, rule: Rule, text: Text): string {
  const days = (count: number): string => text('organisations.says.days', { days: count })
  const yes = (is: boolean): string => text(is ? 'organisations.says.yes' : 'organisations.says.no')
  if (rule.startsWith('widest-')) return sayCircle(policy.widest[rule.slice(7) as Route], text)
  if (rule.startsWith('purpose-')) return yes(policy.purposes.includes(rule.slice(8) as Purpose))
  switch (rule as Exclude<Rule, `widest-${Route}` | `purpose-${Purpose}`>) {
    case 'days-other':
      return days(policy.days.other)
    case 'days-best-interests':
      return days(daysOf(policy, 'best-interests'))
    case 'asked-again':
      return String(policy.askedAgainAt)
    case 'decides':
      return String(policy.decidesAt)
    case 'parent-too':
      return yes(policy.parentToo)
    case 'originals':
      return days(policy.originals)
    case 'delay':
      return days(policy.delay)
    case 'basis':
      return policy.basis.trim() === '' ? text('organisations.says.empty') : policy.basis
    case 'condition':
      return policy.condition.trim() === '' ? text('organisations.says.empty') : policy.condition
  }
}
