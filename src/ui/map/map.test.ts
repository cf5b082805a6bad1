import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { boundsOf, drawMap, type Cluster } from '#ui/map.ts'
import { compact } from '#ui/map/land.ts'

const cluster = (lat: number, lon: number, count: number): Cluster => ({
  lat,
  lon,
  count,
  href: `/activities?near=${lat},${lon}`,
  label: `${count} here`,
})
const europe = [
  [53, -1, 34],
  [56, 10, 9],
  [48, 2, 6],
  [52, 5, 3],
  [52, 13, 8],
  [53, -7, 5],
].map(([lat = 0, lon = 0, count = 0]) => cluster(lat, lon, count))
const anywhere = fc.record({
  lat: fc.integer({ min: -50, max: 70 }),
  lon: fc.integer({ min: -175, max: 175 }),
  count: fc.integer({ min: 1, max: 2000 }),
})
const sum = (pins: readonly { count: number }[]) => pins.reduce((total, pin) => total + pin.count, 0)

describe('the world', () => {
  it('is written in at most 40 kB', () => {
    const { main } = drawMap({ kind: 'world' }, [])
    expect(main.land.length).toBeGreaterThan(10_000)
    expect(main.land.length).toBeLessThan(40_000)
  })

  it('loses nobody, however crowded it is', () => {
    fc.assert(
      fc.property(fc.array(anywhere, { maxLength: 150, size: 'max' }), (places) => {
        const clusters = places.map(({ lat, lon, count }) => cluster(lat, lon, count))
        const { main, closer } = drawMap({ kind: 'world' }, clusters)
        expect(sum(main.pins)).toBe(sum(clusters))
        expect(sum(main.large)).toBe(sum(clusters))
        if (closer) expect(sum(closer.pins)).toBe(sum(closer.clusters))
      }),
      { numRuns: 25 },
    )
  })

  it('draws a crowded part again, larger, with its pins apart', () => {
    const { main, closer } = drawMap({ kind: 'world' }, [...europe, cluster(-37, 145, 12)])
    expect(main.pins).toHaveLength(2)
    expect(closer?.pins).toHaveLength(6)
    for (const one of closer?.pins ?? [])
      for (const other of closer?.pins ?? [])
        if (one !== other)
          expect(Math.hypot(one.x - other.x, one.y - other.y)).toBeGreaterThanOrEqual(one.r + other.r - 0.5)
  })

  it('puts a few pins that do not touch on the map as they are', () => {
    const { main, closer } = drawMap({ kind: 'world' }, [cluster(-37, 145, 12), cluster(-23, -46, 2)])
    expect(closer).toBeNull()
    expect(main.pins.map((pin) => [pin.count, pin.from])).toEqual([
      [12, null],
      [2, null],
    ])
  })
})

describe('a closer view', () => {
  it('shows what is inside and leaves out what is not', () => {
    const { main } = drawMap({ kind: 'near', lat: 53.8, lon: -1.5, km: 100 }, [
      cluster(53.8, -1.5, 3),
      cluster(48, 2, 6),
    ])
    expect(main.pins.map((pin) => pin.count)).toEqual([3])
    expect(main.pins[0]?.x).toBeCloseTo(main.width / 2, -1)
  })

  it('goes across the date line', () => {
    const fiji = [cluster(-17, 178, 2), cluster(-18, -178, 3)]
    const { main } = drawMap({ kind: 'bounds', bounds: boundsOf(fiji) }, fiji)
    expect(sum(main.pins)).toBe(5)
    expect(main.scale?.km).toBeLessThan(200)
  })

  it('says how long a kilometre is', () => {
    const { main } = drawMap({ kind: 'near', lat: 0, lon: 20, km: 280 }, [])
    const perKm = (main.scale?.length ?? 0) / (main.scale?.km ?? 1)
    expect(perKm * 560).toBeCloseTo(main.height, -1)
  })
})

it('finds the short way round the earth', () => {
  expect(
    boundsOf([
      { lat: 1, lon: 170 },
      { lat: -2, lon: -170 },
    ]),
  ).toEqual([170, -2, -170, 1])
  expect(
    boundsOf([
      { lat: 1, lon: -10 },
      { lat: 2, lon: 20 },
    ]),
  ).toEqual([-10, 1, 20, 2])
})

it('writes a path shorter without moving it', () => {
  expect(compact('M10,10L20.04,10L20,20L10,20Z')).toBe('M10,10l10 0 0 10-10 0z')
})
