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
        expect(sum(main.layers.wide.pins)).toBe(sum(clusters))
        expect(sum(main.layers.narrow?.pins ?? [])).toBe(sum(clusters))
        if (closer) expect(sum(closer.layers.wide.pins)).toBe(sum(closer.clusters))
      }),
      { numRuns: 25 },
    )
  })

  it('draws a crowded part again, larger, with its pins apart', () => {
    const { main, closer } = drawMap({ kind: 'world' }, [...europe, cluster(-37, 145, 12)])
    const pins = closer?.layers.wide.pins ?? []
    expect(main.layers.wide.pins).toHaveLength(2)
    expect(pins.length).toBeGreaterThanOrEqual(5)
    for (const one of pins)
      for (const other of pins)
        if (one !== other)
          expect(Math.hypot(one.x - other.x, one.y - other.y)).toBeGreaterThanOrEqual(one.r + other.r - 0.5)
  })

  it('frames on the world what it draws again', () => {
    const { main, closer } = drawMap({ kind: 'world' }, europe)
    const [pin] = main.layers.wide.pins
    const { x, y, width, height } = closer?.from ?? { x: 0, y: 0, width: 0, height: 0 }
    expect(pin?.x).toBeGreaterThan(x)
    expect(pin?.x).toBeLessThan(x + width)
    expect(pin?.y).toBeGreaterThan(y)
    expect(pin?.y).toBeLessThan(y + height)
  })

  it('puts a few pins that do not touch on the map as they are', () => {
    const { main, closer } = drawMap({ kind: 'world' }, [cluster(-37, 145, 12), cluster(-23, -46, 2)])
    expect(closer).toBeNull()
    expect(main.layers.wide.pins.map((pin) => [pin.count, pin.from])).toEqual([
      [12, null],
      [2, null],
    ])
  })

  it('leaves every pin room for a finger on a phone', () => {
    const { main } = drawMap({ kind: 'world' }, [
      cluster(40, -100, 8),
      cluster(45, -75, 3),
      cluster(20, -100, 1),
      cluster(-23, -46, 2),
      cluster(-33, -70, 1),
      cluster(53, -1, 34),
      cluster(28, 84, 2),
      cluster(36, 138, 2),
      cluster(-37, 145, 12),
      cluster(-41, 174, 4),
    ])
    const { pins = [], size = 1 } = main.layers.narrow ?? {}
    expect(pins.length).toBeGreaterThan(5)
    for (const { reach } of pins) expect(reach / size).toBeGreaterThan(23)
  })
})

describe('a closer view', () => {
  it('shows what is inside and leaves out what is not', () => {
    const { main } = drawMap({ kind: 'near', lat: 53.8, lon: -1.5, km: 100 }, [
      cluster(53.8, -1.5, 3),
      cluster(48, 2, 6),
    ])
    expect(main.layers.wide.pins.map((pin) => pin.count)).toEqual([3])
    expect(main.layers.wide.pins[0]?.x).toBeCloseTo(main.width / 2, -1)
  })

  it('goes across the date line', () => {
    const fiji = [cluster(-17, 178, 2), cluster(-18, -178, 3)]
    const { main } = drawMap({ kind: 'bounds', bounds: boundsOf(fiji) }, fiji)
    expect(sum(main.layers.wide.pins)).toBe(5)
    expect(main.scale?.km).toBeLessThan(200)
  })

  it('writes the name of a town beside its pin, and no name over another', () => {
    const towns = [
      { name: 'Leeds', lat: 53.8, lon: -1.55 },
      { name: 'Hunslet', lat: 53.78, lon: -1.54 },
      { name: 'Holbeck', lat: 53.79, lon: -1.56 },
      { name: 'York', lat: 53.96, lon: -1.08 },
    ]
    const { main } = drawMap(
      { kind: 'near', lat: 53.8, lon: -1.55, km: 90 },
      [cluster(53.8, -1.55, 1)],
      towns,
    )
    const { names, pins, size } = main.layers.wide
    const leeds = names.find(({ name }) => name === 'Leeds')
    expect(leeds?.dot).toBeNull()
    expect(Math.abs(leeds?.step ?? 0) * size).toBeGreaterThan(pins[0]?.r ?? 0)
    expect(names.map(({ name }) => name)).toEqual(['Leeds', 'Hunslet', 'York'])
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

it('the same view of the same clusters is drawn once, and another view of them anew', () => {
  const clusters = [cluster(-37, 145, 12)]
  const world = { kind: 'world' } as const
  const drawing = drawMap(world, clusters)
  const places = [{ name: 'Hobart', lat: -42.9, lon: 147.3 }]
  const near = { kind: 'near', lat: -37, lon: 145, km: 900 } as const
  expect(drawMap(near, clusters, places).main.layers.wide.names).not.toEqual([])
  expect(drawMap(world, clusters)).toEqual(drawing)
  expect(drawMap(near, clusters, places)).toBe(drawMap(near, clusters, places))
  expect(drawMap(near, clusters).main.layers.wide.names).toEqual([])
})
