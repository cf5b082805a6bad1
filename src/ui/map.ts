import { groundOf, partOfWorld, type Bounds, type Ground, type Viewport } from '#ui/map/land.ts'
import { crowdOf, mergedPin, mergePins, nudgePins, radiusOf, type Cluster, type Pin } from '#ui/map/pins.ts'

export type { Bounds, Cluster, Pin, Viewport }

export interface Panel {
  width: number
  height: number
  land: string
  borders: string
  /** Where the picture of the whole world lies, instead of land. */
  picture: Ground['picture']
  pins: readonly Pin[]
  /** The same pins larger and fewer, for a narrow screen. */
  large: readonly Pin[]
  /** Names of places: words, x, y. */
  places: readonly { name: string; x: number; y: number }[]
  /** A scale: kilometres and its length in the drawing. */
  scale: { km: number; length: number } | null
}

export interface MapDrawing {
  main: Panel
  /** The most crowded part of the world drawn again, larger, with the empty corner of the world where it fits, if there is one. */
  closer: (Panel & { corner: 'start' | 'end' | 'beside'; clusters: readonly Cluster[] }) | null
}

/** Answers the smallest bounds around places, the short way round the earth. */
export function boundsOf(places: readonly { lat: number; lon: number }[]): Bounds {
  if (places.length === 0) return [-180, -57, 180, 80]
  const lats = places.map(({ lat }) => lat)
  const lons = places.map(({ lon }) => lon).toSorted((one, other) => one - other)
  const first = lons[0] ?? 0
  let widest = { gap: first + 360 - (lons.at(-1) ?? 0), west: first, east: lons.at(-1) ?? 0 }
  for (const [index, west] of lons.entries()) {
    const east = lons[index - 1]
    if (east !== undefined && west - east > widest.gap) widest = { gap: west - east, west, east }
  }
  return [widest.west, Math.min(...lats), widest.east, Math.max(...lats)]
}

function pinsOn({ project, width, height }: Ground, clusters: readonly Cluster[], size: number) {
  return clusters.flatMap((cluster): Pin[] => {
    const at = project(cluster.lon, cluster.lat)
    if (!at || at[0] < 0 || at[1] < 0 || at[0] > width || at[1] > height) return []
    return [
      {
        x: at[0],
        y: at[1],
        from: null,
        r: radiusOf(cluster.count) * size,
        count: cluster.count,
        clusters: [cluster],
      },
    ]
  })
}

/** Puts the crowd, which is drawn again larger, into one pin. */
function laid(ground: Ground, clusters: readonly Cluster[], size: number, crowd: readonly Cluster[] = []) {
  const apart = pinsOn(
    ground,
    clusters.filter((cluster) => !crowd.includes(cluster)),
    size,
  )
  const [first, ...more] = pinsOn(ground, crowd, size)
  const together = first ? [more.reduce((pin, next) => mergedPin(pin, next, size), first)] : []
  return nudgePins(mergePins([...together, ...apart], size), 7 * size, [ground.width, ground.height])
}

function scaleOf({ across, width }: Ground): Panel['scale'] {
  if (across > 5000) return null
  const km = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].findLast((step) => step < across / 5) ?? 1
  return { km, length: (km / across) * width }
}

function panel(
  ground: Ground,
  clusters: readonly Cluster[],
  sizes: readonly [number, number],
  crowd: readonly Cluster[] = [],
): Panel {
  const { width, height, land, borders, picture } = ground
  const [pins, large] = [laid(ground, clusters, sizes[0], crowd), laid(ground, clusters, sizes[1], crowd)]
  return { width, height, land, borders, picture, pins, large, places: [], scale: scaleOf(ground) }
}

/** Draws a view of the earth with its pins. `places` are names written on a close view, the most important first. */
export function drawMap(
  viewport: Viewport,
  clusters: readonly Cluster[],
  places: readonly { name: string; lat: number; lon: number }[] = [],
): MapDrawing {
  const ground = groundOf(viewport)
  if (viewport.kind !== 'world') {
    const named = places.slice(0, 8).flatMap(({ name, lon, lat }) => {
      const at = ground.project(lon, lat)
      return at ? [{ name, x: at[0], y: at[1] }] : []
    })
    return { main: { ...panel(ground, clusters, [1, 1.9]), places: named }, closer: null }
  }
  const crowd = crowdOf(pinsOn(ground, clusters, 1), [ground.width * 0.17, ground.height * 0.3])
  const main = panel(ground, clusters, [1, 2.2], crowd)
  if (crowd.length === 0) return { main, closer: null }
  const inside = panel(partOfWorld(crowd, 380, 330), crowd, [1.25, 1.25])
  const free = (covered: (x: number) => boolean) =>
    !main.pins.some((pin) => pin.y > main.height - 235 && covered(pin.x))
  const corner = free((x) => x < 285) ? 'start' : free((x) => x > main.width - 285) ? 'end' : 'beside'
  return { main, closer: { ...inside, corner, clusters: crowd } }
}
