import { missing } from '#kernel/refusal.ts'
import { signInput } from '#letters/own.ts'
import { letterToSign } from '#letters/server/reads/sign.ts'
import { signLetter } from '#letters/server/writes/sign.ts'
import { act } from '../../../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const letter = await letterToSign(locals.db, params.word)
  if (!letter) throw missing()
  const { id: _, ...shown } = letter
  return {
    letter: shown,
    sent: url.searchParams.has('sent'),
    formKey: crypto.randomUUID(),
    email: locals.viewer.email ?? '',
    name: locals.viewer.name ?? '',
  }
}

export const actions: Actions = {
  sign: (event) =>
    act(
      signInput,
      (db, viewer, input, now) => signLetter(db, viewer, { ...input, from: event.getClientAddress() }, now),
      () => `/letters/sign/${event.params.word}?sent`,
    )(event),
}
