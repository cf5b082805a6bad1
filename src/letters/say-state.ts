import type { Text } from '#kernel/messages.ts'
import { dayOf, localOf, sayDay, sayTime } from '#kernel/times.ts'
import type { DeliveryState } from '#letters/delivery.ts'

type Standing = { state: DeliveryState; changed: Date; due: Date | null; zone: string }
type Say = { text: Text; language: string; now: Date }

/** When somebody's turn is: by the clock of the office, whose hours they are. */
function sayTurn(due: Date, zone: string, language: string): string {
  const local = localOf(due, zone)
  return `${sayDay(local.slice(0, 10), language)}, ${sayTime(local)}`
}

/** Answers where a letter is, in words, and when it leaves while it has not: the same on every page. */
export function sayState({ state, changed, due, zone }: Standing, { text, language, now }: Say): string {
  if (state === 'confirming' && due !== null)
    return due > now
      ? text('letters.confirm.due', { when: sayTurn(due, zone, language) })
      : text('letters.confirm.due-now')
  if (state === 'queued' || state === 'bounced-soft')
    return due !== null && due > now
      ? text(`letters.state.${state}`, { when: sayTurn(due, zone, language) })
      : text('letters.state.sending')
  return text(`letters.state.${state}`, { day: sayDay(dayOf(changed, 'UTC'), language) })
}
