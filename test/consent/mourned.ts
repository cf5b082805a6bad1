import * as fc from 'fast-check'
import type { Event, Facts } from '#consent/events.ts'
import { hands, people, some } from './choices.ts'
import { lastOf } from './change.ts'
import { history } from './history.ts'
import { placementIds, placements, type Step } from './parts.ts'

type Answer = Extract<Facts, { kind: 'steward-said' }>['answer']
export const died = (person: string): Facts => ({ kind: 'died', person })
export const named = (person: string): Facts => ({ kind: 'steward', steward: `${person}:w`, person })
export const answered = (person: string, answer: Answer): Facts => ({
  kind: 'steward-said',
  steward: `${person}:w`,
  person,
  answer,
})
const looked: readonly Facts[] = placementIds.map((part) => ({
  kind: 'restored',
  surface: placements[part].surface,
  stops: [],
  placements: [part],
}))
/** Puts steps behind a log, an hour apart. */
export function followedBy(events: readonly Event[], steps: readonly Step[]): Event[] {
  const [n, at] = [events.at(-1)?.n ?? 0, lastOf(events)]
  return [
    ...events,
    ...steps.map(({ facts, by }, step) => ({
      n: n + 10 * (step + 1),
      at: at + (step + 1) * 3_600_000,
      by,
      ...facts,
    })),
  ]
}
/** A history in which somebody has died, the family said that it may be shown again, and somebody looked. */
export const mourned = fc
  .record({ events: history, who: some(people), family: some(hands), looker: some(hands) })
  .map(({ events, who, family, looker }) => ({
    who,
    after: followedBy(events, [
      { facts: died(who), by: 'third' },
      { facts: named(who), by: 'third' },
      { facts: answered(who, 'as-allowed'), by: family },
      ...looked.map((facts) => ({ facts, by: looker })),
    ]),
  }))
