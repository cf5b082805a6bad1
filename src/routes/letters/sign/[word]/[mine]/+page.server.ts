import { signatureInput } from '#letters/own.ts'
import { officesSaid } from '#letters/server/reads/replies.ts'
import { letterToSign, signatureBy } from '#letters/server/reads/sign.ts'
import { confirmSignature, takeBackSignature, tellNoMore } from '#letters/server/writes/sign.ts'
import { act } from '../../../../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params }) => {
  const [letter, signature] = await Promise.all([
    letterToSign(locals.db, params.word),
    signatureBy(locals.db, params),
  ])
  return {
    signature,
    said: letter && signature?.confirmed ? await officesSaid(locals.db, letter.id) : [],
    closed: letter?.closed ?? true,
    letter: letter && {
      title: letter.title,
      words: letter.words,
      name: letter.name,
      lines: letter.lines,
      greeting: letter.greeting,
      closing: letter.closing,
      language: letter.language,
    },
  }
}

export const actions: Actions = {
  confirm: act(signatureInput, confirmSignature, () => ({ done: 'confirmed' as const })),
  quiet: act(signatureInput, tellNoMore, () => ({ done: 'quiet' as const })),
  back: act(signatureInput, takeBackSignature, () => ({ done: 'taken-back' as const })),
}
