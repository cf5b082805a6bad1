import { Misses } from '#platform/server/misses.ts'

/** Codes have 40 bits: whoever tries many is stopped long before one fits, typed or in an address. */
export const misses = new Misses('reply.too-often')
