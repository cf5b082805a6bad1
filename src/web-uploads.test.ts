import { createHash, randomUUID } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { Upload } from 'tus-js-client'
import { describe, expect, test } from 'vitest'
import { uploadPass } from '#media/server/pass.ts'
import {
  ask,
  begin,
  db,
  door,
  file,
  hashOf,
  jpeg,
  metadata,
  offsetAt,
  passFor,
  patch,
  rowsOf,
  stored,
  surfaceOf,
} from '../test/tus.ts'

describe('tus', () => {
  test('says what it can do', async () => {
    const answer = await ask({ method: 'OPTIONS', headers: {} })
    expect(answer.status).toBe(204)
    expect(answer.headers).toMatchObject({
      'tus-version': '1.0.0',
      'tus-extension': 'creation,expiration,termination,checksum',
      'tus-max-size': '67108864',
    })
    expect(
      (await ask({ method: 'HEAD', path: '/upload', headers: { 'tus-resumable': '0.2.2' } })).status,
    ).toBe(412)
  })

  test('several at once by a client of somebody else arrive whole, in the store, in a job, and without their names', async () => {
    const pass = passFor()
    const several = [file(3_000_000), file(5_500_000), file(700_000), file(9_000_000)]
    await Promise.all(
      several.map(
        (bytes) =>
          new Promise<void>((done, failed) =>
            new Upload(bytes, {
              endpoint: `${door.origin}/upload`,
              chunkSize: 2_000_000,
              metadata: { pass, filename: 'Sam at home.jpg' },
              onError: failed,
              onSuccess: () => done(),
            }).start(),
          ),
      ),
    )
    const rows = await rowsOf(pass)
    expect(rows.map((row) => [row.state, row.version])).toEqual(several.map(() => ['received', 'waiting']))
    expect(rows.map((row) => row.position).toSorted((a, b) => Number(a) - Number(b))).toEqual([0, 1, 2, 3])
    const sums = await Promise.all(rows.map((row) => stored(row.original)))
    expect(sums.toSorted()).toEqual(several.map(hashOf).toSorted())
    expect(JSON.stringify(rows)).not.toContain('Sam')
    expect(readdirSync(door.folder)).toEqual([])
  })

  test('another place than the one it is at answers 409 and changes nothing', async () => {
    const path = await begin(jpeg.length)
    expect((await patch(path, 5, jpeg.subarray(5))).status).toBe(409)
    expect(await offsetAt(path)).toBe(0)
    expect((await patch(path, 0, jpeg.subarray(0, 100))).headers['upload-offset']).toBe('100')
    expect((await patch(path, 0, jpeg)).status).toBe(409)
    expect((await patch(path, 100, jpeg.subarray(100))).status).toBe(204)
    expect((await patch(path, jpeg.length, Buffer.alloc(0))).status).toBe(409)
  })

  test('a sum that does not fit undoes the piece, one that fits lets it in', async () => {
    const path = await begin(jpeg.length)
    const sum = (bytes: Buffer): string => `sha256 ${createHash('sha256').update(bytes).digest('base64')}`
    const piece = jpeg.subarray(0, 1000)
    const wrong = await patch(path, 0, piece, { headers: { 'upload-checksum': sum(jpeg) } })
    expect([wrong.status, await offsetAt(path)]).toEqual([460, 0])
    expect((await patch(path, 0, piece, { headers: { 'upload-checksum': 'crc32 AAAA' } })).status).toBe(400)
    expect((await patch(path, 0, piece, { headers: { 'upload-checksum': sum(piece) } })).status).toBe(204)
    expect((await patch(path, 1000, jpeg.subarray(1000))).status).toBe(204)
  })

  test('more than was said is not taken, and what fits is', async () => {
    const path = await begin(jpeg.length)
    const answer = await patch(path, 0, Buffer.concat([jpeg, jpeg]))
    expect(answer.status).toBe(413)
    expect(await offsetAt(path)).toBeLessThan(jpeg.length)
  })

  test('given up, it is gone', async () => {
    const before = readdirSync(door.folder)
    const path = await begin(jpeg.length)
    await patch(path, 0, jpeg.subarray(0, 10))
    expect(
      (await ask({ method: 'POST', path, headers: { 'x-http-method-override': 'DELETE' } })).status,
    ).toBe(204)
    expect((await ask({ method: 'HEAD', path })).status).toBe(404)
    expect((await patch(path, 10, jpeg.subarray(10))).status).toBe(404)
    expect((await ask({ method: 'DELETE', path })).status).toBe(404)
    expect(readdirSync(door.folder)).toEqual(before)
  })

  test('without a pass, with a changed or an old one, nothing begins', async () => {
    const headers = (pass: string) => ({ 'upload-length': '10', 'upload-metadata': metadata(pass) })
    const status = async (pass: string) => (await ask({ method: 'POST', headers: headers(pass) })).status
    const pass = passFor()
    const other = pass.replace(surfaceOf(pass), randomUUID())
    const old = uploadPass(randomUUID(), null, null, new Date(Date.now() - 6 * 24 * 3_600_000))
    expect(await Promise.all([status(''), status(other), status(old), status(`${pass}x`)])).toEqual([
      403, 403, 403, 403,
    ])
    expect((await ask({ method: 'POST', headers: { 'upload-length': '10' } })).body).toContain('has ended')
    expect(await status(pass)).toBe(201)
  })

  test('another site cannot send, and nothing is ever read here', async () => {
    const headers = { 'upload-length': '10', 'upload-metadata': metadata(passFor()) }
    const from = (more: Record<string, string>) => ask({ method: 'POST', headers: { ...headers, ...more } })
    expect((await from({ origin: 'https://elsewhere.example' })).status).toBe(403)
    expect((await from({ 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect((await from({ origin: door.origin, 'sec-fetch-site': 'same-origin' })).status).toBe(201)
    const path = await begin(jpeg.length)
    await patch(path, 0, jpeg)
    expect((await ask({ method: 'GET', path })).status).toBe(405)
    expect((await ask({ method: 'GET', path: `/upload/${'a'.repeat(32)}` })).status).toBe(405)
    expect((await ask({ method: 'GET', path: '/upload/../etc' })).status).toBe(404)
  })

  test('what is too large or too many is refused before a byte of it is sent', async () => {
    const pass = passFor()
    const create = (bytes: string) =>
      ask({ method: 'POST', headers: { 'upload-length': bytes, 'upload-metadata': metadata(pass) } })
    const large = await create(String(64 * 1024 * 1024 + 1))
    expect([large.status, large.body]).toEqual([413, expect.stringContaining('64 MB')])
    expect([(await create('0')).status, (await create('-1')).status, (await create('many')).status]).toEqual([
      400, 400, 400,
    ])
    for (let n = 0; n < 40; n += 1) expect((await create('10')).status).toBe(201)
    const many = await create('10')
    expect([many.status, many.body]).toEqual([400, expect.stringContaining('40 pictures')])
  }, 60_000)

  test('what is no picture is refused with the reason, in the answer and for later', async () => {
    const [pass, bytes] = [passFor(), Buffer.from('%PDF-1.7 this is no picture')]
    const path = await begin(bytes.length, pass)
    const answer = await patch(path, 0, bytes)
    expect([answer.status, answer.body]).toEqual([400, expect.stringContaining('no picture')])
    expect(await offsetAt(path)).toBe(bytes.length)
    const [row] = await rowsOf(pass)
    expect(row).toMatchObject({
      state: 'refused',
      problem: { key: 'media.wrong.kind' },
      original: null,
      version: null,
    })
  })
})

test('the same picture twice on one page is kept once', async () => {
  const pass = passFor()
  for (let n = 0; n < 2; n += 1) {
    const path = await begin(jpeg.length, pass)
    expect((await patch(path, 0, jpeg)).status).toBe(204)
  }
  expect((await rowsOf(pass)).map((row) => row.state).toSorted()).toEqual(['purged', 'received'])
})

test('nothing more is taken in for what is held for somebody, also with a pass from before; it is as it was', async () => {
  const [pass, until] = [passFor(), new Date(Date.now() + 86_400_000)]
  const path = await begin(jpeg.length, pass)
  await patch(path, 0, jpeg.subarray(0, 100))
  await db
    .insertInto('holds')
    .values({ surface: surfaceOf(pass), until })
    .execute()
  const before = await rowsOf(pass)
  const headers = { 'upload-length': '10', 'upload-metadata': metadata(pass) }
  const form = new FormData()
  form.set('pass', pass)
  form.append('pictures', new File([new Uint8Array(jpeg)], 'a.jpg'))
  const { origin } = door
  const answers = [
    await ask({ method: 'POST', headers }),
    await patch(path, 100, jpeg.subarray(100)),
    await ask({ method: 'DELETE', path }),
  ]
  expect(answers.map(({ status }) => status)).toEqual([409, 409, 409])
  await fetch(`${origin}/upload/form`, {
    method: 'POST',
    body: form,
    redirect: 'manual',
    headers: { origin },
  })
  expect(await rowsOf(pass)).toEqual(before)
})
