import { missing } from '#kernel/refusal.ts'
import { ownTexts, pageText } from '#site/server/reads.ts'
import { saveText } from '#site/server/writes.ts'
import { pageNames, textInput } from '#site/settings.ts'
import { act } from '../../../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const own = await ownTexts(locals.db, locals.viewer, locals.language)
  const name = pageNames.find((one) => one === params.name)
  if (!name) throw missing()
  return {
    name,
    body: (await pageText(locals.db, name, locals.language)) ?? '',
    own: own.some((text) => text.name === name),
    saved: url.searchParams.has('saved'),
  }
}

export const actions: Actions = {
  default: (event) =>
    act(
      textInput,
      (db, viewer, input, now) => saveText(db, viewer, { ...input, language: event.locals.language }, now),
      () => `/desk/texts/${event.params.name}?saved`,
    )(event),
}
