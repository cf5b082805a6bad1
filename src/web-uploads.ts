import type { IncomingMessage, ServerResponse } from 'node:http'
import { createHash } from 'node:crypto'
import { refuseHeld } from '#consent/server/reads/holds.ts'
import { textIn } from '#kernel/messages.ts'
import { mostBytes } from '#kernel/pictures.ts'
import { Refusal } from '#kernel/refusal.ts'
import { readPass } from '#media/server/pass.ts'
import { uploadAt } from '#media/server/reads.ts'
import {
  beginUpload,
  beginWriting,
  endWriting,
  finishUpload,
  giveUpUpload,
  keepWriting,
  type Receiver,
  type Writing,
} from '#media/server/writes/receive.ts'
import type { Db } from '#platform/server/db.ts'
import { appendTo, type Appended } from '#platform/server/receiving.ts'
import { always } from '#web-answers.ts'
import type { Whence } from '#web-from.ts'
import { answerUploadForm } from '#web-upload-form.ts'

export type UploadDoor = {
  db: Db
  to: Receiver
  whence: Whence
}

/** How long somebody who sends may be silent, milliseconds. What came until then is kept. */
const silence = 30_000

type Headers = Record<string, string>
/** What every answer of this address says, besides its own. */
const tus: Headers = { ...always, 'tus-resumable': '1.0.0', 'cache-control': 'no-store' }

const say = (response: ServerResponse, status: number, headers: Headers = {}, words = ''): void => {
  const type: Headers = words === '' ? {} : { 'content-type': 'text/plain; charset=utf-8' }
  response.writeHead(status, { ...tus, ...type, ...headers, 'content-length': Buffer.byteLength(words) })
  response.end(words)
}

const text = textIn('en')
const statusOf = (refusal: Refusal): number => {
  if (refusal.key === 'media.full') return 507
  if (refusal.key === 'media.wrong.bytes') return 413
  return refusal.status
}

const headerOf = (request: IncomingMessage, name: string): string | null => {
  const value = request.headers[name]
  return typeof value === 'string' ? value : null
}

/** A whole number as tus writes it; null for anything else. */
const numberIn = (words: string | null): number | null =>
  words !== null && /^\d{1,15}$/.test(words) ? Number(words) : null

/** Answers whether a request comes from a page of ours, or from a program that is no page at all. */
export function isOurs(request: IncomingMessage, origin: string): boolean {
  const site = headerOf(request, 'sec-fetch-site')
  const said = headerOf(request, 'origin')
  return (said === null || said === origin) && (site === null || site === 'same-origin' || site === 'none')
}

/** Reads what stands beside an upload: names with words in base64, of which only the pass counts. */
function passIn(metadata: string | null): string {
  const entry = (metadata ?? '').split(',').find((one) => one.trim().split(' ')[0] === 'pass')
  return Buffer.from(entry?.trim().split(' ')[1] ?? '', 'base64').toString('utf8')
}

async function create(door: UploadDoor, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const bytes = numberIn(headerOf(request, 'upload-length'))
  if (bytes === null) return say(response, 400, {}, 'An upload begins with its length.\n')
  const client = door.whence.client(request)
  const pass = passIn(headerOf(request, 'upload-metadata'))
  const surface = readPass(pass, new Date())?.surface
  if (surface !== undefined) await refuseHeld(door.db, surface, new Date())
  const { word, ends } = await beginUpload(door.db, door.to, { pass, client, bytes }, new Date())
  say(response, 201, { location: `/upload/${word}`, 'upload-expires': ends.toUTCString() })
}

async function tell(door: UploadDoor, word: string, response: ServerResponse): Promise<void> {
  const found = await uploadAt(door.db, word, new Date())
  if (!found) return say(response, 404)
  say(response, 200, {
    'upload-offset': String(found.received),
    'upload-length': String(found.bytes),
    'upload-expires': found.ends.toUTCString(),
  })
}

/** How a sum is named in a header of tus, and how by Node. */
const sums: Record<string, string> = { sha1: 'sha1', sha256: 'sha256', md5: 'md5' }

type Sum = { hash: ReturnType<typeof createHash>; wanted: string }
function sumIn(request: IncomingMessage): Sum | null | 'unknown' {
  const header = headerOf(request, 'upload-checksum')
  if (header === null) return null
  const [name = '', wanted = ''] = header.split(' ')
  const known = sums[name]
  return known === undefined ? 'unknown' : { hash: createHash(known), wanted }
}

async function receive(
  door: UploadDoor,
  request: IncomingMessage,
  writing: Writing,
  sum: Sum | null,
): Promise<Appended> {
  request.setTimeout(silence, () => request.destroy())
  const body: AsyncIterable<Buffer> = request.iterator({ destroyOnReturn: false })
  return appendTo(writing.path, writing.from, body, {
    most: writing.bytes,
    safe: (received) => {
      // Whole is only what is stored.
      const known = Math.min(received, writing.bytes - 1)
      return keepWriting(door.db, writing, { received: known }, new Date())
    },
    ...(sum ? { hash: sum.hash } : {}),
  })
}

/** Writes what comes, and keeps what of it counts; answers what to say, or null when nobody is there to hear it. */
async function write(
  door: UploadDoor,
  request: IncomingMessage,
  writing: Writing,
  sum: Sum | null,
): Promise<{ status: number; at: number } | null> {
  let at = writing.from
  try {
    const appended = await receive(door, request, writing, sum)
    const fits = sum === null || (!appended.cut && sum.hash.digest('base64') === sum.wanted)
    // A sum is of the whole of what was sent: of what was cut or does not fit nothing counts.
    if (fits || !sum) at = appended.at
    if (at === writing.bytes && !appended.tooMuch) {
      // Only whoever sends it knows what the file is called: they are told which one it is, and why.
      const refusal = await finishUpload(door.db, door.to, writing, new Date())
      if (refusal) throw refusal
    }
    if (appended.cut) return null
    return { status: appended.tooMuch ? 413 : fits ? 204 : 460, at }
  } finally {
    // The last byte counts only when the file is stored; then this has nothing left to say.
    const received = Math.min(at, writing.bytes - 1)
    await endWriting(door.db, writing, { received }, new Date())
  }
}

async function append(
  door: UploadDoor,
  word: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const offset = numberIn(headerOf(request, 'upload-offset'))
  const sum = sumIn(request)
  if (request.headers['content-type'] !== 'application/offset+octet-stream') return say(response, 415)
  if (offset === null) return say(response, 400, {}, 'Say from where on.\n')
  if (sum === 'unknown') return say(response, 400, {}, 'sha1, sha256 and md5 are known sums.\n')
  await refuseHeldUpload(door, word)
  const writing = await beginWriting(door.db, door.to, { word, offset }, new Date())
  if (writing === 'offset') return say(response, 409)
  if (writing === 'locked') return say(response, 423)
  const outcome = await write(door, request, writing, sum)
  if (!outcome) return
  // What came whole is known by its id from now on: the page tells by it what became of which file.
  const known: Headers = outcome.at === writing.bytes ? { 'upload-id': writing.id } : {}
  say(response, outcome.status, { 'upload-offset': String(outcome.at), ...known })
}

/** What is on its way to what somebody's worry keeps goes no further. */
async function refuseHeldUpload(door: UploadDoor, word: string): Promise<void> {
  const found = await uploadAt(door.db, word, new Date())
  if (found) await refuseHeld(door.db, found.surface, new Date())
}

async function giveUp(door: UploadDoor, word: string, response: ServerResponse): Promise<void> {
  await refuseHeldUpload(door, word)
  say(response, (await giveUpUpload(door.db, door.to, { word }, new Date())) ? 204 : 404)
}

const offer: Headers = {
  'tus-version': '1.0.0',
  'tus-extension': 'creation,expiration,termination,checksum',
  'tus-checksum-algorithm': Object.keys(sums).join(','),
  'tus-max-size': String(mostBytes),
  allow: 'OPTIONS, POST, HEAD, PATCH, DELETE',
}

async function answerTus(
  door: UploadDoor,
  word: string | null,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const method = headerOf(request, 'x-http-method-override') ?? request.method
  if (method === 'OPTIONS') return say(response, 204, offer)
  if (method === 'GET')
    return say(response, 405, offer, 'Pictures are sent here. Nothing can be read here.\n')
  if (headerOf(request, 'tus-resumable') !== '1.0.0') return say(response, 412, offer)
  if (word === null) return method === 'POST' ? create(door, request, response) : say(response, 405, offer)
  if (method === 'HEAD') return tell(door, word, response)
  if (method === 'PATCH') return append(door, word, request, response)
  if (method === 'DELETE') return giveUp(door, word, response)
  return say(response, 405, offer)
}

/** Answers /upload (tus 1.0) and /upload/form itself; false for every other address. Asks for a pass and a page of ours; everything is written to the disk as it comes. */
export async function answerUpload(
  door: UploadDoor,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const path = (request.url ?? '/').split('?')[0] ?? '/'
  const word = /^\/upload(?:\/([\w-]{32}))?$/.exec(path)
  if (!word && path !== '/upload/form') return false
  const origin = door.whence.origin(request)
  if (!isOurs(request, origin)) {
    say(response, 403, {}, `${text('refusal.forbidden')}\n`)
    return true
  }
  try {
    if (word) await answerTus(door, word[1] ?? null, request, response)
    else await answerUploadForm(door, request, response)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (!response.headersSent) say(response, statusOf(error), {}, `${text(error.key, error.params)}\n`)
  } finally {
    // Whoever still sends reads the answer only when somebody takes the rest.
    request.on('error', () => undefined).resume()
    const leave = (): void => void (request.complete || request.destroy())
    if (!request.complete) setTimeout(leave, silence).unref()
  }
  return true
}
