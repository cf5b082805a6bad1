import type { Look } from '#ui/drawings/people.ts'

/** Two people and something between them. `one` begins on the left, `two` answers on the right. */
export type Scene = (one: Look, two: Look) => string
