import * as v from 'valibot'
import { Refusal } from '#kernel/refusal.ts'
import { textIn, isMessageKey } from '#kernel/messages.ts'
import { mostNames, thanksForm } from '#kits/certificate.ts'
import { makeCertificates } from '#kits/server/certificates.ts'
import { readBody, readForm } from '../../../../act.ts'
import { textAnswer } from '../../../../text-answer.ts'
import { typesetter } from '../../../../typesetter.ts'
import type { RequestHandler } from './$types'

/** Answers the file, or in plain words why there is none: it stands in a tab of its own, and the names are still in the page beside it. */
export const POST: RequestHandler = async ({ locals, params, request, url }) => {
  const { db, language, now } = locals
  const kept = { 'cache-control': 'private, no-store' }
  try {
    const body = await readBody(request)
    const read = v.safeParse(thanksForm, body ? readForm(body) : {})
    if (!read.success) {
      const { message } = read.issues[0]
      throw new Refusal('invalid', isMessageKey(message) ? message : 'thanks.needed', { most: mostNames })
    }
    const order = { ...read.output, token: params.token, site: url.origin, language }
    const bytes = await makeCertificates(db, typesetter, order, now)
    return new Response(new Uint8Array(bytes), {
      headers: {
        ...kept,
        'content-type': 'application/pdf',
        'content-length': String(bytes.length),
        'content-disposition': 'inline; filename="thanks.pdf"',
      },
    })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const words = `${textIn(language)(error.key, error.params)}\n`
    return textAnswer(words, { ...kept, 'content-type': 'text/plain; charset=utf-8' }, error.status)
  }
}
