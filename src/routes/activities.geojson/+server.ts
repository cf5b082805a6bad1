import { boxOf, hrefOf, sayCluster, wholeWorld, type Cluster } from '#activities/clusters.ts'
import { featuresOf } from '#activities/feeds/geojson.ts'
import type { BadValue } from '#activities/filter.ts'
import { wholeFeed } from '#activities/server/reads/feeds.ts'
import { clustersIn } from '#activities/server/reads/map.ts'
import { textIn } from '#kernel/messages.ts'
import { answering, headOf, streamed } from '../activities/answers.ts'
import { problemOf } from '../activities/question.ts'
import { textAnswer } from '../text-answer.ts'

/** The most an answer weighs, bytes; the emptiest places go first. */
const mostBytes = 95_000

const headers = { 'content-type': 'application/geo+json', 'access-control-allow-origin': '*' }

/** A part of the map is asked for by its box and zoom, and answered with clusters; without them every activity is a feature. */
export const GET = answering(async (event, asked) => {
  const { locals, url } = event
  if (!url.searchParams.get('bbox') && !url.searchParams.get('zoom'))
    return streamed(featuresOf(wholeFeed(locals.db, asked, locals.now), await headOf(event, asked)), headers)
  const bad: BadValue[] = []
  const given = (name: 'bbox' | 'zoom'): string | null => url.searchParams.get(name) || null
  const box = boxOf(given('bbox') ?? wholeWorld.join(','))
  if (!box) bad.push({ name: 'bbox', value: given('bbox') ?? '', why: 'box' })
  const zoom = /^\d{1,2}(\.\d{1,20})?$/.test(given('zoom') ?? '0') ? Number(given('zoom') ?? '0') : Number.NaN
  if (!(zoom <= 24)) bad.push({ name: 'zoom', value: given('zoom') ?? '', why: 'number' })
  if (!box || bad.length > 0) return problemOf(bad, locals.language)
  const clusters = await clustersIn(locals.db, asked, box, zoom)
  locals.keep()
  const text = textIn(locals.language)
  const feature = (cluster: Cluster) => ({
    type: 'Feature',
    geometry: { type: 'Point', coordinates: [cluster.lon, cluster.lat] },
    properties: {
      count: cluster.count,
      title: sayCluster(cluster, text, locals.language),
      href: `${url.origin}${hrefOf(cluster, asked.filter)}`,
      ...(cluster.slug !== null && { slug: cluster.slug }),
    },
  })
  let size = 0
  const features = clusters
    .map((cluster) => JSON.stringify(feature(cluster)))
    .filter((words) => (size += Buffer.byteLength(words) + 1) <= mostBytes)
  const body = `{"type":"FeatureCollection","bbox":${JSON.stringify(box)},"features":[${features.join(',')}]}`
  return textAnswer(body, headers)
})
