import { createHash } from 'node:crypto'
import { renderSVG } from 'uqr'
import { missing } from '#kernel/refusal.ts'
import { kitItem, kitShapes, type Kit } from '#kits/kit.ts'
import { kitOf } from '#kits/server/reads.ts'
import { makeKit } from '#kits/server/make.ts'
import { typesetter } from '../../../typesetter.ts'
import type { RequestHandler } from './$types'

const types = { pdf: 'application/pdf', png: 'image/png', svg: 'image/svg+xml' }

async function bytesOf(kit: Kit, file: string): Promise<{ bytes: Uint8Array; type: keyof typeof types }> {
  if (file === 'qr.svg') {
    return { bytes: Buffer.from(renderSVG(kit.address, { ecc: 'Q', border: 4 })), type: 'svg' }
  }
  const item = kitItem(file)
  if (!item) throw missing()
  return { bytes: await makeKit(typesetter, kit, item), type: kitShapes[item].as }
}

/** Made anew from what the page says at this moment; a browser that has it already is told so without making it. */
export const GET: RequestHandler = async ({ locals, params, url, request }) => {
  const { db, language, now } = locals
  if (params.file !== 'qr.svg' && !kitItem(params.file)) throw missing()
  const kit = await kitOf(db, { slug: params.slug, site: url.origin, language }, now)
  const etag = `"${createHash('sha256')
    .update(JSON.stringify([kit, params.file]))
    .digest('base64url')
    .slice(0, 22)}"`
  const headers = { etag, 'cache-control': 'private, no-cache', 'x-robots-tag': 'noindex' }
  if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers })
  const { bytes, type } = await bytesOf(kit, params.file)
  return new Response(new Uint8Array(bytes), {
    headers: {
      ...headers,
      'content-type': types[type],
      'content-length': String(bytes.length),
      'content-disposition': `inline; filename="${params.slug}-${params.file}"`,
      'content-security-policy': "default-src 'none'",
    },
  })
}
