import type { Text } from '#kernel/messages.ts'
import { nameRule, sayRule } from '#organisations/policy-words.ts'
import { movesOf, type Move, type Policy } from '#organisations/policy.ts'

/** Says what differs between a policy and the one before it. */
export const sayChanges = (
  policy: Policy,
  before: Policy,
  text: Text,
): { rule: string; before: string; after: string; move: Move }[] =>
  movesOf(policy, before).map(({ rule, move }) => ({
    rule: nameRule(rule, text),
    before: sayRule(before, rule, text),
    after: sayRule(policy, rule, text),
    move,
  }))
