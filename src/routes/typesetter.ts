import { openTypesetter } from '#platform/server/typeset.ts'

/** What sets letters for the pages: one for each process of the web. Nothing runs before the first, and nothing 20 seconds after the last. */
export const typesetter = openTypesetter()
