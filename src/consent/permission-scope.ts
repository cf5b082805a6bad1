import type { Mode, Modifier } from '#kernel/permission-words.ts'

/** The modifiers that a way of being in something needs besides. */
export const modifierOf: Partial<Record<Mode, Modifier>> = { voice: 'voice', place: 'place', name: 'alias' }
