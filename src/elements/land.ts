import type { Feature, FeatureCollection, MultiPolygon, Polygon, Position } from 'geojson'

/** Makes a ring that crosses the date line go on beyond 180 degrees instead of jumping back round the earth. */
export function unwrap(ring: readonly Position[]): Position[] {
  let turn = 0
  return ring.map(([lon = 0, lat = 0], index) => {
    const before = ring[index - 1]?.[0]
    if (before !== undefined && Math.abs(lon - before) > 180) turn += lon < before ? 360 : -360
    return [lon + turn, lat]
  })
}

const southern = (ring: readonly Position[]) => ring.every(([, lat = 0]) => lat < -60)

/** Answers land that a flat map can draw: whole across the date line, without the Antarctic, which has no flat outline. */
export function flatLand({ features }: FeatureCollection): FeatureCollection<Polygon | MultiPolygon> {
  return {
    type: 'FeatureCollection',
    features: features.flatMap((feature): Feature<Polygon | MultiPolygon>[] => {
      const { geometry } = feature
      if (geometry.type !== 'Polygon' && geometry.type !== 'MultiPolygon') return []
      const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates
      const coordinates = polygons
        .filter(([outer = []]) => !southern(outer))
        .map((rings) => rings.map(unwrap))
      return [{ ...feature, geometry: { type: 'MultiPolygon', coordinates } }]
    }),
  }
}
