import type { About, Event, RecordFacts } from '#consent/events.ts'
import type { Route } from '#kernel/permission-words.ts'
import { begin } from './choices.ts'
import { placements } from './parts.ts'
import { whoIsHere } from './world.ts'

export type Of<Kind extends Event['kind']> = Extract<Event, { kind: Kind }>
/** The moment of the last event. */
export const lastOf = (events: readonly Event[]): number => events.at(-1)?.at ?? begin
/** Who is in a placement. */
export const shown = (events: readonly Event[], id: keyof typeof placements): Of<'appears'>[] =>
  whoIsHere(events, placements[id].surface, placements[id].version).appearances
/** Whether somebody is in a placement. */
export const showsPerson = (events: readonly Event[], id: keyof typeof placements, person: string): boolean =>
  shown(events, id).some((event) => event.person === person)
/** The same log with every event of a kind changed. */
export const changed = <Kind extends Event['kind']>(
  events: readonly Event[],
  kind: Kind,
  change: (event: Of<Kind>) => Of<Kind>,
): Event[] => events.map((event) => (event.kind === kind ? change(event as Of<Kind>) : event))
/** The same log without some records. */
export const without = (events: readonly Event[], types: readonly RecordFacts['type'][]): Event[] =>
  events.filter((event) => event.kind !== 'record' || !types.includes(event.facts.type))
/** The same log without what was asked in some ways; what is asked under the same id later is not what was asked. */
export function withoutAsking(events: readonly Event[], ways: (route: Route) => boolean): Event[] {
  const first = new Map<string, Route>()
  for (const event of events) {
    if (event.kind === 'requested' && !first.has(event.permission)) first.set(event.permission, event.route)
  }
  return events.filter((event) => {
    const route = event.kind === 'requested' ? first.get(event.permission) : undefined
    return route === undefined || !ways(route)
  })
}
/** The same record about something else. */
export const aboutIn = (facts: RecordFacts, change: (about: About) => About): RecordFacts =>
  'about' in facts ? { ...facts, about: change(facts.about) } : facts
export const recordTypes = ['authority', 'capacity', 'competence', 'best-interests'] as const
