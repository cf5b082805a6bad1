import { missing } from '#kernel/refusal.ts'
import { onPaper, setOwnLetter } from '#letters/server/paper/sheets.ts'
import { letterBy } from '#letters/server/reads/own.ts'
import { typesetter } from '../../typesetter.ts'
import { pdfAnswer, sayWhyNot } from '../../pdf-answer.ts'
import { wholeOf } from '../own-view.ts'
import type { RequestHandler } from './$types'

export const GET: RequestHandler = ({ locals, params }) =>
  sayWhyNot(locals.language, async () => {
    const letter = await letterBy(locals.db, params.token)
    if (!letter?.kept) throw missing()
    const whole = await wholeOf(locals, letter, letter.kept)
    return pdfAnswer(await setOwnLetter(typesetter, whole, onPaper(letter)), letter.deliveries[0]?.code)
  })
