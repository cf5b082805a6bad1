import type { Cover } from '#kernel/pictures.ts'

/** What a browser remembers of a file that did not arrive whole. The file itself is not kept: a device may be shared. */
export interface Begun {
  address: string
  surface: string
  /** The file as it was chosen: what is sent is another one when parts of it are covered. */
  source: string
  covers: Cover[]
  /** When it began, in milliseconds. */
  began: number
}

const prefix = 'abe-photo '
const fiveDays = 5 * 24 * 60 * 60 * 1000
const edge = 64 * 1024

/** Mixes bytes into a number; to tell files apart, not to keep anything secret. */
function mix(bytes: Uint8Array, seed: number): number {
  let [one, two] = [0xdeadbeef ^ seed, 0x41c6ce57 ^ seed]
  for (const byte of bytes) {
    one = Math.imul(one ^ byte, 2654435761)
    two = Math.imul(two ^ byte, 1597334677)
  }
  one = Math.imul(one ^ (one >>> 16), 2246822507) ^ Math.imul(two ^ (two >>> 13), 3266489909)
  two = Math.imul(two ^ (two >>> 16), 2246822507) ^ Math.imul(one ^ (one >>> 13), 3266489909)
  return 4294967296 * (2097151 & two) + (one >>> 0)
}

/** Answers by what a file is known again: its size, its first bytes and its last. */
export async function fingerprintOf(file: Blob): Promise<string> {
  const [first, last] = await Promise.all(
    [file.slice(0, edge), file.slice(Math.max(0, file.size - edge))].map((part) => part.arrayBuffer()),
  )
  return [
    file.size,
    mix(new Uint8Array(first ?? new ArrayBuffer(0)), 1),
    mix(new Uint8Array(last ?? new ArrayBuffer(0)), 2),
  ]
    .map((value) => value.toString(36))
    .join('-')
}

function begunFrom(stored: string | null, now: number): Begun | null {
  try {
    const found = JSON.parse(stored ?? 'null') as Partial<Begun> | null
    if (typeof found?.address !== 'string' || typeof found.surface !== 'string') return null
    if (typeof found.source !== 'string') return null
    if (typeof found.began !== 'number' || now - found.began > fiveDays) return null
    return {
      address: found.address,
      surface: found.surface,
      source: found.source,
      covers: Array.isArray(found.covers) ? found.covers : [],
      began: found.began,
    }
  } catch {
    // Not as we wrote it: it begins again.
    return null
  }
}

type Kept = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>

/** Remembers, in the store of a browser, which files did not arrive whole; a store that is closed remembers nothing. */
export class Unfinished {
  readonly #store: Kept | null

  constructor(store: Kept | null) {
    this.#store = store
  }

  find(fingerprint: string, surface: string, now: number): Begun | null {
    const found = begunFrom(this.#store?.getItem(prefix + fingerprint) ?? null, now)
    return found?.surface === surface ? found : null
  }

  keep(fingerprint: string, begun: Begun) {
    try {
      this.#store?.setItem(prefix + fingerprint, JSON.stringify(begun))
    } catch {
      // Full, or closed: then it begins again next time.
    }
  }

  forget(fingerprint: string) {
    this.#store?.removeItem(prefix + fingerprint)
  }

  /** Answers what is remembered of a page, and forgets what is too old. */
  all(surface: string, now: number): [fingerprint: string, begun: Begun][] {
    const keys = Array.from({ length: this.#store?.length ?? 0 }, (_, at) => this.#store?.key(at) ?? '')
    return keys
      .filter((key) => key.startsWith(prefix))
      .flatMap((key): [string, Begun][] => {
        const found = begunFrom(this.#store?.getItem(key) ?? null, now)
        if (!found) this.#store?.removeItem(key)
        return found?.surface === surface ? [[key.slice(prefix.length), found]] : []
      })
  }
}

/** Where this browser remembers; null when that is closed. */
export function storeOfBrowser(): Storage | null {
  try {
    return window.localStorage
  } catch {
    // Closed to us by the person's own settings.
    return null
  }
}
