import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Cover } from '#kernel/pictures.ts'
import { namesOf, rememberName } from '#elements/photos/names.ts'
import { fingerprintOf, Unfinished, type Begun } from '#elements/photos/resume.ts'
import * as shapes from '#elements/photos/shapes.ts'
import { nextPiece, pauseSeconds, Refused, sendFile, type Sending } from '#elements/photos/tus.ts'
import { door, file, hashOf, passFor, rowsOf, stored } from '../../test/tus.ts'

describe('covers', () => {
  const empty: shapes.Drawing = { covers: [], before: [] }
  const part = fc.double({ min: -2, max: 2, noNaN: true })
  const drawn = fc.record({
    shape: fc.constantFrom('rectangle' as const, 'ellipse' as const),
    x: part,
    y: part,
    w: part,
    h: part,
  })
  const lies = ({ x, y, w, h }: Cover): boolean =>
    x >= 0 && y >= 0 && w > 0 && h > 0 && x + w <= 1.0002 && y + h <= 1.0002

  test('stay inside of the picture, whatever is done to them', () => {
    fc.assert(
      fc.property(
        fc.array(drawn, { maxLength: 5 }),
        fc.array(fc.record({ x: part, y: part, w: part, h: part })),
        (covers, changes) => {
          let drawing = covers.reduce(shapes.add, empty)
          for (const [n, by] of changes.entries())
            drawing = shapes.change(drawing, n % Math.max(1, covers.length), by)
          expect(drawing.covers.every(lies)).toBe(true)
        },
      ),
    )
  })

  test('go back step by step to where they began', () => {
    fc.assert(
      fc.property(fc.array(drawn, { minLength: 1, maxLength: 8 }), (covers) => {
        let drawing = shapes.remove(shapes.change(covers.reduce(shapes.add, empty), 0, { x: 0.1 }), 0)
        for (let n = 0; n < covers.length + 2; n += 1) drawing = shapes.undo(drawing)
        expect(drawing).toEqual(empty)
        expect(shapes.undo(drawing)).toEqual(empty)
      }),
    )
  })

  test('are the same drawn from any corner, round in the middle, and no more than forty', () => {
    const [low, high] = [
      { x: 0.2, y: 0.3 },
      { x: 0.6, y: 0.4 },
    ]
    const wanted = { shape: 'ellipse', x: 0.2, y: 0.3, w: 0.4, h: 0.1 }
    expect(shapes.between('ellipse', low, high)).toEqual(wanted)
    expect(shapes.between('ellipse', high, low)).toEqual(wanted)
    const middle = shapes.inTheMiddle('ellipse', { width: 4000, height: 3000 })
    expect(Math.round(middle.w * 4000)).toBe(Math.round(middle.h * 3000))
    const many = Array.from({ length: 50 }, () => middle).reduce(shapes.add, empty)
    expect(many.covers).toHaveLength(40)
    expect(shapes.placeOf(shapes.between('ellipse', low, high))).toEqual({
      left: 20,
      top: 30,
      width: 40,
      height: 10,
    })
  })
})

describe('what was not sent to its end', () => {
  const store = (): Storage => {
    const map = new Map<string, string>()
    return {
      getItem: (key) => map.get(key) ?? null,
      setItem: (key, value) => void map.set(key, value),
      removeItem: (key) => void map.delete(key),
      key: (at) => [...map.keys()][at] ?? null,
      clear: () => map.clear(),
      get length() {
        return map.size
      },
    }
  }
  const begun: Begun = { address: 'http://here/upload/x', surface: 's', source: 'f', covers: [], began: 1000 }

  test('is known again by its size, its beginning and its end', async () => {
    const bytes = file(300_000)
    const print = (of: Buffer) => fingerprintOf(new Blob([new Uint8Array(of)]))
    const other = (at: number): Buffer => {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ 1
      return changed
    }
    const first = await print(bytes)
    expect(await print(Buffer.from(bytes))).toBe(first)
    for (const changed of [other(0), other(65_000), other(299_999), bytes.subarray(0, -1)]) {
      expect(await print(changed)).not.toBe(first)
    }
    expect(await print(Buffer.alloc(0))).toMatch(/^0-/)
  })

  test('is remembered for its page and five days, and nothing is said of it anywhere else', () => {
    const unfinished = new Unfinished(store())
    unfinished.keep('a', begun)
    unfinished.keep('b', { ...begun, surface: 'other' })
    expect(unfinished.find('a', 's', 2000)).toEqual(begun)
    expect(unfinished.find('a', 'other', 2000)).toBeNull()
    expect(unfinished.all('s', 2000)).toEqual([['a', begun]])
    expect(unfinished.find('a', 's', 1000 + 5 * 86_400_000 + 1)).toBeNull()
    expect(unfinished.all('s', 1000 + 5 * 86_400_000 + 1)).toEqual([])
    expect(unfinished.find('a', 's', 2000)).toBeNull()
  })

  test('is not remembered where a browser has no store, or holds something else there', () => {
    const none = new Unfinished(null)
    none.keep('a', begun)
    expect([none.find('a', 's', 2000), none.all('s', 2000)]).toEqual([null, []])
    const broken = store()
    broken.setItem('abe-photo a', '{"address":1')
    broken.setItem('abe-photo b', 'null')
    expect(new Unfinished(broken).all('s', 2000)).toEqual([])
    expect(broken.length).toBe(0)
  })
})

test('names of files are remembered in a tab for its own pages, and no more than a page can show', () => {
  const kept = new Map<string, string>()
  const tab = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  }
  for (let n = 0; n < 100; n += 1) rememberName(tab, `id-${n}`, `IMG_${n}.jpg`)
  expect(namesOf(tab, ['id-99', 'id-0', 'never', 'id-20'])).toEqual(['IMG_99.jpg', 'IMG_20.jpg'])
  kept.set('abe-photo-names', '{"broken')
  expect(namesOf(tab, ['id-99'])).toEqual([])
  expect(namesOf(null, ['id-99'])).toEqual([])
})

describe('sending', () => {
  const bytes = file(11_000_000)
  const blob = new Blob([new Uint8Array(bytes)])
  /** A line that is cut after so many requests, for so many. */
  const cut = (after: number, times: number) => {
    let count = 0
    const asked: string[] = []
    const ask: typeof fetch = async (address, init) => {
      count += 1
      asked.push(init?.method ?? '')
      if (count > after && count <= after + times) throw new TypeError('no line')
      return fetch(address, init)
    }
    return { ask, asked }
  }
  const sending = (pass: string, over: Partial<Sending> = {}): Sending => ({
    endpoint: `${door.origin}/upload`,
    pass,
    address: null,
    began: () => undefined,
    progress: () => undefined,
    waiting: () => undefined,
    pause: async () => undefined,
    signal: new AbortController().signal,
    ...over,
  })

  test('goes on by itself after a cut of ten minutes, and says that it waits', async () => {
    const pass = passFor()
    const { ask, asked } = cut(2, 25)
    const waits: boolean[] = []
    const pauses: number[] = []
    await sendFile(
      blob,
      sending(pass, { ask, waiting: (now) => waits.push(now), pause: async (n) => void pauses.push(n) }),
    )
    const [row] = await rowsOf(pass)
    expect([row?.state, await stored(row?.original)]).toEqual(['received', hashOf(bytes)])
    expect(asked.filter((method) => method === 'POST')).toHaveLength(1)
    expect([waits[0], waits.at(-1)]).toEqual([true, false])
    const waited = pauses.reduce((seconds, times) => seconds + pauseSeconds(times), 0)
    expect(waited).toBeGreaterThan(600)
  }, 30_000)

  test('goes on from where another browser left it', async () => {
    const pass = passFor()
    const leaving = new AbortController()
    let address = ''
    const left = sendFile(
      blob,
      sending(pass, {
        began: (at) => (address = at),
        progress: (sent) => {
          if (sent > 0) leaving.abort()
        },
        signal: leaving.signal,
      }),
    )
    await expect(left).rejects.toThrow()
    const { ask, asked } = cut(99, 0)
    const seen: number[] = []
    await sendFile(blob, sending(pass, { address, ask, progress: (sent) => seen.push(sent) }))
    expect(asked).not.toContain('POST')
    expect(seen[0]).toBeGreaterThan(0)
    expect(await stored((await rowsOf(pass))[0]?.original)).toBe(hashOf(bytes))
  }, 30_000)

  test('begins again where the address is known no more, and says in words what is refused', async () => {
    const pass = passFor()
    await sendFile(blob, sending(pass, { address: `${door.origin}/upload/${'x'.repeat(32)}` }))
    expect((await rowsOf(pass)).map((row) => row.state)).toEqual(['received'])
    const failing = sendFile(blob, sending('made.up'))
    await expect(failing).rejects.toThrow(Refused)
    await expect(failing).rejects.toThrow('has ended')
  }, 30_000)

  test('waits longer each time, and never more than half a minute', () => {
    expect([0, 1, 2, 3, 4, 5, 60].map(pauseSeconds)).toEqual([1, 2, 4, 8, 16, 30, 30])
  })
})

test('pieces grow on a fast line and shrink on a slow one, within bounds', () => {
  const kb = 1024
  expect(nextPiece(256 * kb, 100)).toBe(512 * kb)
  expect(nextPiece(4096 * kb, 100)).toBe(4096 * kb)
  expect(nextPiece(1024 * kb, 2000)).toBe(1024 * kb)
  expect(nextPiece(1024 * kb, 9000)).toBe(512 * kb)
  expect(nextPiece(256 * kb, 60_000)).toBe(256 * kb)
})
