import * as fc from 'fast-check'
import { staleSeconds } from '#kernel/limits.ts'
import { sql } from 'kysely'
import { afterAll, afterEach, describe, expect, inject, test } from 'vitest'
import { connect, urlOf } from '#platform/server/db.ts'
import { clearOnWrites, keepable, PageCache, type KeptPage } from '#platform/server/page-cache.ts'
import { testDatabase } from '../../../test/db.ts'

const db = await testDatabase()
const outside = connect(urlOf({ ...inject('postgres'), database: 'postgres' }), 1)
afterAll(() => outside.destroy())
const now = Date.parse('2027-10-18T10:00:00Z')
/** How long is waited for what a busy machine does late. */
const soon = { timeout: 15_000 }
const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

const page = (words: string, until = now + 60_000): Promise<KeptPage> =>
  keepable({ 'content-type': 'text/html', 'content-length': '0' }, Buffer.from(words), until)

/** A cache that writes down when it was turned on and off. */
class Watched extends PageCache {
  turns: boolean[] = []
  override turn(on: boolean): void {
    this.turns.push(on)
    super.turn(on)
  }
}

async function listening(): Promise<Watched> {
  const cache = new Watched()
  stops.push(clearOnWrites(cache, db.url))
  await expect.poll(() => cache.on, soon).toBe(true)
  return cache
}

function turnedOn(bytes?: number): PageCache {
  const cache = new PageCache(bytes)
  cache.turn(true)
  return cache
}

const write = () =>
  sql`insert into redirects (path, target) values (${crypto.randomUUID()}, '/') on conflict do nothing`.execute(
    db,
  )

describe('a kept page', () => {
  test('is served until its moment, and not at it', async () => {
    const cache = turnedOn()
    cache.keep('/', await page('home'), cache.generation)
    expect(cache.find('/', now + 59_999)?.plain.toString()).toBe('home')
    expect(cache.find('/', now + 60_000)).toBeUndefined()
    expect(cache.count).toBe(0)
  })

  test('carries its own length for each way it is sent, and a mark of its words', async () => {
    const [one, same, other] = await Promise.all([page('a'.repeat(500)), page('a'.repeat(500)), page('b')])
    expect(one.heads.plain).toEqual(expect.arrayContaining(['content-length', '500']))
    expect(one.heads.gzip).toEqual(expect.arrayContaining(['content-length', String(one.gzip.length)]))
    expect(one.heads.plain.filter((head) => head === 'content-length')).toHaveLength(1)
    expect(one.etag).toBe(same.etag)
    expect(one.etag).not.toBe(other.etag)
  })

  test('whose rendering began before a write is not kept after it', async () => {
    const cache = turnedOn()
    const began = cache.generation
    cache.clear()
    cache.keep('/', await page('from before'), began)
    expect(cache.count).toBe(0)
    cache.keep('/', await page('from after'), cache.generation)
    expect(cache.find('/', now)?.plain.toString()).toBe('from after')
  })

  test('goes when there is no room left, the one that was least lately served first', async () => {
    const size = async () => {
      const { plain, gzip } = await page('x'.repeat(2000))
      return plain.length + gzip.length + 500
    }
    const cache = turnedOn(3 * (await size()))
    for (const name of ['/one', '/two', '/three'])
      cache.keep(name, await page('x'.repeat(2000)), cache.generation)
    cache.find('/one', now)
    cache.keep('/four', await page('x'.repeat(2000)), cache.generation)
    expect(['/one', '/two', '/three', '/four'].filter((name) => cache.find(name, now))).toEqual([
      '/one',
      '/three',
      '/four',
    ])
    for (let again = 0; again < 20; again++)
      cache.keep('/four', await page('x'.repeat(2000)), cache.generation)
    expect(cache.count).toBe(3)
  })

  test('that is larger than all the room is not kept', async () => {
    const cache = turnedOn(1000)
    cache.keep('/', await page('x'.repeat(2000)), cache.generation)
    expect(cache.count).toBe(0)
  })
})

type Turn = { what: 'begin' | 'end' | 'write' | 'lost' | 'back' | 'ask'; after: number }
const turn: fc.Arbitrary<Turn> = fc.record({
  what: fc.constantFrom('begin', 'begin', 'end', 'end', 'write', 'lost', 'back', 'ask', 'ask', 'ask'),
  after: fc.integer({ min: 0, max: 40 }),
})

test('rule 11: whatever happens in whatever order, nobody is given a page older than a minute, or one whose rendering began before a write', async () => {
  const words = await page('as it was')
  fc.assert(
    fc.property(fc.array(turn, { maxLength: 60 }), (turns) => {
      const cache = turnedOn()
      let [at, wrote, on] = [0, -1, true]
      let begun: { at: number; generation: number } | null = null
      for (const { what, after } of turns) {
        at += after * 1000 + 1
        if (what === 'begin') begun = { at, generation: cache.generation }
        else if (what === 'write') {
          if (on) cache.clear()
          wrote = at
        } else if (what === 'lost' || what === 'back') {
          on = what === 'back'
          cache.turn(on)
        } else if (what === 'end' && begun) {
          cache.keep(
            '/',
            { ...words, etag: String(begun.at), until: begun.at + staleSeconds * 1000 },
            begun.generation,
          )
        } else if (what === 'ask') {
          const given = cache.find('/', at)
          if (!given) continue
          expect(at - Number(given.etag)).toBeLessThan(staleSeconds * 1000)
          expect(on).toBe(true)
          expect(Number(given.etag)).toBeGreaterThan(wrote)
        }
      }
    }),
    { numRuns: 300 },
  )
})

describe('the cache', () => {
  test('keeps nothing before the database can tell of writes, which is never with CACHE=off', async () => {
    const cache = new PageCache()
    expect(cache.on).toBe(false)
    cache.keep('/', await page('home'), cache.generation)
    expect(cache.count).toBe(0)
  })

  test('is emptied by a write of any connection, when that is committed and not before', async () => {
    const cache = await listening()
    cache.keep('/', await page('home'), cache.generation)
    await db.transaction().execute(async (trx) => {
      await sql`insert into redirects (path, target) values ('/old', '/')`.execute(trx)
      await sql`select 1`.execute(db)
      expect(cache.count).toBe(1)
    })
    await expect.poll(() => cache.count, soon).toBe(0)
    expect(cache.on).toBe(true)
  })

  test('is off while the connection is lost, and empty when it is back', async () => {
    const cache = await listening()
    const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(db)
    const name = sql.ref(rows[0]?.name ?? '')
    const mayConnect = (may: boolean) =>
      sql`alter database ${name} with allow_connections ${sql.raw(String(may))}`.execute(outside)
    cache.keep('/', await page('home'), cache.generation)
    const began = cache.generation
    await mayConnect(false)
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where query = 'listen pages' and datname = current_database()`.execute(db)
    await expect.poll(() => cache.turns.filter((on) => !on).length, soon).toBeGreaterThan(1)
    expect(cache.on).toBe(false)
    expect(cache.find('/', now)).toBeUndefined()
    cache.keep('/', await page('home'), cache.generation)
    expect(cache.count).toBe(0)
    await write()
    await mayConnect(true)
    await expect.poll(() => cache.on, soon).toBe(true)
    cache.keep('/', await page('from before it was lost'), began)
    expect(cache.count).toBe(0)
  })

  test('listens no more once it was stopped', async () => {
    const cache = new Watched()
    const stop = clearOnWrites(cache, db.url)
    await expect.poll(() => cache.on, soon).toBe(true)
    await stop()
    cache.keep('/', await page('home'), cache.generation)
    await write()
    const stillThere = async () =>
      (
        await sql`select 1 from pg_stat_activity
          where query = 'listen pages' and datname = current_database()`.execute(db)
      ).rows.length
    await expect.poll(stillThere, soon).toBe(0)
    expect(cache.turns).toEqual([true])
  })
})
