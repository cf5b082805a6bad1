import { acceptInput, declineInput } from '#letters/correction.ts'
import { mayKeepDirectory } from '#letters/may.ts'
import { openCorrections } from '#letters/server/reads/directory.ts'
import { acceptCorrection, declineCorrection } from '#letters/server/writes/corrections.ts'
import { textIn } from '#kernel/messages.ts'
import { act } from '../../act.ts'
import { sayAge } from '../age.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals }) => {
  const { db, viewer, now, language } = locals
  const text = textIn(language)
  const corrections = await openCorrections(db, viewer, now)
  return {
    keeps: mayKeepDirectory(viewer),
    corrections: corrections.map(({ created, person: _p, post: _o, organisation: _b, ...one }) => ({
      ...one,
      guess: /^\S+@\S+$/.test(one.words.trim()) ? ('email' as const) : ('address' as const),
      age: sayAge(created, now, text),
      old: now.getTime() - created.getTime() > 86_400_000,
    })),
  }
}

export const actions: Actions = {
  accept: act(acceptInput, acceptCorrection, ({ gone }) => ({ gone })),
  decline: act(declineInput, declineCorrection, ({ gone }) => ({ gone })),
}
