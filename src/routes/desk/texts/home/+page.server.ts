import * as v from 'valibot'
import { missing } from '#kernel/refusal.ts'
import { mayChangeSite } from '#site/may.ts'
import { siteSettings } from '#site/server/reads.ts'
import { saveHomeWords } from '#site/server/writes.ts'
import { homeInput, homeWords, questionLines } from '#site/settings.ts'
import { act } from '../../../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, url }) => {
  if (!mayChangeSite(locals.viewer)) throw missing()
  const settings = await siteSettings(locals.db)
  const { lead, questions } = homeWords(settings, locals.language)
  const values: Record<string, string> = { lead, questions: questionLines(questions) }
  return {
    values,
    own: Object.hasOwn(settings.home, locals.language),
    saved: url.searchParams.has('saved'),
  }
}

const back = (): string => '/desk/texts/home?saved'

export const actions: Actions = {
  save: (event) =>
    act(
      homeInput,
      (db, viewer, words, now) => saveHomeWords(db, viewer, { language: event.locals.language, words }, now),
      back,
    )(event),
  reset: (event) =>
    act(
      v.object({}),
      (db, viewer, _input, now) =>
        saveHomeWords(db, viewer, { language: event.locals.language, words: null }, now),
      back,
    )(event),
}
