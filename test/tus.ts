import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Agent, request as send, type ClientRequest, type IncomingMessage } from 'node:http'
import { buffer, text } from 'node:stream/consumers'
import { afterAll, expect } from 'vitest'
import { uploadPass } from '#media/server/pass.ts'
import { testDatabase } from './db.ts'
import { kinds } from './pictures/files.ts'
import { openDoor } from './upload-door.ts'

export const db = await testDatabase()
export const root = mkdtempSync(join(tmpdir(), 'abe-uploads-'))
export const door = await openDoor(db, root)
/** As browsers do: a connection stays when an answer comes before all was sent. */
const agent = new Agent({ keepAlive: true })
afterAll(async () => {
  agent.destroy()
  await door.close()
  rmSync(root, { recursive: true, force: true })
})

export const jpeg = await kinds.jpeg()
/** A file of a size that begins like a picture. */
export const file = (size: number): Buffer =>
  Buffer.concat([jpeg, randomBytes(Math.max(0, size - jpeg.length))])
export const passFor = (surface = randomUUID()): string => uploadPass(surface, null, null, new Date())
export const surfaceOf = (pass: string): string => pass.split('.')[0] ?? ''
export const metadata = (pass: string): string => `filename ${btoa('Sam at home.jpg')},pass ${btoa(pass)}`

export type Sent = { status: number; headers: IncomingMessage['headers']; body: string }
export type Sending = {
  method: string
  path?: string
  headers?: Record<string, string>
  body?: Buffer
  origin?: string
}

export async function ask({
  method,
  path = '/upload',
  headers = {},
  body,
  origin = door.origin,
}: Sending): Promise<Sent> {
  const request = send(origin + path, {
    method,
    headers: { 'tus-resumable': '1.0.0', ...headers },
    agent,
  })
  request.end(body)
  const [answer] = (await once(request, 'response')) as [IncomingMessage]
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: await text(answer) }
}

export async function begin(bytes: number, pass = passFor(), origin = door.origin): Promise<string> {
  const headers = { 'upload-length': String(bytes), 'upload-metadata': metadata(pass) }
  const answer = await ask({ method: 'POST', headers, origin })
  expect(answer.status).toBe(201)
  return answer.headers.location ?? ''
}
export const octets = { 'content-type': 'application/offset+octet-stream' }
export const patch = (
  path: string,
  offset: number,
  body: Buffer,
  more: Partial<Sending> = {},
): Promise<Sent> =>
  ask({
    method: 'PATCH',
    path,
    body,
    ...more,
    headers: { ...octets, 'upload-offset': String(offset), ...more.headers },
  })
export const offsetAt = async (path: string, origin = door.origin): Promise<number> =>
  Number((await ask({ method: 'HEAD', path, origin })).headers['upload-offset'])

/** Begins to send the rest of a file and stays in the middle of it. */
export function startSending(
  path: string,
  offset: number,
  rest: Buffer,
  origin = door.origin,
): ClientRequest {
  const request = send(origin + path, {
    method: 'PATCH',
    agent: false,
    headers: {
      'tus-resumable': '1.0.0',
      ...octets,
      'upload-offset': String(offset),
      'content-length': rest.length,
    },
  })
  // Tests cut it off; that is no error of theirs.
  request.on('error', () => undefined)
  return request
}

export const rowsOf = (pass: string) =>
  db
    .selectFrom('uploads as u')
    .leftJoin('versions as v', 'v.upload', 'u.id')
    .select([
      'u.id',
      'u.state',
      'u.original',
      'u.sha256',
      'u.bytes',
      'u.problem',
      'u.received',
      'v.state as version',
      'v.position',
    ])
    .where('u.surface', '=', surfaceOf(pass))
    .orderBy('u.created')
    .execute()
export const stored = async (original: string | null | undefined): Promise<string> => {
  const found = await door.store.get('originals', original ?? '')
  return createHash('sha256')
    .update(found ? await buffer(found.body) : '')
    .digest('hex')
}
export const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
