import { Busboy, type BusboyFileStream, type BusboyHeaders } from '@fastify/busboy'
import { rm } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { refuseHeld } from '#consent/server/reads/holds.ts'
import { mostBytes, mostFiles } from '#kernel/pictures.ts'
import { Refusal } from '#kernel/refusal.ts'
import { namesCookie, namesHeader, returnAddress, type FileNames, type Receipt } from '#media/receipt.ts'
import type { Pass } from '#media/server/pass.ts'
import { checkBytes, checkPass, takeFile } from '#media/server/writes/receive.ts'
import { appendTo, hasRoom, newPart } from '#platform/server/receiving.ts'
import { always } from '#web-answers.ts'
import type { UploadDoor } from '#web-uploads.ts'

/** How long somebody who sends may be silent, milliseconds. */
const silence = 60_000

/** What is known of a form while it comes: its fields stand before its files. */
type Coming = {
  pass: string
  back: string
  allowed: Pass | Refusal | null
  receipt: Receipt
  /** What those that were not taken are called, only for whoever sends them. */
  names: FileNames
}

/** Lets a file through to the disk and takes it in; what is wrong with it is noted for whoever sent it. */
async function takeOne(
  door: UploadDoor,
  coming: Coming,
  client: string,
  { file, name }: { file: BusboyFileStream; name: string },
): Promise<void> {
  const at = (coming.receipt.of += 1)
  const path = join(door.to.folder, newPart())
  try {
    const pass = await passOf(door, coming, client)
    if (at > mostFiles) throw new Refusal('invalid', 'media.wrong.count', { most: mostFiles })
    if (!(await hasRoom(door.to.folder, mostBytes))) throw new Refusal('conflict', 'media.full')
    const {
      at: bytes,
      cut,
      tooMuch,
    } = await appendTo(path, 0, file.iterator({ destroyOnReturn: false }), {
      most: mostBytes,
    })
    if (cut) throw new Refusal('invalid', 'media.wrong.cut')
    // A field for a file that was left empty sends one without bytes and without a name.
    if (bytes === 0 && !tooMuch) {
      if (name !== '') throw new Refusal('invalid', 'media.photos.empty')
      coming.receipt.of -= 1
      return
    }
    checkBytes(tooMuch ? mostBytes + 1 : bytes)
    const refusal = await takeFile(door.db, door.to, { pass, path, bytes }, new Date())
    if (refusal) throw refusal
    coming.receipt.received += 1
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    coming.receipt.refused.push({ key: error.key, params: error.params, at })
    coming.names[at] = name
  } finally {
    file.resume()
    await rm(path, { force: true })
  }
}

/** Asks once for the whole form whether its pass works. */
async function passOf(door: UploadDoor, coming: Coming, client: string): Promise<Pass> {
  if (coming.allowed instanceof Refusal) throw coming.allowed
  try {
    const pass = await checkPass(door.db, { pass: coming.pass, client }, new Date())
    await refuseHeld(door.db, pass.surface, new Date())
    coming.allowed = pass
    return pass
  } catch (error) {
    if (error instanceof Refusal) coming.allowed = error
    throw error
  }
}

/** Reads a form as it comes; answers when all of it has been taken in, or when it was cut off. */
function readForm(door: UploadDoor, request: IncomingMessage, coming: Coming): Promise<void> {
  const client = door.whence.client(request)
  const parser = new Busboy({
    headers: request.headers as BusboyHeaders,
    limits: { fileSize: mostBytes + 1, fieldSize: 2000, fields: 20, files: 2 * mostFiles, headerPairs: 50 },
  })
  let taking: Promise<void> = Promise.resolve()
  const open = new Set<BusboyFileStream>()
  const cut = (): void => {
    for (const file of open) file.destroy(Object.assign(new Error('cut'), { code: 'ECONNRESET' }))
  }
  return new Promise((done, failed) => {
    parser.on('field', (name, value) => {
      if (name === 'pass') coming.pass = value
      if (name === 'return') coming.back = value
    })
    parser.on('file', (_, file, filename) => {
      open.add(file)
      // What goes wrong comes out where the file is read.
      file.on('error', () => undefined).once('close', () => open.delete(file))
      taking = taking.then(() => takeOne(door, coming, client, { file, name: filename ?? '' }))
      taking.catch(failed)
    })
    const end = async (): Promise<void> => {
      try {
        await taking
        done()
      } catch (error) {
        failed(error)
      }
    }
    parser.once('finish', () => void end())
    parser.once('error', () => {
      cut()
      void end()
    })
    request.once('close', () => {
      if (!request.complete) parser.destroy(new Error('cut'))
    })
    request.setTimeout(silence, () => request.destroy())
    request.pipe(parser)
  })
}

/** Takes pictures from a plain form (fields "pass" and "return" before the files) and sends the browser back to where it came from, with what was kept and what was not, and why. */
export async function answerUploadForm(
  door: UploadDoor,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const origin = door.whence.origin(request)
  const plain = { ...always, 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }
  if (request.method !== 'POST') {
    response.writeHead(405, { ...plain, allow: 'POST' }).end('Pictures are sent here from a form.\n')
    return
  }
  if (request.headers.origin !== origin) {
    response.writeHead(403, plain).end('This form belongs to another page.\n')
    return
  }
  if (!/^multipart\/form-data;.*boundary=/i.test(request.headers['content-type'] ?? '')) {
    response.writeHead(415, plain).end('A form with files is expected here.\n')
    return
  }
  const coming: Coming = {
    pass: '',
    back: '/',
    allowed: null,
    receipt: { received: 0, of: 0, refused: [] },
    names: {},
  }
  await readForm(door, request, coming)
  const location = returnAddress(coming.back, origin, coming.receipt)
  const known = coming.receipt.refused.length > 0 || request.headers.cookie?.includes(`${namesCookie}=`)
  const names = namesHeader(coming.names, location, origin.startsWith('https:'))
  const headers = { ...always, location, 'cache-control': 'no-store', ...(known && { 'set-cookie': names }) }
  response.writeHead(303, headers).end()
}
