import type { Transport } from '@sveltejs/kit/hooks'

/** What a page loads is made into HTML here and read by no script (`csr = false`), yet Kit writes all of it out a second time, for a tenth of the work of a page. It writes this instead. */
export const transport: Transport = {
  stays: {
    encode: (thing: unknown) =>
      typeof thing === 'object' && thing !== null && 'uses' in thing && 'data' in thing && 1,
    decode: () => null,
  },
}
