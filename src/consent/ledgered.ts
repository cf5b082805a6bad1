import type { Event } from '#consent/events.ts'

/** What only ever lets more be seen, so that a database without it shows less. */
const opens = ['given', 'asked', 'resumed', 'restored', 'objection-ended', 'hold-ended', 'opened'] as const

/** Answers whether an event goes into the ledger outside the database: everything without which more could be seen. */
export const isLedgered = (event: Pick<Event, 'kind'> & { answer?: string; described?: boolean }): boolean =>
  !(opens as readonly string[]).includes(event.kind) && event.answer !== 'yes' && event.described !== true
