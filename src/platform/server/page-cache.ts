import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import pg from 'pg'

const compress = promisify(gzip)

/** A rendered answer, ready to be sent as it is. */
export type KeptPage = {
  /** As they are sent, name after name: putting them together for each answer costs a fifth of it. */
  heads: { plain: string[]; gzip: string[]; unchanged: string[] }
  plain: Buffer
  gzip: Buffer
  etag: string
  /** Milliseconds since 1970; not served from then on. */
  until: number
}

/** Makes a kept page of a rendered body. */
export async function keepable(
  headers: Record<string, string>,
  plain: Buffer,
  until: number,
): Promise<KeptPage> {
  const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 20)}"`
  const small = await compress(plain, { level: 6 })
  const { 'content-length': _length, ...rest } = headers
  const same = { ...rest, etag, vary: 'Accept-Encoding, Cookie' }
  const flat = (more: Record<string, string>): string[] => Object.entries({ ...same, ...more }).flat()
  const heads = {
    plain: flat({ 'content-length': String(plain.length) }),
    gzip: flat({ 'content-length': String(small.length), 'content-encoding': 'gzip' }),
    unchanged: flat({}),
  }
  return { heads, plain, gzip: small, etag, until }
}

/** Holds rendered pages until they end, at most `bytes` of them; the least lately served goes first. */
export class PageCache {
  #pages = new Map<string, KeptPage>()
  #size = 0
  #generation = 0
  #on = false
  readonly #most: number

  constructor(bytes = 48 * 1024 * 1024) {
    this.#most = bytes
  }

  /** Whether pages may be kept: only while the database can tell us of writes. */
  get on(): boolean {
    return this.#on
  }

  /** Counts the clearings: a page rendered before one must not be kept after it. */
  get generation(): number {
    return this.#generation
  }

  get count(): number {
    return this.#pages.size
  }

  /** Answers a page that has not ended, if it is kept. */
  find(name: string, now: number): KeptPage | undefined {
    const page = this.#pages.get(name)
    if (!page) return undefined
    if (page.until <= now) {
      this.#drop(name, page)
      return undefined
    }
    // While there is room nothing has to go, and their order does not matter.
    if (this.#size > this.#most / 2) {
      this.#pages.delete(name)
      this.#pages.set(name, page)
    }
    return page
  }

  /** Keeps a page, unless something was written since its rendering began. */
  keep(name: string, page: KeptPage, generation: number): void {
    if (!this.#on || generation !== this.#generation) return
    const old = this.#pages.get(name)
    if (old) this.#drop(name, old)
    this.#pages.set(name, page)
    this.#size += sizeOf(page)
    for (const [first, oldest] of this.#pages) {
      if (this.#size <= this.#most) break
      this.#drop(first, oldest)
    }
  }

  clear(): void {
    this.#generation += 1
    this.#pages.clear()
    this.#size = 0
  }

  turn(on: boolean): void {
    this.#on = on
    this.clear()
  }

  #drop(name: string, page: KeptPage): void {
    this.#pages.delete(name)
    this.#size -= sizeOf(page)
  }
}

const sizeOf = (page: KeptPage): number => page.plain.length + page.gzip.length + 500

/** Clears the cache whenever any process writes something that pages show; while the connection for that is down the cache is off. Answers how to stop. */
export function clearOnWrites(cache: PageCache, url: string): () => Promise<void> {
  let stopped = false
  let client: pg.Client | undefined
  let again: NodeJS.Timeout | undefined
  const lost = (): void => {
    cache.turn(false)
    client?.removeAllListeners()
    // A late error of the lost connection has nobody left to tell.
    client?.on('error', () => undefined)
    client = undefined
    if (!stopped) again = setTimeout(() => void listen(), 1000)
  }
  const listen = async (): Promise<void> => {
    client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000, keepAlive: true })
    client.on('error', lost)
    client.on('end', lost)
    client.on('notification', () => cache.clear())
    try {
      await client.connect()
      await client.query('listen pages')
      cache.turn(true)
    } catch {
      // Without the connection the cache is off, and it is tried again each second.
      lost()
    }
  }
  void listen()
  return async () => {
    stopped = true
    clearTimeout(again)
    client?.removeAllListeners()
    await client?.end()
  }
}
