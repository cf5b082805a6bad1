import { textIn, type Language } from '#kernel/messages.ts'
import type { BadValue } from '#stories/filter.ts'

/** Says which values of an address cannot be, as RFC 9457 problem details. */
export function badFilter(bad: readonly BadValue[], language: Language): Response {
  const text = textIn(language)
  const detail = bad.map(({ name, value }) => text('stories.wall.bad-value', { name, value })).join(' ')
  return new Response(
    JSON.stringify({ type: 'about:blank', title: text('stories.wall.bad-title'), status: 400, detail }),
    { status: 400, headers: { 'content-type': 'application/problem+json' } },
  )
}
