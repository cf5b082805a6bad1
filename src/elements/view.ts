/** What a map shows at first, as the drawn one has it. */
export type View =
  | { kind: 'world' }
  | { kind: 'near'; lat: number; lon: number; km: number }
  | { kind: 'bounds'; bounds: [west: number, south: number, east: number, north: number] }

/** Pixels that stay free at each edge: half a marker. */
const edge = 24
/** The width of the earth at zoom 0, pixels. */
const earth = 512

/** How far north of the equator a latitude lies on the map, in degrees of longitude. */
const upOf = (lat: number): number => {
  const within = Math.min(85, Math.max(-85, lat))
  return (Math.log(Math.tan(Math.PI / 4 + (within * Math.PI) / 360)) * 180) / Math.PI
}
const latOf = (up: number): number => (Math.atan(Math.exp((up * Math.PI) / 180)) * 360) / Math.PI - 90

function boundsOf(view: Exclude<View, { kind: 'world' }>): readonly [number, number, number, number] {
  if (view.kind === 'bounds') return view.bounds
  const high = view.km / 111
  const wide = Math.min(179, high / Math.max(0.02, Math.cos((view.lat * Math.PI) / 180)))
  return [view.lon - wide, view.lat - high, view.lon + wide, view.lat + high]
}

/** Answers where a map of a size in pixels begins, so that all of the view is in it: the whole world fits even a phone. */
export function beginOf(
  view: View,
  { width, height }: { width: number; height: number },
): { center: [number, number]; zoom: number } {
  if (view.kind === 'world') return { center: [11, 28], zoom: Math.log2(Math.max(width, height) / earth) }
  const [west, south, east, north] = boundsOf(view)
  const wide = west > east ? east + 360 - west : east - west
  const [low, high] = [upOf(south), upOf(north)]
  const room = (pixels: number, degrees: number): number =>
    Math.log2((Math.max(1, pixels - 2 * edge) * 360) / (earth * Math.max(degrees, 0.1)))
  return {
    center: [west + wide / 2, latOf((low + high) / 2)],
    zoom: Math.min(room(width, wide), room(height, high - low)),
  }
}
