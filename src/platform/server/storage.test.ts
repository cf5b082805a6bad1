import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { createServer as createWebServer } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import S3rver from 's3rver'
import { afterAll, describe, expect, test } from 'vitest'
import { readConfig } from '#platform/server/config.ts'
import { newKey, type Store, type Stored } from '#platform/server/storage.ts'
import { bucketStore, readBucket } from '#platform/server/storage-bucket.ts'
import { openStore } from '#platform/server/storage-site.ts'

const folder = mkdtempSync(join(tmpdir(), 'abe-store-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** An emulator, and no real S3: it shows that we speak the protocol, not that a given provider does. */
const emulator = new S3rver({
  port: 0,
  address: '127.0.0.1',
  silent: true,
  directory: join(folder, 'emulator'),
  configureBuckets: [{ name: 'pictures' }],
})
const { port } = await emulator.run()
afterAll(() => emulator.close())
const address = (bucket: string, at = port): string =>
  `s3://S3RVER:S3RVER@${bucket}?endpoint=${encodeURIComponent(`http://127.0.0.1:${at}`)}`

const file = (bytes: Buffer): string => {
  const path = join(folder, randomBytes(8).toString('hex'))
  writeFileSync(path, bytes)
  return path
}
const read = async (store: Store, key: string, range?: { from: number; to: number }) => {
  const found = await store.get('renditions', key, range)
  return found && { bytes: found.bytes, body: await buffer(found.body) }
}
const all = async (store: Store, space: 'originals' | 'renditions'): Promise<Stored[]> => {
  const list: Stored[] = []
  for await (const one of store.list(space)) list.push(one)
  return list
}

const stores: [string, string][] = [
  ['a folder', `file:${join(folder, 'a store')}`],
  ['a bucket', address('pictures')],
]

describe.each(stores)('a store in %s', (_, url) => {
  const store = openStore(readConfig({ STORAGE_URL: url }))
  const bytes = randomBytes(300_000)

  test('gives back what was put, whole and in parts, and leaves the file where it was', async () => {
    const [key, path] = [newKey(), file(bytes)]
    await store.putFile('renditions', key, path)
    expect(readFileSync(path)).toEqual(bytes)
    expect(await read(store, key)).toEqual({ bytes: 300_000, body: bytes })
    expect(await read(store, key, { from: 1000, to: 1999 })).toEqual({
      bytes: 300_000,
      body: bytes.subarray(1000, 2000),
    })
    const to = join(folder, randomBytes(8).toString('hex'))
    expect(await store.fetchTo('renditions', key, to)).toBe(true)
    expect(readFileSync(to)).toEqual(bytes)
  })

  test('keeps the two spaces apart', async () => {
    const key = newKey()
    await store.putFile('originals', key, file(bytes))
    expect(await store.get('renditions', key)).toBeNull()
    expect(await store.fetchTo('renditions', key, join(folder, 'never'))).toBe(false)
  })

  test('deletes, once or twice, and copies', async () => {
    const [key, other] = [newKey(), newKey()]
    await store.putFile('renditions', key, file(Buffer.from('one')))
    await store.copy('renditions', key, other)
    await store.delete('renditions', key)
    await store.delete('renditions', key)
    expect(await store.get('renditions', key)).toBeNull()
    expect((await read(store, other))?.body.toString()).toBe('one')
  })

  test('lists what is there, with sizes and times', async () => {
    const key = newKey()
    await store.putFile('originals', key, file(Buffer.from('four')))
    const found = (await all(store, 'originals')).find((one) => one.key === key)
    expect(found).toMatchObject({ bytes: 4, changed: expect.any(Date) })
    expect(found?.changed.getFullYear()).toBeGreaterThan(2020)
    for (const one of await all(store, 'originals')) await store.delete('originals', one.key)
    expect(await all(store, 'originals')).toEqual([])
  })

  test('takes no word for a key that is none', async () => {
    await expect(async () => store.get('renditions', '../originals/ab')).rejects.toThrow('no key')
    await expect(async () => store.putFile('renditions', 'ab/../../x', file(bytes))).rejects.toThrow('no key')
  })

  test('says that it answers', async () => {
    expect(await store.answers()).toBe(true)
  })
})

test('a store lists a bucket page by page', async () => {
  const object = (key: string): string =>
    `<Contents><Key>originals/${key}</Key><LastModified>2026-11-01T10:00:00.000Z</LastModified><Size>7</Size></Contents>`
  const keys = Array.from({ length: 3 }, newKey)
  // The emulator cannot answer in pages on this Node.
  const pages = createWebServer((request, response) => {
    const at = Number(new URL(request.url ?? '/', 'http://here').searchParams.get('continuation-token') ?? 0)
    const next = at < 2 ? `<NextContinuationToken>${at + 1}</NextContinuationToken>` : ''
    response.end(`<ListBucketResult>${object(keys[at] ?? '')}${next}</ListBucketResult>`)
  })
  const at = await new Promise<number>((done) =>
    pages.listen(0, '127.0.0.1', () => done((pages.address() as AddressInfo).port)),
  )
  const found = await all(openStore(readConfig({ STORAGE_URL: address('pictures', at) })), 'originals')
  expect(found.map((one) => one.key)).toEqual(keys)
  pages.closeAllConnections()
  await new Promise((done) => pages.close(done))
})

test('a file is there whole or not at all, whoever reads meanwhile', async () => {
  const store = openStore(readConfig({ DATA_DIR: join(folder, 'data') }))
  const [key, bytes] = [newKey(), randomBytes(4_000_000)]
  const path = file(bytes)
  const putting = Promise.all(Array.from({ length: 8 }, () => store.putFile('renditions', key, path)))
  const sizes = new Set<number | null>()
  for (let n = 0; n < 40; n += 1) sizes.add((await read(store, key))?.body.length ?? null)
  await putting
  sizes.delete(null)
  expect([...sizes, (await read(store, key))?.body.length]).toEqual(
    sizes.size === 0 ? [bytes.length] : [bytes.length, bytes.length],
  )
})

test('what is stored does not change when the file it came from does', async () => {
  const store = openStore(readConfig({ STORAGE_URL: address('pictures') }))
  const [key, path] = [newKey(), file(Buffer.from('before'))]
  await store.putFile('renditions', key, path)
  writeFileSync(path, 'after!')
  expect(
    createHash('sha256')
      .update((await read(store, key))?.body ?? '')
      .digest('hex'),
  ).toBe(createHash('sha256').update('before').digest('hex'))
  expect(statSync(path).size).toBe(6)
})

test('a store that cannot be written to says so, and one that is silent is given up', async () => {
  const closed = openStore(readConfig({ STORAGE_URL: address('nobody-made-this') }))
  expect(await closed.answers()).toBe(false)
  await expect(closed.putFile('renditions', newKey(), file(Buffer.from('x')))).rejects.toThrow('404')
  const held: { destroy: () => void }[] = []
  const silent = createServer((socket) => void held.push(socket))
  const at = await new Promise<number>((done) =>
    silent.listen(0, '127.0.0.1', () => done((silent.address() as AddressInfo).port)),
  )
  const bucket = bucketStore(readBucket(address('pictures', at), { key: null, secret: null, token: null }), {
    silent: 200,
    longest: 2000,
  })
  await expect(bucket.get('renditions', newKey())).rejects.toThrow('does not answer')
  for (const socket of held) socket.destroy()
  await new Promise((done) => silent.close(done))
})

test('an address of a store that cannot be meant is refused in words', () => {
  expect(() => openStore(readConfig({ STORAGE_URL: 'ftp://here' }))).toThrow('file: or s3://')
  expect(() => openStore(readConfig({ STORAGE_URL: 's3://pictures' }))).toThrow('AWS_ACCESS_KEY_ID')
  expect(() => openStore(readConfig({ STORAGE_URL: 's3://k:s@pictures?endpoint=here' }))).toThrow(
    'whole address',
  )
})
