import type { RequestEvent } from '@sveltejs/kit'
import { renditionFor, type Pass } from '#consent/server/reads/rendition.ts'
import { formats, type Format } from '#kernel/pictures.ts'
import { missing } from '#kernel/refusal.ts'
import { siteStore } from '#platform/server/storage-site.ts'
import { Readable } from 'node:stream'

const named = /^([1-9]\d{0,4})\.(avif|webp|jpg)$/
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Reads "640.webp"; null for what can never be a rendition. */
function wanted(file: string): { width: number; format: Format } | null {
  const [, width, format] = named.exec(file) ?? []
  const known = formats.find((one) => one === format)
  return known ? { width: Number(width), format: known } : null
}

/** What a Range header asks of so many bytes; null for the whole, "wrong" for what is not in it. Of several parts the first counts. */
export function rangeOf(header: string | null, bytes: number): { from: number; to: number } | 'wrong' | null {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)(?:,|$)/.exec(header ?? '') ?? []
  if (first === '' && last === '') return null
  const from = first === '' ? Math.max(0, bytes - Number(last)) : Number(first)
  const to = first === '' || last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1)
  return from > to || from >= bytes ? 'wrong' : { from, to }
}

/** What is needed of a request. */
type Asking = Pick<RequestEvent, 'request'> & { locals: Pick<App.Locals, 'db' | 'viewer' | 'now'> }

/** Answers the bytes of a picture for whoever may see it now. Permission is asked before anything is said of it: whether it changed, how long it is, or that it is there at all. */
export async function sendPicture(
  { locals, request }: Asking,
  version: string,
  file: string,
  pass?: Pass,
): Promise<Response> {
  const wish = uuid.test(version) ? wanted(file) : null
  const found =
    wish &&
    (await renditionFor(locals.db, locals.viewer, { version, ...wish, ...(pass && { pass }) }, locals.now))
  if (!found) throw missing()
  const etag = `"${version}-${file}"`
  const headers = {
    'content-type': found.type,
    'cache-control': 'private, no-cache',
    'accept-ranges': 'bytes',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'",
    'cross-origin-resource-policy': 'same-origin',
    etag,
  }
  if (request.headers.get('if-none-match')?.includes(etag))
    return new Response(null, { status: 304, headers })
  const range = rangeOf(request.headers.get('range'), found.bytes)
  if (range === 'wrong') {
    return new Response(null, {
      status: 416,
      headers: { ...headers, 'content-range': `bytes */${found.bytes}` },
    })
  }
  const stored = await siteStore().get('renditions', found.key, range ?? undefined)
  if (!stored) throw missing()
  const body = request.method === 'HEAD' ? null : (Readable.toWeb(stored.body) as ReadableStream)
  if (body === null) stored.body.destroy()
  if (range === null) {
    return new Response(body, { headers: { ...headers, 'content-length': String(found.bytes) } })
  }
  return new Response(body, {
    status: 206,
    headers: {
      ...headers,
      'content-length': String(range.to - range.from + 1),
      'content-range': `bytes ${range.from}-${range.to}/${found.bytes}`,
    },
  })
}
