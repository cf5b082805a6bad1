import { describe, expect, it } from 'vitest'
import { arrived, draftFrom, draftOf, type DraftField } from '#elements/drafts.ts'
import { flatLand, unwrap } from '#elements/land.ts'
import { addressOf, pinsFrom } from '#elements/pins.ts'
import { wordsHeard } from '#elements/letter/heard.ts'
import { ownTime } from '#elements/times.ts'
import { beginOf } from '#elements/view.ts'

describe('the address of the pins in view', () => {
  const ask = (box: [number, number, number, number], zoom = 3.7) =>
    new URL(addressOf('/activities.geojson?kind=cafe&access=step-free', 'https://week.example/', box, zoom))
      .searchParams

  it('keeps the filter and adds the box and a whole zoom', () => {
    expect(ask([-10.123456, 50, 2, 60]).toString()).toBe(
      new URLSearchParams({
        kind: 'cafe',
        access: 'step-free',
        bbox: '-10.1235,50,2,60',
        zoom: '3',
      }).toString(),
    )
  })

  it('turns degrees beyond the date line round, so that west is larger than east', () => {
    expect(ask([170, -40, 190, -30]).get('bbox')).toBe('170,-40,-170,-30')
  })

  it('asks for the whole earth when the view is wider than it', () => {
    expect(ask([-250, -95, 250, 95]).get('bbox')).toBe('-180,-90,180,90')
  })

  it('asks for the whole earth when the view is as wide as it, a hair more or less', () => {
    for (const hair of [-1e-9, 0, 1e-9])
      expect(ask([-169, -62.065, 191 + hair, 79.7374]).get('bbox')).toBe('-180,-62.065,180,79.7374')
  })
})

describe('where the big map begins', () => {
  /** Answers the pixel at which a place stands, from the middle of the map. */
  const pixel = (begin: ReturnType<typeof beginOf>, lon: number, lat: number) => {
    const up = (degrees: number) => Math.asinh(Math.tan((degrees * Math.PI) / 180))
    const scale = (512 * 2 ** begin.zoom) / (2 * Math.PI)
    const [east, north] = begin.center
    return [(((lon - east) * Math.PI) / 180) * scale, (up(lat) - up(north)) * scale] as const
  }
  const sizes = [
    [1200, 640],
    [328, 420],
    [700, 300],
  ] as const

  it.each(sizes)('holds every corner of a country in %i by %i pixels', (width, height) => {
    for (const [west, south, east, north] of [
      [-9, 49.5, 2.5, 60],
      [166, -48, -178 + 360, -34],
      [4, 57, 32, 71.5],
    ] as const) {
      const begin = beginOf({ kind: 'bounds', bounds: [west, south, east, north] }, { width, height })
      for (const [lon, lat] of [
        [west, south],
        [east, north],
      ] as const) {
        const [x, y] = pixel(begin, lon, lat)
        expect(Math.abs(x)).toBeLessThan(width / 2)
        expect(Math.abs(y)).toBeLessThan(height / 2)
      }
    }
  })

  it.each(sizes)('holds a circle around a place in %i by %i pixels', (width, height) => {
    const begin = beginOf({ kind: 'near', lat: 60, lon: 10, km: 100 }, { width, height })
    for (const [lon, lat] of [
      [10, 60.9],
      [10, 59.1],
      [8.2, 60],
      [11.8, 60],
    ] as const) {
      const [x, y] = pixel(begin, lon, lat)
      expect(Math.abs(x)).toBeLessThan(width / 2)
      expect(Math.abs(y)).toBeLessThan(height / 2)
    }
  })
})

describe('pins from an answer', () => {
  const point = (properties: object, coordinates = [1, 2]) => ({
    type: 'Feature',
    geometry: { type: 'Point', coordinates },
    properties,
  })

  it('come with the largest first and whole addresses', () => {
    const answer = {
      features: [point({ count: 2, href: '/a', title: 'A' }), point({ count: 9, href: '/b', title: 'B' })],
    }
    expect(pinsFrom(answer, 'https://week.example/').map(({ href, count }) => [href, count])).toEqual([
      ['https://week.example/b', 9],
      ['https://week.example/a', 2],
    ])
  })

  it('leave out what is no point, has no address, or an address that is a script', () => {
    const features = [
      point({ count: 1 }),
      point({ href: 'javascript:alert(1)' }),
      { type: 'Feature' },
      null,
      { ...point({ href: '/x' }), geometry: { type: 'Polygon', coordinates: [] } },
    ]
    expect(pinsFrom({ features }, 'https://week.example/')).toEqual([])
    expect(pinsFrom('no', 'https://week.example/')).toEqual([])
  })
})

describe('the own time of a reader', () => {
  it('is silent where the clock shows the same', () => {
    expect(ownTime('2027-10-19T09:00:00Z', 'Europe/London', 'Europe/London', 'en')).toBeNull()
    expect(ownTime('2027-12-19T09:00:00Z', 'Europe/London', 'Africa/Accra', 'en')).toBeNull()
  })

  it.each(['en', 'en-GB', 'en-US', 'da'])('says the time elsewhere as the page does, in %s', (language) => {
    expect(ownTime('2027-10-19T09:00:00Z', 'Europe/London', 'Europe/Copenhagen', language)).toBe('11:00')
    expect(ownTime('2027-10-19T16:30:00Z', 'Europe/London', 'Europe/Copenhagen', language)).toBe('18:30')
    expect(ownTime('2027-10-18T23:05:00Z', 'Europe/Copenhagen', 'Europe/London', language)).toBe('00:05')
  })

  it('says the day too when that differs', () => {
    expect(ownTime('2027-10-19T19:00:00Z', 'Europe/London', 'Pacific/Auckland', 'en')).toBe('Wednesday 08:00')
    expect(ownTime('2027-10-19T19:00:00Z', 'Europe/London', 'Pacific/Auckland', 'da')).toBe('onsdag 08:00')
  })

  it('is silent about what is no time', () => {
    expect(ownTime('some time', 'Europe/London', 'Asia/Tokyo', 'en')).toBeNull()
  })
})

describe('a draft', () => {
  const field = (name: string, type: string, value: string, checked = false): DraftField => ({
    name,
    type,
    value,
    checked,
  })
  const form = [
    field('title', 'text', 'Coffee'),
    field('email', 'email', 'a@b.example'),
    field('email2', 'text', 'c@d.example'),
    field('key', 'hidden', 'k'),
    field('secret', 'password', 'p'),
    field('access', 'checkbox', 'captions', true),
    field('access', 'checkbox', 'relaxed'),
    field('kind', 'radio', 'cafe', true),
  ]

  it('keeps words and ticks, and never an e-mail, a password or a hidden field', () => {
    expect(draftOf(form, false, 5)).toEqual({
      typed: 5,
      sent: false,
      values: { title: ['Coffee'], access: ['captions'], kind: ['cafe'] },
    })
  })

  it('keeps an e-mail when it was asked to', () => {
    expect(draftOf(form, true, 5).values).toMatchObject({ email: ['a@b.example'], email2: ['c@d.example'] })
  })

  it('is read back as it was, for thirty days', () => {
    const draft = draftOf(form, false, 1000)
    expect(draftFrom(JSON.stringify(draft), 2000)).toEqual(draft)
    expect(draftFrom(JSON.stringify(draft), 1000 + 31 * 86_400_000)).toBeNull()
    expect(draftFrom('{broken', 2000)).toBeNull()
    expect(draftFrom(null, 2000)).toBeNull()
  })

  it('is forgotten once it was sent and its form is gone', () => {
    const sent = { ...draftOf(form, false, 1000), sent: true }
    expect(arrived(sent, 'new', [])).toBe(true)
    expect(arrived(sent, 'new', ['new'])).toBe(false)
    expect(arrived({ ...sent, sent: false }, 'new', [])).toBe(false)
  })
})

describe('flat land', () => {
  const square = (west: number, east: number, south: number) => [
    [west, south],
    [east, south],
    [east, south + 5],
    [west, south + 5],
    [west, south],
  ]

  it('goes on beyond the date line, either way', () => {
    expect(unwrap(square(170, -175, 10)).map(([lon]) => lon)).toEqual([170, 185, 185, 170, 170])
    expect(unwrap(square(-175, 170, 10)).map(([lon]) => lon)).toEqual([-175, -190, -190, -175, -175])
    expect(unwrap(square(-10, 20, 10))).toEqual(square(-10, 20, 10))
  })

  it('leaves the Antarctic out and everything else in', () => {
    const country = (south: number) => ({
      type: 'Feature' as const,
      properties: {},
      geometry: { type: 'Polygon' as const, coordinates: [square(0, 20, south)] },
    })
    const { features } = flatLand({ type: 'FeatureCollection', features: [country(-80), country(10)] })
    expect(features.map(({ geometry }) => geometry.coordinates.length)).toEqual([0, 1])
  })
})

it('writes down all that was heard at once, without what is not certain yet or was written before', () => {
  const result = (transcript: string, isFinal = true) => Object.assign([{ transcript }], { isFinal })
  const results = [
    result('He hums'),
    result(' when he is happy '),
    result('I hum back'),
    result('and', false),
  ]
  expect(wordsHeard({ results, resultIndex: 1 })).toBe('when he is happy I hum back')
  expect(wordsHeard({ results, resultIndex: 3 })).toBe('')
})
