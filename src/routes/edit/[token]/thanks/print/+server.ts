import * as v from 'valibot'
import { isMessageKey } from '#kernel/messages.ts'
import { Refusal } from '#kernel/refusal.ts'
import { mostNames, thanksForm } from '#kits/certificate.ts'
import { makeCertificates } from '#kits/server/certificates.ts'
import { readBody, readForm } from '../../../../act.ts'
import { pdfAnswer, sayWhyNot } from '../../../../pdf-answer.ts'
import { typesetter } from '../../../../typesetter.ts'
import type { RequestHandler } from './$types'

export const POST: RequestHandler = ({ locals, params, request, url }) =>
  sayWhyNot(locals.language, async () => {
    const { db, language, now } = locals
    const body = await readBody(request)
    const read = v.safeParse(thanksForm, body ? readForm(body) : {})
    if (!read.success) {
      const { message } = read.issues[0]
      throw new Refusal('invalid', isMessageKey(message) ? message : 'thanks.needed', { most: mostNames })
    }
    const order = { ...read.output, token: params.token, site: url.origin, language }
    return pdfAnswer(await makeCertificates(db, typesetter, order, now), 'thanks')
  })
