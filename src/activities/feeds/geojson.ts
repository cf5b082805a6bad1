import type { FeedEntry, FeedHead } from '#activities/feeds/entry.ts'
import { asJson } from '#activities/view.ts'

/** Writes one activity as a feature; without a place it has no point, which is `null` (RFC 7946, 3.2). */
function feature({ view }: FeedEntry, head: FeedHead): string {
  const { place, ...properties } = asJson(view, head.site)
  const point =
    place !== null && place.lat !== null && place.lon !== null
      ? { type: 'Point', coordinates: [place.lon, place.lat] }
      : null
  return JSON.stringify({ type: 'Feature', geometry: point, properties: { ...properties, place } })
}

/** Writes a whole collection of features (RFC 7946), a part at a time. */
export async function* featuresOf(
  parts: AsyncIterable<FeedEntry[]>,
  head: FeedHead,
): AsyncGenerator<string, void, void> {
  let before = '{"type":"FeatureCollection","features":['
  for await (const part of parts) {
    yield before + part.map((entry) => feature(entry, head)).join(',')
    before = ','
  }
  yield before === ',' ? ']}' : `${before}]}`
}
