import { pipeline, Readable } from 'node:stream'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createGzip, gzipSync } from 'node:zlib'
import type { KeptPage } from '#platform/server/page-cache.ts'

/** What every answer says. */
export const always: Record<string, string> = {
  'referrer-policy': 'strict-origin-when-cross-origin',
  'x-content-type-options': 'nosniff',
  'permissions-policy': 'interest-cohort=(), camera=(), microphone=()',
  'cross-origin-opener-policy': 'same-origin',
}

const takesGzip = (request: IncomingMessage): boolean =>
  /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')
const compressible = /^(text\/|application\/(json|geo\+json|problem\+json|atom\+xml|xml|ld\+json)|image\/svg)/

/** Sends a page or file that lies ready, or that it has not changed. */
export function sendKept(request: IncomingMessage, response: ServerResponse, page: KeptPage): void {
  if (request.headers['if-none-match']?.includes(page.etag)) {
    response.writeHead(304, page.heads.unchanged).end()
    return
  }
  const small = takesGzip(request)
  response.writeHead(200, small ? page.heads.gzip : page.heads.plain)
  response.end(request.method === 'HEAD' ? undefined : small ? page.gzip : page.plain)
}

/** Bodies whose length is known and no longer than this are compressed in one go: a stream for each costs half a page's work again. */
const inOneGo = 256 * 1024

/** Sends an answer that was made for this request, compressed where that is taken. */
export async function sendFresh(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Response,
  plainly: (response: ServerResponse, answer: Response) => void,
): Promise<void> {
  answer.headers.delete('x-keep-until')
  const type = answer.headers.get('content-type') ?? ''
  if (!answer.body || request.method === 'HEAD' || !takesGzip(request) || !compressible.test(type)) {
    plainly(response, answer)
    return
  }
  const length = Number(answer.headers.get('content-length') ?? Infinity)
  answer.headers.delete('content-length')
  const headers: Record<string, string | string[]> = Object.fromEntries(answer.headers)
  const cookies = answer.headers.getSetCookie()
  if (cookies.length > 0) headers['set-cookie'] = cookies
  headers['content-encoding'] = 'gzip'
  headers['vary'] = 'Accept-Encoding, Cookie'
  if (length <= inOneGo) {
    const small = gzipSync(Buffer.from(await answer.arrayBuffer()), { level: 2 })
    response.writeHead(answer.status, { ...headers, 'content-length': small.length }).end(small)
    return
  }
  response.writeHead(answer.status, headers)
  pipeline(
    Readable.fromWeb(answer.body as import('node:stream/web').ReadableStream),
    createGzip({ level: 2 }),
    response,
    () => {
      // A reader who goes away in the middle is no error of ours.
    },
  )
}
