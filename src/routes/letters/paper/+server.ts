import * as v from 'valibot'
import { missing, Refusal } from '#kernel/refusal.ts'
import { mostTicked } from '#letters/letter.ts'
import { paperInput } from '#letters/own.ts'
import { onPaper, setOwnLetter } from '#letters/server/paper/sheets.ts'
import { rateHere } from '#letters/server/rate-here.ts'
import { letterBy } from '#letters/server/reads/own.ts'
import { tellMade } from '#letters/server/writes/own.ts'
import { countOrRefuse } from '#platform/server/rates.ts'
import { readBody, readForm } from '../../act.ts'
import { typesetter } from '../../typesetter.ts'
import { wholeOf } from '../own-view.ts'
import { pdfAnswer, sayWhyNot } from '../../pdf-answer.ts'
import type { RequestHandler } from './$types'

export const POST: RequestHandler = ({ locals, request, getClientAddress }) =>
  sayWhyNot(locals.language, async () => {
    const { db, viewer, now } = locals
    await countOrRefuse(db, rateHere('paper', getClientAddress(), 2), now)
    const body = await readBody(request)
    const read = v.safeParse(paperInput, body ? readForm(body) : {})
    if (!read.success) throw new Refusal('invalid', 'letters.paper-incomplete')
    const { token, delivery, ...words } = read.output
    const letter = await letterBy(db, token)
    const deliveries = letter ? onPaper(letter, delivery) : []
    if (!letter || deliveries.length === 0) throw missing()
    if (deliveries.length > mostTicked) {
      await countOrRefuse(db, { name: 'paper-run', of: getClientAddress(), most: 20, minutes: 60 }, now)
    }
    const bytes = await setOwnLetter(typesetter, await wholeOf(locals, letter, words), deliveries)
    await tellMade(db, viewer, { token, deliveries: deliveries.map((one) => one.id) }, now)
    return pdfAnswer(bytes, deliveries[0]?.code)
  })
