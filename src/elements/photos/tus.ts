/** What goes wrong so that trying again helps nothing: the words say what. */
export class Refused extends Error {}

export interface Sending {
  /** Where uploads begin, "/upload". */
  endpoint: string
  pass: string
  /** Where this file began to be sent before, if it did. */
  address: string | null
  /** Told as soon as the file has an address; kept, so that it can go on after a browser was closed. */
  began: (address: string) => void
  /** Told how many bytes are there for certain. */
  progress: (sent: number) => void
  /** Told that it waits for a line, and that it goes on. */
  waiting: (waits: boolean) => void
  /** Ends when trying again makes sense: after a while, or when there is a line again. */
  pause: (times: number) => Promise<void>
  signal: AbortSignal
  ask?: typeof fetch
}

/** How large the pieces are, bytes: small ones on a slow line, so that whoever waits sees it go on and little is sent twice. */
const [smallest, largest] = [256 * 1024, 4 * 1024 * 1024]
/** How long a piece should take, milliseconds. */
const [quick, slow] = [1000, 4000]

/** Answers how large the next piece is, by how long the last one took. */
export function nextPiece(bytes: number, took: number): number {
  if (took < quick) return Math.min(largest, bytes * 2)
  return took > slow ? Math.max(smallest, bytes / 2) : bytes
}

const own = { 'tus-resumable': '1.0.0' }
/** Answers to which trying again is right: somebody else writes, the place was another one, the other side has a bad moment. */
const again = (status: number): boolean =>
  status === 409 || status === 423 || status === 429 || (status >= 500 && status !== 507)

type Init = { method: string; headers?: Record<string, string>; body?: Blob }

/** Asks once. No line, or an answer that means "not now", is null; a no that stays one throws its words. */
async function ask(sending: Sending, address: string, init: Init): Promise<Response | null> {
  const send = sending.ask ?? fetch
  // Older phones cannot join two signals.
  const late = new AbortController()
  const stop = (): void => late.abort(sending.signal.reason)
  const timer = setTimeout(() => late.abort(), 120_000)
  sending.signal.addEventListener('abort', stop)
  let answer: Response
  try {
    sending.signal.throwIfAborted()
    answer = await send(address, {
      ...init,
      headers: { ...own, ...init.headers },
      signal: late.signal,
    })
  } catch (error) {
    if (sending.signal.aborted) throw error
    return null
  } finally {
    clearTimeout(timer)
    sending.signal.removeEventListener('abort', stop)
  }
  if (answer.ok) return answer
  if (again(answer.status)) return null
  throw new Refused((await answer.text()).trim())
}

/** Asks until there is an answer, with pauses that grow. */
async function keepAsking(sending: Sending, step: () => Promise<Response | null>): Promise<Response> {
  for (let times = 0; ; times += 1) {
    const answer = await step()
    if (answer) {
      if (times > 0) sending.waiting(false)
      return answer
    }
    sending.waiting(true)
    await sending.pause(times)
    sending.signal.throwIfAborted()
  }
}

async function begin(sending: Sending, bytes: number): Promise<string> {
  const headers = { 'upload-length': String(bytes), 'upload-metadata': `pass ${btoa(sending.pass)}` }
  const answer = await keepAsking(sending, () => ask(sending, sending.endpoint, { method: 'POST', headers }))
  const address = new URL(answer.headers.get('location') ?? '', answer.url || location.href).href
  sending.began(address)
  return address
}

/** Asks how far an upload is; null when it is known no more. */
async function offsetAt(sending: Sending, address: string): Promise<number | null> {
  try {
    const answer = await keepAsking(sending, () => ask(sending, address, { method: 'HEAD' }))
    return Number(answer.headers.get('upload-offset') ?? 0)
  } catch (error) {
    if (error instanceof Refused) return null
    throw error
  }
}

/** Sends a file to its end, in pieces, from where it was cut before; goes on trying while there is no line. Answers what it is known by from now on, when that was told. Throws `Refused` with words for whoever sends. */
export async function sendFile(file: Blob, sending: Sending): Promise<string | null> {
  let address = sending.address
  let at = address === null ? null : await offsetAt(sending, address)
  if (address === null || at === null) {
    address = await begin(sending, file.size)
    at = 0
  }
  let pauses = 0
  let piece = smallest
  let id: string | null = null
  while (at < file.size) {
    sending.progress(at)
    const headers = { 'content-type': 'application/offset+octet-stream', 'upload-offset': String(at) }
    const body = file.slice(at, at + piece)
    const began = performance.now()
    const answer = await ask(sending, address, { method: 'PATCH', headers, body })
    if (answer) {
      pauses = 0
      piece = nextPiece(piece, performance.now() - began)
      at = Number(answer.headers.get('upload-offset') ?? at + body.size)
      id = answer.headers.get('upload-id')
      continue
    }
    piece = smallest
    // Perhaps a part of the piece arrived; the other side says how much, when it can be asked.
    sending.waiting(true)
    await sending.pause((pauses += 1) - 1)
    sending.signal.throwIfAborted()
    const known: number | null = await offsetAt(sending, address)
    if (known === null) throw new Refused('')
    at = known
    sending.waiting(false)
  }
  sending.progress(file.size)
  return id
}

/** Seconds to wait before trying again: short at first, never more than half a minute. */
export const pauseSeconds = (times: number): number => Math.min(30, 2 ** times)
