import { once } from 'node:events'
import { spawn } from 'node:child_process'
import type { IncomingMessage } from 'node:http'
import { createInterface } from 'node:readline'
import { Upload } from 'tus-js-client'
import { afterAll, describe, expect, test } from 'vitest'
import {
  begin,
  db,
  door,
  file,
  hashOf,
  offsetAt,
  passFor,
  patch,
  root,
  rowsOf,
  startSending,
  stored,
  surfaceOf,
} from '../test/tus.ts'
import { openDoor } from '../test/upload-door.ts'

let storeFails = 0
const failing = await openDoor(db, root, {
  putFile: async (space, key, path) => {
    if (storeFails > 0) {
      storeFails -= 1
      throw new Error('the store is away')
    }
    await door.store.putFile(space, key, path)
  },
})
afterAll(() => failing.close())

describe('an upload', () => {
  test('goes on where it was cut, also from another browser a good while later', async () => {
    const [pass, bytes] = [passFor(), file(12_000_000)]
    const path = await begin(bytes.length, pass)
    const request = startSending(path, 0, bytes)
    request.write(bytes.subarray(0, 7_000_000))
    await expect.poll(() => offsetAt(path)).toBeGreaterThanOrEqual(4 * 1024 * 1024)
    request.destroy()
    const writer = () =>
      db.selectFrom('uploads').select('writer').where('surface', '=', surfaceOf(pass)).executeTakeFirst()
    await expect.poll(writer).toEqual({ writer: null })
    expect(await offsetAt(path)).toBeGreaterThanOrEqual(4 * 1024 * 1024)
    const uploadUrl = door.origin + path
    await new Promise<void>((done, failed) =>
      new Upload(bytes, {
        uploadUrl,
        chunkSize: 4_000_000,
        onError: failed,
        onSuccess: () => done(),
      }).start(),
    )
    const [row] = await rowsOf(pass)
    expect(row?.state).toBe('received')
    expect(await stored(row?.original)).toBe(hashOf(bytes))
    expect(await offsetAt(path)).toBe(bytes.length)
  }, 60_000)

  test('of two that send the same at once one is let in, and the file is right', async () => {
    const [pass, bytes] = [passFor(), file(6_000_000)]
    const path = await begin(bytes.length, pass)
    const slow = startSending(path, 0, bytes)
    const slowly = once(slow, 'response') as Promise<[IncomingMessage]>
    slow.write(bytes.subarray(0, 5_000_000))
    await expect.poll(() => offsetAt(path)).toBeGreaterThan(0)
    const at = await offsetAt(path)
    expect((await patch(path, at, bytes.subarray(at))).status).toBe(423)
    expect((await patch(path, 0, file(6_000_000))).status).toBe(409)
    slow.end(bytes.subarray(5_000_000))
    expect((await slowly)[0].statusCode).toBe(204)
    const other = await begin(bytes.length)
    const both = await Promise.all([patch(other, 0, bytes), patch(other, 0, bytes)])
    expect(both.map((answer) => answer.status).filter((status) => status === 204)).toHaveLength(1)
    expect(both.every((answer) => [204, 409, 423].includes(answer.status))).toBe(true)
    expect(await stored((await rowsOf(pass))[0]?.original)).toBe(hashOf(bytes))
  }, 60_000)

  test('the last bytes count only when the store has the file', async () => {
    storeFails = 1
    const [pass, bytes] = [passFor(), file(2_000_000)]
    const path = await begin(bytes.length, pass, failing.origin)
    expect((await patch(path, 0, bytes, { origin: failing.origin })).status).toBe(500)
    const at = await offsetAt(path, failing.origin)
    expect(at).toBe(bytes.length - 1)
    expect((await rowsOf(pass))[0]?.state).toBe('receiving')
    expect((await patch(path, at, bytes.subarray(at), { origin: failing.origin })).status).toBe(204)
    expect(await stored((await rowsOf(pass))[0]?.original)).toBe(hashOf(bytes))
  })

  test('a web process that is killed in the middle loses nothing that it acknowledged', async () => {
    const start = async (): Promise<{ origin: string; kill: () => Promise<void> }> => {
      const child = spawn(process.execPath, ['test/programs/take-uploads.ts', root, db.url], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const { value } = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next()
      const gone = once(child, 'exit')
      return { origin: String(value), kill: async () => void (child.kill('SIGKILL'), await gone) }
    }
    const [pass, bytes] = [passFor(), file(14_000_000)]
    const first = await start()
    const path = await begin(bytes.length, pass, first.origin)
    const request = startSending(path, 0, bytes, first.origin)
    request.write(bytes.subarray(0, 10_000_000))
    await expect.poll(() => offsetAt(path, first.origin)).toBeGreaterThanOrEqual(8 * 1024 * 1024)
    const acknowledged = await offsetAt(path, first.origin)
    await first.kill()
    const second = await start()
    const at = await offsetAt(path, second.origin)
    expect(at).toBeGreaterThanOrEqual(acknowledged)
    // Whoever was killed still holds the upload for a short while; it is not waited for here.
    await db
      .updateTable('uploads')
      .set({ writerUntil: new Date(0) })
      .where('surface', '=', surfaceOf(pass))
      .execute()
    expect((await patch(path, at, bytes.subarray(at), { origin: second.origin })).status).toBe(204)
    expect(await stored((await rowsOf(pass))[0]?.original)).toBe(hashOf(bytes))
    await second.kill()
  }, 60_000)
})
