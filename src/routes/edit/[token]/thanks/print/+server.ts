import { redirect } from '@sveltejs/kit'
import * as v from 'valibot'
import { Refusal } from '#kernel/refusal.ts'
import { thanksForm } from '#kits/certificate.ts'
import { makeCertificates } from '#kits/server/certificates.ts'
import { readBody, readForm } from '../../../../act.ts'
import { pdfAnswer, sayWhyNot } from '../../../../pdf-answer.ts'
import { typesetter } from '../../../../typesetter.ts'
import type { RequestHandler } from './$types'

export const POST: RequestHandler = ({ locals, params, request, url }) => {
  const { db, language, now } = locals
  return sayWhyNot(language, async () => {
    const body = await readBody(request.clone())
    const read = v.safeParse(thanksForm, body ? readForm(body) : {})
    if (!read.success) return backToTheForm(params.token)
    const order = { ...read.output, token: params.token, site: url.origin, language }
    try {
      return pdfAnswer(await makeCertificates(db, typesetter, order, now), 'thanks')
    } catch (error) {
      if (error instanceof Refusal && error.field) return backToTheForm(params.token)
      throw error
    }
  })
}

/** What is wrong with a field stands at the field: the same form is sent once more, to the page that it came from. */
const backToTheForm = (token: string): never => redirect(307, `/edit/${token}/thanks`)
