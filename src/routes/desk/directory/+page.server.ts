import { acceptInput, declineInput, undoCorrectionInput } from '#letters/correction.ts'
import { mayKeepDirectory } from '#letters/may.ts'
import { acceptedCorrections, openCorrections } from '#letters/server/reads/directory.ts'
import { acceptCorrection, declineCorrection } from '#letters/server/writes/corrections.ts'
import { undoCorrection } from '#letters/server/writes/undo-correction.ts'
import { textIn } from '#kernel/messages.ts'
import { dayOf, sayDay } from '#kernel/times.ts'
import { act } from '../../act.ts'
import { sayAge } from '../age.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals }) => {
  const { db, viewer, now, language } = locals
  const text = textIn(language)
  const corrections = await openCorrections(db, viewer, now)
  return {
    keeps: mayKeepDirectory(viewer),
    accepted: (await acceptedCorrections(db, viewer, now)).map((one) => ({
      ...one,
      day: one.decided && sayDay(dayOf(one.decided, 'UTC'), language, true),
    })),
    corrections: corrections.map(({ created, person: _p, post: _o, organisation: _b, ...one }) => ({
      ...one,
      contacts: one.contacts.map(({ id, type, value }) => ({
        value: id,
        label: text(`letters.office.one.${type}`, { value: value.replaceAll('\n', ', ') }),
      })),
      guess: /^\S+@\S+$/.test(one.words.trim()) ? ('email' as const) : ('address' as const),
      age: sayAge(created, now, text),
      old: now.getTime() - created.getTime() > 86_400_000,
    })),
  }
}

export const actions: Actions = {
  accept: act(acceptInput, acceptCorrection, ({ gone }) => ({ gone })),
  undo: act(undoCorrectionInput, undoCorrection, ({ undone }) => ({ undone })),
  decline: act(declineInput, declineCorrection, ({ gone }) => ({ gone })),
}
