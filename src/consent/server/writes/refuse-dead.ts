import type { Id } from '#consent/events.ts'
import type { State } from '#consent/state.ts'
import { Refusal } from '#kernel/refusal.ts'

/** Refuses what would ask or give anything new for somebody who has died. */
export function refuseDead(state: State, person: Id): void {
  if (state.people.get(person)?.died) throw new Refusal('conflict', 'consent.refusal.died')
}
