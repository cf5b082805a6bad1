import type { IncomingMessage } from 'node:http'
import { mostBytes as mostImported } from '#activities/import-columns.ts'
import { mostBytes as mostOfDirectory } from '#letters/directory.ts'

const megabyte = 1024 * 1024
/** The largest body of an ordinary form, bytes; files may be larger, and a form around them a little more. */
const formBytes = megabyte / 2
const fileForms = new Map([
  ['/activities/import', mostImported + megabyte],
  ['/desk/directory/imports', mostOfDirectory + megabyte],
])

const pathOf = (request: IncomingMessage): string => (request.url ?? '/').split('?')[0] ?? '/'
/** Answers the most bytes that a request to its address may carry. */
export const mostOf = (request: IncomingMessage): number => fileForms.get(pathOf(request)) ?? formBytes

/** Answers whether a body says, or shows within its first bytes, that it is larger than its address takes. One that does not say its size is read up to the limit and kept for the page. */
export async function tooLarge(request: IncomingMessage): Promise<boolean> {
  const most = mostOf(request)
  const said = request.headers['content-length']
  if (said !== undefined) return Number(said) > most
  if (request.headers['transfer-encoding'] === undefined) return false
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += part.length
    if (size > most) return true
    parts.push(part)
  }
  whole.set(request, Buffer.concat(parts))
  return false
}
/** Bodies that did not say their size, once they were read. */
const whole = new WeakMap<IncomingMessage, Buffer>()

/** How long what is too large is still taken and thrown away, so that a browser which sends before it reads sees the answer. */
const drainFor = 20_000

/** Lets a page say the limit instead of reading what is larger; the rest is thrown away as it comes. */
export function largeRequest(request: IncomingMessage, origin: string): Request {
  request.on('error', () => {
    // Whoever sends too much may hang up in the middle of it.
  })
  request.resume()
  setTimeout(() => request.destroy(), drainFor).unref()
  const cookie = request.headers.cookie
  const asked = new URLSearchParams({ from: pathOf(request) })
  return new Request(
    `${origin}/too-large?${asked.toString()}`,
    cookie === undefined ? {} : { headers: { cookie } },
  )
}

/** Answers a body that did not say its size and was read because of it. */
export const bodyOf = (request: IncomingMessage): Buffer | undefined => whole.get(request)

/** Answers whether a request is the one that stands in for something too large. */
export const isLargeRequest = (request: Request): boolean => new URL(request.url).pathname === '/too-large'
